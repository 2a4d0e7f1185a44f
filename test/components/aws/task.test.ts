// The pure half of ECS: Fargate's sizes, what ECS would refuse, the comparison of what runs with what was
// planned, the order of rules, what the role that starts a task may do.

import * as assert from "uvu/assert";
import { executionStatements, repositoryArn } from "../../../components/aws/ecsroles.ts";
import { priorityOf } from "../../../components/aws/ecstarget.ts";
import { checkRunning } from "../../../components/aws/running.ts";
import { taskFaults } from "../../../components/aws/taskfaults.ts";
import {
  containerDefinition,
  fargateSize,
  type TaskValues,
} from "../../../components/aws/taskplan.ts";
import { suite } from "../../support/suite.ts";
import { digest } from "./lab.ts";

const test = suite("aws/task");
const gib = 1024 ** 3;
const least: TaskValues = { name: "shop", image: `shop@${digest}`, port: 8080 };

const sizes: readonly (readonly [number | undefined, number | undefined, string])[] = [
  [undefined, undefined, "256/512"],
  [0.25, 0.75 * gib, "256/1024"],
  [0.25, 1.5 * gib, "256/2048"],
  [0.25, 3 * gib, "512/3072"],
  [0.3, undefined, "512/1024"],
  [1, 5 * gib, "1024/5120"],
  [1, 9 * gib, "2048/9216"],
  [8, 17 * gib, "8192/20480"],
  [16, 100 * gib, "16384/106496"],
  [17, undefined, "none"],
  [1, 121 * gib, "none"],
];
for (const [cpus, memory, want] of sizes) {
  test(`Fargate: ${cpus ?? "no"} processors and ${(memory ?? 0) / gib} GiB are ${want}`, () => {
    const size = fargateSize(cpus, memory);
    assert.is(size === undefined ? "none" : `${size.cpu}/${size.memory}`, want);
  });
}

const faults: readonly (readonly [string, Partial<TaskValues>, boolean, readonly string[]])[] = [
  ["nothing is wrong with the least", {}, true, []],
  ["a tag", { image: "shop:1" }, true, ["image"]],
  ["a name that ECS does not take", { name: "shop.web" }, true, ["name"]],
  ["less than 6 MiB", { memoryBytes: 1024 }, false, ["memoryBytes"]],
  [
    "more kept than there is",
    { memoryBytes: gib, memoryReservationBytes: 2 * gib },
    false,
    ["memoryReservationBytes"],
  ],
  ["a grace of more than two minutes", { stopGraceMs: 121_000 }, true, ["stopGraceMs"]],
  [
    "a check too often, in words of its own",
    { healthCheck: { test: ["curl"], intervalMs: 1000 } },
    true,
    ["healthCheck.intervalMs", "healthCheck.test[0]"],
  ],
  ["capabilities on Fargate", { capAdd: ["NET_ADMIN", "SYS_PTRACE"] }, true, ["capAdd"]],
  ["capabilities on EC2", { capAdd: ["NET_ADMIN"] }, false, []],
  [
    "limits and settings of the host on Fargate",
    { ulimits: { core: { soft: 0, hard: 0 } }, sysctls: { "kernel.shmmax": "1" } },
    true,
    ["ulimits.core", 'sysctls["kernel.shmmax"]'],
  ],
  [
    "another processor, a capability in another form, options of folders that Fargate has not",
    {
      platform: "linux/riscv64",
      capAdd: ["CAP_SYS_PTRACE"],
      capDrop: ["ALL"],
      tmpfs: { "/a": "size=64m,rw", "/b": "exec", "/c": "size=50%" },
    },
    true,
    ["platform", "capAdd[0]", 'tmpfs["/b"]', 'tmpfs["/c"]'],
  ],
  ["Windows", { platform: "windows/amd64" }, false, ["platform"]],
  [
    "a share of the memory on EC2, which has the other options",
    { platform: "linux/arm64/v8", tmpfs: { "/b": "exec,mode=700", "/c": "size=50%" } },
    false,
    ['tmpfs["/c"]'],
  ],
  ["a log driver on Fargate", { logging: { driver: "journald" } }, true, ["logging.driver"]],
];
for (const [rule, values, fargate, want] of faults) {
  test(`refused: ${rule}`, () => {
    const found = taskFaults({ ...least, ...values }, fargate);
    assert.equal(
      found.map(({ propertyPath }) => propertyPath),
      want,
    );
  });
}

test("what runs is what was planned, or the update fails with the last events", () => {
  const arn = (revision: number) => `arn:aws:ecs:eu-central-1:1:task-definition/shop:${revision}`;
  const events = [{ message: "(service shop) deployment failed: tasks failed to start." }];
  const running = { serviceName: "shop-1", taskDefinition: arn(7), events };
  assert.is(checkRunning(arn(7), running), "shop-1");
  assert.throws(
    () => checkRunning(arn(8), running),
    /shop-1 runs shop:7, and shop:8 was planned.*tasks failed to start/s,
  );
});

test("a longer path is asked first, and every host last", () => {
  assert.ok(priorityOf("a.test", "/api/v1") < priorityOf("a.test", "/"));
  assert.ok(priorityOf("a.test", "/") < priorityOf("*", "/"));
  assert.ok(priorityOf("*", "/") <= 50_000);
});

test("the role that starts a task reads its own image, log and secrets", () => {
  const image = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/team/shop@sha256:1";
  assert.is(repositoryArn(image), "arn:aws:ecr:eu-central-1:123456789012:repository/team/shop");
  assert.is(repositoryArn("registry.example.com/shop@sha256:1"), undefined);
  const secret = "arn:aws:secretsmanager:eu-central-1:1:secret:db-AbCdEf";
  const statements = executionStatements(["shop@sha256:1"], "arn:log", [`${secret}:::v1`]);
  assert.equal(statements, [
    { actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: ["arn:log:*"] },
    { actions: ["secretsmanager:GetSecretValue"], resources: [secret] },
  ]);
});

test("a folder in memory has the options that it was given on EC2, and Docker's own otherwise", () => {
  const place = { fargate: false, logGroup: "log", region: "r", secrets: {}, mounts: [] };
  const tmpfs = { "/a": "", "/b": "exec,size=2G,mode=700", "/c": "ro,noexec,size=1" };
  const { linuxParameters } = containerDefinition({ ...least, tmpfs }, place);
  assert.equal(linuxParameters.tmpfs, [
    { containerPath: "/a", size: 64, mountOptions: ["rw", "noexec", "nosuid", "nodev"] },
    {
      containerPath: "/b",
      size: 2048,
      mountOptions: ["rw", "nosuid", "nodev", "exec", "mode=700"],
    },
    { containerPath: "/c", size: 1, mountOptions: ["nosuid", "nodev", "ro", "noexec"] },
  ]);
});

test("the order of variables is that of their names, so that no other order is a change", () => {
  const place = {
    fargate: false,
    logGroup: "log",
    region: "eu-central-1",
    secrets: {},
    mounts: [],
  };
  const { environment, mountPoints, linuxParameters } = containerDefinition(
    { ...least, env: { B: "2", A: "1" } },
    place,
  );
  assert.equal(environment, [
    { name: "A", value: "1" },
    { name: "B", value: "2" },
  ]);
  assert.equal(mountPoints, []);
  assert.equal(
    linuxParameters.tmpfs?.map(({ containerPath, size }) => [containerPath, size]),
    [["/tmp", 64]],
  );
});

test.run();
