// Each container option: how it enters the create body, and that it reads back as it was declared.
// An option without a row in the table fails: an option that nobody tests is a lie.
import * as assert from "uvu/assert";
import type { ContainerInspect } from "../../../../sdk/docker/types.ts";
import { checkFields } from "../../../../sdk/provider/check.ts";
import {
  type AttachmentValue,
  endpointSettings,
} from "../../../../sdk/provider/container/network.ts";
import { observeInputs } from "../../../../sdk/provider/container/observe.ts";
import {
  type Body,
  type Options,
  writeOptions,
} from "../../../../sdk/provider/container/option.ts";
import {
  type ContainerInputs,
  containerInputs,
  containerOptions,
} from "../../../../sdk/provider/container/options.ts";
import { checkTogether } from "../../../../sdk/provider/container/rules.ts";
import type { Value, ValueMap } from "../../../../sdk/provider/values.ts";
import { suite } from "../../../support/suite.ts";
import { inspectOf } from "./inspect.ts";
import { table } from "./table/index.ts";

const test = suite("provider/container/options");
const rows: Options = containerOptions;

test("every option has its row here", () => {
  assert.equal(Object.keys(table).sort(), Object.keys(rows).sort());
});

function bodyOf(values: ValueMap): Body {
  const body: Body = { HostConfig: {} };
  writeOptions(rows, body, values);
  return body;
}

/** A value that needs no daemon: the objects that it names would have to be there. */
function plain(value: Value): Value {
  return JSON.parse(JSON.stringify(value).replaceAll("$", "")) as Value;
}

/** With the networks after the first, which it is connected to once it is made. */
function joined(made: ContainerInspect, declared: ValueMap): ContainerInspect {
  const list = (declared["networks"] ?? []) as unknown as readonly AttachmentValue[];
  const ends = list.map((one) => [one.network, endpointSettings(one)] as const);
  return { ...made, NetworkSettings: { Networks: Object.fromEntries(ends) } };
}

function hostConfigOf(body: object | undefined): object {
  return (body as { HostConfig?: object } | undefined)?.HostConfig ?? {};
}

for (const [name, row] of Object.entries(table)) {
  const [value, body] = [plain(row.value), row.body && (plain(row.body as Value) as object)];
  const more = plain(row.with ?? {}) as ValueMap;
  const declared = { image: "shop:1", ...more, [name]: value } as ValueMap;
  test(`${name}: passes the checks, alone and together`, () => {
    assert.equal(checkFields(containerInputs, declared), []);
    assert.equal(checkTogether(declared as unknown as ContainerInputs), []);
  });

  test(`${name}: enters the create body ${body ? "as the Engine has it" : "not at all"}`, () => {
    const rest = bodyOf(more);
    const whole: object = {
      ...rest,
      ...body,
      HostConfig: { ...rest.HostConfig, ...hostConfigOf(body) },
    };
    assert.equal(bodyOf({ ...more, [name]: value } as ValueMap), whole);
  });

  test(`${name}: reads back as it was declared`, () => {
    const live = joined(inspectOf(bodyOf(declared), name === "name" ? "name1" : "web"), declared);
    const seen = observeInputs(live, undefined, declared as unknown as ContainerInputs);
    assert.equal(seen, declared);
  });

  // One that was adopted has no grace of its own, and is none the worse for it.
  if (!body || name === "stopGraceMs") continue;

  test(`${name}: that another value is there is seen`, () => {
    const live = inspectOf(bodyOf({ image: "other:1" }));
    const seen = observeInputs(live, undefined, declared as unknown as ContainerInputs);
    assert.not.equal((seen as unknown as ValueMap)[name], value);
  });
}

const refused: readonly [string, Value, string][] = [
  ["name", "-web", "name"],
  ["env", { "A B": "1" }, "env"],
  ["stopSignal", "TERM", "stopSignal"],
  ["stopGraceMs", -1, "stopGraceMs"],
  ["labels", { "dockwright.urn": "x" }, "labels"],
  ["networkMode", "front", "networkMode"],
  ["ports", [{ containerPort: 0 }], "ports[0].containerPort"],
  ["ports", [{ containerPort: 80, hostPort: 65536 }], "ports[0].hostPort"],
  ["mounts", [{ source: "a", target: "data" }], "mounts[0].target"],
  [
    "mounts",
    [
      { source: "a", target: "/d" },
      { source: "b", target: "/d" },
    ],
    "mounts",
  ],
  ["tmpfs", { run: "" }, "tmpfs"],
  ["files", { "/etc/": { content: "" } }, "files"],
  ["files", { "etc/a": { content: "" } }, "files"],
  ["files", { "/etc/a": { content: "", mode: 0o10000 } }, 'files["/etc/a"].mode'],
  ["healthCheck", { test: ["true"] }, "healthCheck.test"],
  ["healthCheck", { test: ["NONE"], intervalMs: 0 }, "healthCheck.intervalMs"],
  ["ready", { timeoutMs: 0 }, "ready.timeoutMs"],
  ["memoryBytes", 1024, "memoryBytes"],
  ["cpus", 0, "cpus"],
  ["memorySwapBytes", 0, "memorySwapBytes"],
  ["memorySwappiness", 101, "memorySwappiness"],
  ["oomScoreAdj", 1001, "oomScoreAdj"],
  ["shmSizeBytes", 0, "shmSizeBytes"],
  ["cpuShares", 1, "cpuShares"],
  ["cpuPeriodUs", 10, "cpuPeriodUs"],
  ["cpuQuotaUs", 10, "cpuQuotaUs"],
  ["cpusetCpus", "a", "cpusetCpus"],
  ["blkioWeight", 5, "blkioWeight"],
  ["deviceReadBps", { sda: 1 }, "deviceReadBps"],
  ["deviceWriteIops", { "/dev/sda": 0 }, 'deviceWriteIops["/dev/sda"]'],
  ["ulimits", { nofile: { soft: 2, hard: 1 } }, "ulimits.nofile"],
  ["devices", [{ hostPath: "/dev/a", permissions: "x" }], "devices[0].permissions"],
  ["deviceCgroupRules", ["all"], "deviceCgroupRules"],
  ["macAddress", "02:42", "macAddress"],
  ["networks", [{ network: "a" }, { network: "a" }], "networks"],
  ["networks", [{ network: "a", macAddress: "x" }], "networks[0].macAddress"],
  ["ports", [{ containerPort: 80, hostPortEnd: 90 }], "ports[0]"],
  ["ports", [{ containerPort: 80, hostIp: "localhost" }], "ports[0].hostIp"],
  ["ports", [{ containerPort: 80, hostPort: 80, keep: true }], "ports[0]"],
  ["publish", ["80:web"], "publish"],
  ["exposedPorts", ["http"], "exposedPorts"],
  ["mounts", [{ type: "tmpfs", source: "a", target: "/a" }], "mounts[0]"],
  ["mounts", [{ type: "bind", target: "/a" }], "mounts[0]"],
  ["mounts", [{ type: "bind", source: "a", target: "/a" }], "mounts[0]"],
  ["mounts", [{ source: "a", target: "/a", bindOptions: {} }], "mounts[0]"],
  ["binds", ["/a"], "binds"],
  ["anonymousVolumes", ["a"], "anonymousVolumes[0]"],
  ["secrets", { "a/b": "x" }, "secrets"],
  ["secrets", { "..": "x" }, "secrets"],
  ["files", { "/etc/a": {} }, 'files["/etc/a"]'],
  ["files", { "/etc/a": { contentBase64: "&" } }, 'files["/etc/a"].contentBase64'],
  ["maskedPaths", [], "maskedPaths"],
  ["pidMode", "private", "pidMode"],
  ["ipcMode", "own", "ipcMode"],
  ["utsMode", "private", "utsMode"],
  ["restartMaxRetries", 0, "restartMaxRetries"],
  ["platform", "linux amd64", "platform"],
  ["pidsLimit", 0, "pidsLimit"],
  ["capAdd", ["CAP_CHOWN"], "capAdd"],
  ["capDrop", ["all"], "capDrop"],
  ["restart", "sometimes", "restart"],
];
for (const [name, value, property] of refused) {
  test(`${name}: ${JSON.stringify(value)} is refused at ${property}`, () => {
    const failures = checkFields(containerInputs, { image: "x", [name]: value });
    assert.equal(
      failures.map((failure) => failure.property),
      [property],
    );
  });
}

test.run();
