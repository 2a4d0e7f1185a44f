// A service of a swarm as data: what the Engine is sent, what is read back, which order an update has,
// and when its tasks say that a release is up.

import * as assert from "uvu/assert";
import type { DockerClient } from "../../../../sdk/docker/client.ts";
import type { ServiceInspect, TaskInspect } from "../../../../sdk/docker/swarm-types.ts";
import type { ServiceInputs } from "../../../../sdk/provider/swarm/service-fields.ts";
import {
  readSpec,
  releaseOf,
  serviceSpec,
  updateOrder,
} from "../../../../sdk/provider/swarm/service-spec.ts";
import {
  describeMoves,
  driftOfService,
  judgeService,
  nodesOfTasks,
  waitsForItsTwin,
} from "../../../../sdk/provider/swarm/tasks.ts";
import { WayBack } from "../../../../sdk/provider/swarm/wayback.ts";
import { suite } from "../../../support/suite.ts";

const test = suite("provider/swarm/service");

const image = `shop@sha256:${"a".repeat(64)}`;
const base: ServiceInputs = { name: "shop-1", image };
const none = { networks: {}, secrets: {}, configs: {} };

/** Each field with a value that is not its default. */
const full: ServiceInputs = {
  name: "shop-1",
  mode: "replicated",
  replicas: 3,
  image,
  command: ["serve", "--all"],
  entrypoint: ["/shop"],
  env: { B: "2", A: "1=1" },
  workingDir: "/srv",
  user: "1000:1000",
  hostname: "{{.Node.Hostname}}",
  init: true,
  readOnly: true,
  stopSignal: "SIGINT",
  stopGraceMs: 20_000,
  capAdd: ["NET_BIND_SERVICE"],
  capDrop: ["ALL"],
  healthCheck: {
    test: ["CMD", "/check"],
    intervalMs: 1000,
    timeoutMs: 500,
    retries: 2,
    startPeriodMs: 100,
  },
  mounts: [{ type: "tmpfs", target: "/tmp", tmpfsOptions: { sizeBytes: 1024 } }],
  extraHosts: { db: "10.0.0.9" },
  sysctls: { "net.core.somaxconn": "1024" },
  limits: { cpus: 0.5, memoryBytes: 64e6, pids: 50 },
  reservations: { cpus: 0.25, memoryBytes: 32e6 },
  restart: { condition: "on-failure", delayMs: 2000, maxAttempts: 3, windowMs: 9000 },
  placement: {
    constraints: ["node.labels.disk == ssd"],
    spread: ["node.labels.zone"],
    maxPerNode: 2,
  },
  update: {
    parallelism: 2,
    delayMs: 500,
    order: "stop-first",
    failureAction: "pause",
    monitorMs: 700,
    maxFailureRatio: 0.5,
  },
  rollback: {
    parallelism: 3,
    delayMs: 100,
    order: "stop-first",
    failureAction: "continue",
    monitorMs: 800,
    maxFailureRatio: 0.25,
  },
  networks: [{ network: "inside", aliases: ["shop"] }],
  ports: [{ port: 8080, publishedPort: 80, mode: "host", protocol: "udp" }],
  endpointMode: "dnsrr",
  secrets: [{ name: "tls", target: "tls.key", uid: "1", gid: "2", mode: 0o400 }],
  configs: [{ name: "conf", target: "/etc/conf", uid: "1", gid: "2", mode: 0o440 }],
  logDriver: "json-file",
  logOptions: { "max-size": "1m" },
  labels: { team: "shop" },
  containerLabels: { tier: "web" },
};

test("every field is read back as it was declared", () => {
  const refs = { networks: { inside: "n1" }, secrets: { tls: "s1" }, configs: { conf: "c1" } };
  const spec = serviceSpec(full, refs, { "dockwright.urn": "urn" });
  assert.equal(readSpec(spec, { n1: "inside" }), full);
});

test("a virtual address and the routing mesh are what there is where nothing else is said", () => {
  const ports = [{ port: 8080, publishedPort: 80 }];
  const { EndpointSpec } = serviceSpec({ ...base, ports }, none, {});
  const mesh = { Protocol: "tcp", TargetPort: 8080, PublishedPort: 80, PublishMode: "ingress" };
  assert.equal(EndpointSpec, { Mode: "vip", Ports: [mesh] });
  const declared = {
    endpointMode: "vip",
    ports: [{ ...ports[0], port: 8080, mode: "ingress" }],
  } as const;
  assert.equal(serviceSpec({ ...base, ...declared }, none, {}).EndpointSpec, EndpointSpec);
});

test("secrets and configs are named by id and name, networks by id", () => {
  const refs = { networks: { inside: "n1" }, secrets: { tls: "s1" }, configs: { conf: "c1" } };
  const { TaskTemplate: task } = serviceSpec(full, refs, {});
  assert.is(task.ContainerSpec.Secrets?.[0]?.SecretID, "s1");
  assert.is(task.ContainerSpec.Configs?.[0]?.ConfigID, "c1");
  assert.is(task.Networks?.[0]?.Target, "n1");
});

const releases: readonly [string, Partial<ServiceInputs>, boolean][] = [
  ["another image", { image: `shop@sha256:${"b".repeat(64)}` }, true],
  ["another variable", { env: { A: "1" } }, true],
  ["another secret", { secrets: [{ name: "tls-2" }] }, true],
  ["another port", { ports: [{ port: 80 }] }, true],
  ["more replicas", { replicas: 5 }, false],
  ["a label of the service", { labels: { team: "x" } }, false],
  ["another way to update", { update: { parallelism: 5 } }, false],
  ["where tasks may be", { placement: { constraints: ["node.role == worker"] } }, false],
];
for (const [name, more, isOther] of releases) {
  test(`${name}: ${isOther ? "tasks of another release" : "the same release"}`, () => {
    const release = (values: ServiceInputs) =>
      releaseOf(serviceSpec(values, none, {}).TaskTemplate);
    assert.is(release({ ...base, ...more }) !== release(base), isOther);
  });
}

const volume = [{ source: "data", target: "/data" }];
const orders: readonly [string, Partial<ServiceInputs>, string][] = [
  ["the new one first", {}, "start-first"],
  [
    "a fixed port of the node is taken",
    { ports: [{ port: 80, publishedPort: 80, mode: "host" }] },
    "stop-first",
  ],
  ["a free port of the node is not", { ports: [{ port: 80, mode: "host" }] }, "start-first"],
  ["the routing mesh has no clash", { ports: [{ port: 80, publishedPort: 80 }] }, "start-first"],
  ["one replica with a volume of its own", { mounts: volume }, "stop-first"],
  ["two replicas share it anyway", { mounts: volume, replicas: 2 }, "start-first"],
];
for (const [name, more, want] of orders) {
  test(`order: ${name}`, () => assert.is(updateOrder({ ...base, ...more }), want));
}

const nowMs = Date.parse("2026-01-01T00:00:10Z");
const names = { n1: "web1", n2: "web2" };
const spec = serviceSpec({ ...base, replicas: 2 }, none, {});
const other = serviceSpec({ ...base, replicas: 2, env: { OLD: "1" } }, none, {});
const release = releaseOf(spec.TaskTemplate);

function task(
  slot: number,
  state: string,
  more: Partial<TaskInspect> & { readonly err?: string } = {},
): TaskInspect {
  const { err, ...rest } = more;
  return {
    ID: `t${slot}${state}`,
    Version: { Index: 1 },
    CreatedAt: "",
    UpdatedAt: "",
    ServiceID: "s",
    NodeID: "n1",
    Slot: slot,
    Spec: spec.TaskTemplate,
    DesiredState: ["failed", "shutdown"].includes(state) ? "shutdown" : "running",
    Status: { Timestamp: "2026-01-01T00:00:00Z", State: state, ...(err ? { Err: err } : {}) },
    ...rest,
  };
}
function seen(
  tasks: readonly TaskInspect[],
  state?: NonNullable<ServiceInspect["UpdateStatus"]>["State"],
) {
  const service = {
    ID: "s",
    Version: { Index: 1 },
    CreatedAt: "",
    UpdatedAt: "",
    Spec: spec,
    ...(state ? { UpdateStatus: { State: state, Message: "because of t1" } } : {}),
  };
  return { service, tasks, ready: 2, names, down: ["web2"], nowMs };
}
const old = { Spec: other.TaskTemplate };
const fresh = { Status: { Timestamp: "2026-01-01T00:00:09.9Z", State: "running" } };
const bad = { err: "task: non-zero exit (3)" };

const judgements: readonly [string, ReturnType<typeof seen>, boolean, string, RegExp?][] = [
  ["all run", seen([task(1, "running"), task(2, "running")]), false, "passed"],
  ["one is missing", seen([task(1, "running")]), false, "waiting", /1 of 2 tasks run/],
  ["one has just begun", seen([task(1, "running"), task(2, "running", fresh)]), false, "waiting"],
  [
    "those of the former release run",
    seen([task(1, "running", old), task(2, "running", old)]),
    false,
    "waiting",
    /0 of 2/,
  ],
  [
    "one of the former release more",
    seen([task(1, "running"), task(2, "running"), task(3, "running", old)]),
    false,
    "waiting",
  ],
  [
    "a former one is ending",
    seen([
      task(1, "running"),
      task(2, "running"),
      task(3, "running", { ...old, DesiredState: "shutdown" }),
    ]),
    false,
    "waiting",
    /1 former tasks are ending/,
  ],
  [
    "Swarm is at it, though all run",
    seen([task(1, "running"), task(2, "running")], "updating"),
    false,
    "waiting",
  ],
  [
    "Swarm went back, though all run",
    seen([task(1, "running"), task(2, "running")], "rollback_completed"),
    false,
    "failed",
    /went back to the former release: because of t1/,
  ],
  ["Swarm paused", seen([task(1, "running")], "paused"), false, "failed", /paused: because of t1/],
  ["Swarm paused on its way back", seen([task(1, "running")], "rollback_paused"), false, "failed"],
  ["Swarm goes back", seen([], "rollback_started"), false, "waiting"],
  [
    "no node fits",
    seen([task(1, "pending", { NodeID: "", err: "no suitable node" })]),
    true,
    "waiting",
    /1 on no node: pending, "no suitable node"/,
  ],
  [
    "three failures of one place while it is made",
    seen([1, 1, 1].map((slot) => task(slot, "failed", bad))),
    true,
    "failed",
    /1 on web1: failed, "task: non-zero exit \(3\)"/,
  ],
  [
    "three failures in all are not",
    seen([1, 2, 3].map((slot) => task(slot, "failed", bad))),
    true,
    "waiting",
  ],
  [
    "failures of an update are Swarm's to judge",
    seen([1, 1, 1].map((slot) => task(slot, "failed", bad))),
    false,
    "waiting",
  ],
];
for (const [name, sight, first, kind, words] of judgements) {
  test(`judged: ${name}`, () => {
    const judged = judgeService(sight, release, first);
    assert.is(judged.kind, kind);
    const said =
      judged.kind === "failed" ? judged.why : judged.kind === "waiting" ? judged.seen : "";
    if (words) assert.match(said, words);
  });
}

test("judged: three failures since, of an update that Swarm takes for a good one", () => {
  const failures = [1, 1, 1].map((slot) => task(slot, "failed", bad));
  const began = Date.parse("2025-12-31T23:59:59Z");
  assert.is(judgeService(seen(failures, "completed"), release, false, began).kind, "failed");
  assert.is(judgeService(seen(failures, "updating"), release, false, began).kind, "waiting");
  assert.is(judgeService(seen(failures, "completed"), release, false, nowMs).kind, "waiting");
});

const twins: readonly [string, ReturnType<typeof seen>, boolean][] = [
  ["beside its like", seen([task(1, "running"), task(1, "pending")], "rollback_started"), true],
  ["in another place", seen([task(2, "running"), task(1, "pending")], "rollback_started"), false],
  [
    "for a former one to end",
    seen([task(1, "running", old), task(1, "pending")], "rollback_started"),
    false,
  ],
  [
    "though it is not meant to run",
    seen(
      [task(1, "running"), task(1, "pending", { DesiredState: "shutdown" })],
      "rollback_started",
    ),
    false,
  ],
  ["in an update", seen([task(1, "running"), task(1, "pending")], "updating"), false],
];
for (const [name, sight, isStuck] of twins) {
  test(`a way back ${isStuck ? "is stuck" : "goes on"}: a task waits ${name}`, () =>
    assert.is(waitsForItsTwin(sight)?.ID, isStuck ? "t1pending" : undefined));
}

test("a way back that is stuck is looked at anew, by a change that is of no release", async () => {
  const sent: ServiceInspect["Spec"][] = [];
  const update = (_id: string, _version: number, spec: ServiceInspect["Spec"]) => {
    sent.push(spec);
    return Promise.resolve();
  };
  const docker = { services: { update } } as unknown as DockerClient;
  const wayBack = new WayBack({ docker, signal: new AbortController().signal }, 0);
  const stuck = [task(1, "running"), task(1, "pending")];
  await wayBack.help(seen(stuck, "updating"));
  assert.is(sent.length, 0);
  await wayBack.help(seen(stuck, "rollback_started"));
  const [one] = sent;
  assert.equal(one?.TaskTemplate, spec.TaskTemplate);
  assert.not.equal(one?.Labels, spec.Labels);
  assert.equal(one && readSpec(one, {}), readSpec(spec, {}));
  assert.is(wayBack.helpedTo, release);
});

test("drift: tasks that do not run, and those that are missing; where the others are", () => {
  const sight = seen([
    task(1, "running"),
    task(2, "pending", { NodeID: "", err: "no suitable node" }),
  ]);
  assert.equal(driftOfService(sight), ['the task 2 on no node: pending, "no suitable node"']);
  assert.equal(driftOfService(seen([task(1, "running")])), ["1 of 2 tasks are missing"]);
  assert.equal(nodesOfTasks(sight), { "1": "web1" });
});

test("what became of tasks: moved off a node that is down, or is none any more; gone with it", () => {
  const sight = seen([task(1, "running"), task(2, "running")]);
  assert.equal(describeMoves({ "1": "web1", "2": "web2" }, sight), [
    "the task 2 moved from web2 (down) to web1",
  ]);
  assert.equal(describeMoves({ "2": "web9" }, sight), [
    "the task 2 moved from web9 (no node any more) to web1",
  ]);
  assert.equal(describeMoves({ web2: "web2" }, sight), ["the task on web2 (down) runs no more"]);
});

test.run();
