// Services of a swarm: a row a task, what differs, whose log a line is, and which tasks a name means.
import * as assert from "uvu/assert";
import { chooseRows } from "../../../../sdk/cli/live/choose.ts";
import { LineReader } from "../../../../sdk/cli/live/lines.ts";
import { servicesOf } from "../../../../sdk/cli/live/logs.ts";
import { chooseRecorded } from "../../../../sdk/cli/live/run.ts";
import type { Row } from "../../../../sdk/cli/live/states.ts";
import { isFormerTask, type SwarmSight, taskRowsOf } from "../../../../sdk/cli/live/swarmtasks.ts";
import { taskOf } from "../../../../sdk/cli/live/tasklogs.ts";
import type {
  NodeInspect,
  ServiceInspect,
  TaskInspect,
} from "../../../../sdk/docker/swarm-types.ts";
import { suite } from "../../../support/suite.ts";
import { containerResource, hostResources, owner, reference, urnOf, viewWith } from "./state.ts";

const test = suite("cli/live: swarms");

const crew = { managers: JSON.stringify({ m1: { host: "tcp://m1:2376" } }), swarmId: "s1" };
const urn = urnOf("dockwright:index:Service$dockwright:index:SwarmService", "shop-swarm");
const recorded = {
  urn,
  type: "dockwright:index:SwarmService",
  id: "svc1",
  parent: urnOf("dockwright:index:Service", "shop"),
  provider: reference("crew"),
  inputs: { name: "shop-swarm", image: "sha256:one" },
  outputs: {},
};
const view = viewWith(
  ...hostResources("m1-docker"),
  ...hostResources("crew", crew),
  containerResource("edge-1", "m1-docker", { parent: undefined }),
  recorded,
);

const versioned = { Version: { Index: 1 }, CreatedAt: "", UpdatedAt: "" };
const labels = { "dockwright.urn": urn, "dockwright.owner": owner };
const template = { ContainerSpec: { Image: "sha256:one" } };
const service: ServiceInspect = {
  ...versioned,
  ID: "svc1",
  Spec: {
    Name: "shop-swarm",
    Labels: labels,
    TaskTemplate: template,
    Mode: { Replicated: { Replicas: 2 } },
  },
};

const node = (name: string, State: "ready" | "down" = "ready"): NodeInspect => ({
  ...versioned,
  ID: `node-${name}`,
  Spec: { Role: "worker", Availability: "active", Labels: { "dockwright.node": name } },
  Description: { Hostname: `${name}.example` },
  Status: { State },
});

function task(Slot: number, at: string, more: Partial<TaskInspect["Status"]> = {}): TaskInspect {
  const over = ["failed", "shutdown", "rejected"].includes(more.State ?? "");
  return {
    ...versioned,
    ID: `task-${Slot}-${more.State ?? "running"}`,
    ServiceID: "svc1",
    Slot,
    NodeID: `node-${at}`,
    Spec: template,
    DesiredState: over ? "shutdown" : "running",
    Status: {
      Timestamp: "2026-01-01T00:00:00Z",
      State: "running",
      Message: "started",
      ContainerStatus: { ContainerID: `c${Slot}` },
      ...more,
    },
  };
}

const nodes = [node("m1"), node("w1")];
const two = [task(1, "m1"), task(2, "w1")];

function rowsWith(tasks: readonly TaskInspect[], more: Partial<SwarmSight> = {}): readonly Row[] {
  const [swarm] = view.swarms;
  if (swarm === undefined) throw new Error("the view has no swarm");
  return taskRowsOf(view, swarm, { services: [service], tasks, nodes, ...more });
}

test("a swarm is no machine of the stack: its services are asked of a manager", () => {
  assert.equal(
    [view.hosts.map((one) => one.name), view.swarms.map((one) => one.name)],
    [["m1-docker"], ["crew"]],
  );
});

test("a row a task: service, node, place, image", () => {
  const rows = rowsWith(two);
  assert.equal(
    rows.map(({ service: of, name, host, container, id, image }) => [
      ...[of, name, host, container, id, image],
    ]),
    [
      ["shop", "shop-swarm", "m1", "shop-swarm.1", "c1", "sha256:one"],
      ["shop", "shop-swarm", "w1", "shop-swarm.2", "c2", "sha256:one"],
    ],
  );
  assert.equal(
    rows.flatMap(({ drift }) => drift),
    [],
  );
});

const failed = { State: "failed", Err: "task: non-zero exit (3)" };
const waiting = { State: "pending", Err: "no suitable node", ContainerStatus: null };
const drifts: readonly [
  string,
  readonly TaskInspect[],
  RegExp | undefined,
  Partial<SwarmSight>?,
][] = [
  ["one on its way", [task(1, "m1"), task(2, "w1", { State: "preparing" })], undefined],
  ["a former one", [...two, task(2, "w1", { State: "shutdown" })], undefined],
  ["one that failed once, and runs", [...two, task(2, "w1", failed)], undefined],
  [
    "one that fails again and again",
    [task(1, "m1"), task(2, "w1", { State: "starting" }), task(2, "w1", failed)],
    /^stopped: it was to run, and is starting; before it 2 on w1: failed, "task: non-zero exit/,
  ],
  [
    "one that fits nowhere",
    [task(1, "m1"), task(2, "", waiting)],
    /^stopped: it was to run, and is pending: no suitable node$/,
  ],
  [
    "one that is tried no more",
    [task(1, "m1"), task(2, "w1", failed)],
    /^gone: 1 of 2 tasks are missing; the last one was 2 on w1: failed/,
  ],
  [
    "another image",
    two.map((one) => ({ ...one, Spec: { ContainerSpec: { Image: "sha256:two" } } })),
    /^image: runs two, recorded is one$/m,
  ],
  [
    "a node that is down",
    two,
    /^stopped: its node w1 is down$/,
    { nodes: [node("m1"), node("w1", "down")] },
  ],
  ["the service is gone", [], /^gone: no service "shop-swarm" is there$/, { services: [] }],
];
for (const [name, tasks, want, more] of drifts) {
  test(`drift: ${name}`, () => {
    const words = rowsWith(tasks, more)
      .flatMap(({ drift }) => drift)
      .map(({ kind, says }) => `${kind}: ${says}`)
      .join("\n");
    if (want === undefined) assert.is(words, "");
    else assert.match(words, want);
  });
}

test("a service of the stack that the state does not know is told; another's is not", () => {
  const named = (Labels: Readonly<Record<string, string>>): ServiceInspect => ({
    ...service,
    ID: "svc2",
    Spec: { ...service.Spec, Name: "old", Labels },
  });
  const tasks = [...two, { ...task(1, "m1"), ServiceID: "svc2" }];
  const old = { ...labels, "dockwright.urn": urn.replace(/shop-swarm$/, "old") };
  const services = [service, named(old)];
  const row = rowsWith(tasks, { services }).find(({ service: of }) => of === "old");
  assert.equal([row?.container, row?.drift.map(({ kind }) => kind)], ["old.1", ["unknown"]]);
  const others = [service, named({ ...old, "dockwright.owner": "another" })];
  assert.is(rowsWith(tasks, { services: others }).length, 2);
});

test("what Swarm's own words say of ports and health", () => {
  const Healthcheck = { Test: ["CMD", "true"] };
  const checked = { ContainerSpec: { Image: "sha256:one", Healthcheck } };
  const own = { TargetPort: 8080, PublishedPort: 8081, PublishMode: "host" };
  const mesh = { TargetPort: 9090, PublishedPort: 9091, PublishMode: "ingress" };
  const tasks = [
    { ...task(1, "m1", { PortStatus: { Ports: [own] } }), Spec: checked },
    { ...task(2, "w1", { State: "starting" }), Spec: checked },
  ];
  const services = [{ ...service, Endpoint: { Ports: [own, mesh] } }];
  const [first, second] = rowsWith(tasks, { services });
  assert.equal([first?.health, second?.health], ["healthy", "starting"]);
  assert.equal(first?.ports, ["0.0.0.0:8081->8080/tcp", "0.0.0.0:9091->9090/tcp"]);
  assert.equal(second?.ports, []);
});

test("former tasks are shown on demand, and what differs always", () => {
  const rows = rowsWith([...two, task(2, "w1", { State: "shutdown" })]);
  assert.equal(rows.map(isFormerTask), [false, false, true]);
  assert.equal(rowsWith([], { services: [] }).map(isFormerTask), [false]);
});

const read = { service: "shop", name: "shop-swarm", swarm: "crew", called: "shop-swarm" };
const means: readonly [readonly string[], readonly unknown[]][] = [
  [[], [read]],
  [["shop"], [read]],
  [["shop-swarm"], [read]],
  [["shop-swarm.2"], [{ ...read, tasks: new Set(["shop-swarm.2"]) }]],
];
for (const [names, want] of means) {
  test(`logs of ${names.join() || "all"}`, () => {
    const chosen = chooseRows(rowsWith(two), names);
    assert.equal(servicesOf(view, chosen, names), want);
  });
}

test("run: a service of a swarm is refused by name, with what will do", () => {
  assert.throws(() => chooseRecorded(view, "shop", undefined), /shop runs in the swarm crew/);
});

const told = (id: string) =>
  `com.docker.swarm.node.id=n1,com.docker.swarm.service.id=svc1,com.docker.swarm.task.id=${id}`;

test("lines of a service tell their task; long ones of two tasks are not mixed", () => {
  const reader = new LineReader({ details: true });
  const push = (text: string) =>
    reader.push({ stream: "stdout", data: Buffer.from(text), starts: true });
  const at = "2026-01-01T00:00:00.000000001Z";
  const lines = [
    ...push(`${at} ${told("a")} long `),
    ...push(`${at} ${told("b")} key=value is no detail\n`),
    ...push(`${at} ${told("a")} line\n`),
    ...push("error from daemon in stream\n"),
    ...push(`${at} ${told("b")} \n`),
    ...reader.end(),
  ];
  assert.equal(
    lines.map(({ details = "", line }) => [taskOf(details), line]),
    [
      ["b", "key=value is no detail"],
      ["a", "long line"],
      ["", "error from daemon in stream"],
      ["b", ""],
    ],
  );
});

test.run();
