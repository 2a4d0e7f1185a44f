// Tasks and commands in containers, as far as no daemon is needed: which options there are, what is
// another run, what is refused, and what is made of a container that an earlier run left.
import * as assert from "uvu/assert";
import type { ContainerState } from "../../../../sdk/docker/types.ts";
import { containerInputs } from "../../../../sdk/provider/container/options.ts";
import { failureOf, type Stage, stageOf } from "../../../../sdk/provider/container/task.ts";
import {
  containerOf,
  notOfTasks,
  type TaskInputs,
  taskInputs,
} from "../../../../sdk/provider/container/taskoptions.ts";
import type { Fields } from "../../../../sdk/provider/fields.ts";
import { unknown, type ValueMap } from "../../../../sdk/provider/values.ts";
import type { Properties } from "../../../../sdk/provider/wire.ts";
import { suite } from "../../../support/suite.ts";
import { newInstance } from "../declared.ts";
import { urnOf } from "../plugin.ts";

const test = suite("provider/task");
const none: Properties = { values: {}, secrets: new Set() };
const given = (values: ValueMap): Properties => ({ values, secrets: new Set() });
const callOf = (kind: string) => ({
  urn: urnOf(kind, "migrate"),
  type: `dockwright:index:${kind}`,
});

const fields: Fields = taskInputs;

test("every option of a container is one of a task, or it is said why not", () => {
  for (const name of Object.keys(containerInputs)) {
    assert.is(Object.hasOwn(fields, name), !Object.hasOwn(notOfTasks, name), name);
  }
});

test("whatever changes is another run, but for how it is watched and taken away", () => {
  const beside = Object.entries(fields)
    .filter(([, { options }]) => (options.onChange ?? "replace") !== "replace")
    .map(([name]) => name);
  assert.equal(beside.sort(), ["removeVolumes", "stopGraceMs", "timeoutMs"]);
  assert.ok(Object.values(fields).every(({ options }) => options.onRemove === undefined));
});

test("a task's container is never restarted, and not looked at by a health check", () => {
  const inputs: TaskInputs = { image: "shop:1", triggers: ["1"], timeoutMs: 5, user: "33" };
  assert.equal(containerOf(inputs), {
    image: "shop:1",
    user: "33",
    healthCheck: { test: ["NONE"] },
  });
});

const never = "0001-01-01T00:00:00Z";
const then = "2026-01-01T10:00:00.5Z";
const made: ContainerState = {
  Status: "created",
  Running: false,
  Paused: false,
  Restarting: false,
  OOMKilled: false,
  Dead: false,
  Pid: 0,
  ExitCode: 0,
  Error: "",
  StartedAt: never,
  FinishedAt: never,
};
const ended = { Status: "exited", StartedAt: then, FinishedAt: then };

const stages: readonly [string, Partial<ContainerState>, Stage][] = [
  ["made, never started", {}, "made"],
  ["a start that failed", { ExitCode: 127, Error: "no such file" }, "made"],
  ["running", { Status: "running", Running: true, StartedAt: then }, "running"],
  ["paused", { Status: "paused", Running: true, Paused: true, StartedAt: then }, "running"],
  ["exited", ended, "ended"],
  ["being removed", { ...ended, Status: "removing" }, "going"],
  ["half removed", { ...ended, Status: "dead", Dead: true }, "going"],
];
for (const [name, state, stage] of stages) {
  test(`stage: ${name}`, () => assert.is(stageOf({ ...made, ...state }), stage));
}

const ends: readonly [string, Partial<ContainerState>, string | undefined][] = [
  ["0 is success", {}, undefined],
  ["0 with a child out of memory is its own business", { OOMKilled: true }, undefined],
  ["another code", { ExitCode: 3 }, "ended with exit code 3"],
  ["out of memory", { ExitCode: 137, OOMKilled: true }, "ended with exit code 137, out of memory"],
  ["the daemon's reason", { ExitCode: 128, Error: "x" }, "ended with exit code 128: x"],
  [
    "0 at no time is not success",
    { FinishedAt: never },
    "was lost while it ran, with its daemon or its host",
  ],
];
for (const [name, state, why] of ends) {
  test(`end: ${name}`, () => assert.is(failureOf({ ...made, ...ended, ...state }), why));
}

async function nameFor(values: ValueMap, olds: ValueMap = {}): Promise<unknown> {
  const checked = await newInstance().check(callOf("Task"), given(olds), given(values));
  assert.equal(checked.failures, []);
  return checked.inputs.values["name"];
}

test("equal inputs have one name, and so one run; others have another", async () => {
  const base = { image: "shop:1", command: ["migrate"] };
  const name = await nameFor(base);
  assert.match(String(name), /^migrate-[0-9a-f]{8}$/);
  assert.is(
    await nameFor({ ...base, timeoutMs: 5000, stopGraceMs: 5, removeVolumes: false }),
    name,
  );
  const others: readonly ValueMap[] = [
    { triggers: ["2"] },
    { image: "shop:2" },
    { command: ["migrate", "-v"] },
    { env: { A: "1" } },
    { secrets: { A: "1" } },
    { memoryBytes: 9_000_000 },
    { networks: [{ network: "a" }] },
  ];
  const names = await Promise.all(others.map((other) => nameFor({ ...base, ...other })));
  assert.is(new Set([name, ...names]).size, others.length + 1);
  assert.is(await nameFor(base, { ...base, name: String(name) }), name);
});

async function failuresOf(kind: string, values: ValueMap) {
  return (await newInstance().check(callOf(kind), none, given(values))).failures;
}

test("Task: all that is wrong is told at once, each at its place", async () => {
  const failures = await failuresOf("Task", {
    command: "migrate",
    timeoutMs: 0,
    triggers: [1],
    restart: "always",
    ready: { runningMs: 5 },
    env: { "1A": "x" },
    networks: [{ aliases: "x" }],
  });
  assert.equal(failures.map(({ property }) => property).sort(), [
    "command",
    "env",
    "image",
    "networks[0].aliases",
    "networks[0].network",
    "ready",
    "restart",
    "timeoutMs",
    "triggers[0]",
  ]);
  const restart = failures.find(({ property }) => property === "restart")?.reason;
  assert.match(restart ?? "", "is no option of a task: it runs once");
});

test("Task: combinations are refused as a container's are, and a name of one's own", async () => {
  const failures = await failuresOf("Task", {
    image: "shop:1",
    name: "mine",
    cpus: 1,
    cpuQuotaUs: 1000,
  });
  assert.equal(failures.map(({ property }) => property).sort(), ["cpuQuotaUs", "name"]);
});

test("Exec: all that is wrong is told at once, each at its place", async () => {
  const failures = await failuresOf("Exec", {
    container: "",
    command: [],
    env: { "1A": "secret-value" },
    workingDir: "relative",
    creates: "also/relative",
    unless: [],
    timeoutMs: -1,
    detach: true,
  });
  assert.equal(failures.map(({ property }) => property).sort(), [
    "command",
    "container",
    "creates",
    "detach",
    "env",
    "timeoutMs",
    "unless",
    "workingDir",
  ]);
  assert.not.match(JSON.stringify(failures), "secret-value");
});

const ran = { container: "abc", command: ["migrate"], env: { A: "1" } };
const result = { exitCode: 0, stdout: "done\n", stderr: "", skipped: "" };
const changes: readonly [string, ValueMap, readonly string[], boolean][] = [
  ["nothing", {}, [], false],
  ["another container", { container: "def" }, ["container"], true],
  ["one that is not known yet", { container: unknown }, ["container"], true],
  ["a trigger", { triggers: ["1"] }, ["triggers"], true],
  ["a variable", { env: { A: "2" } }, ["env.A"], true],
  ["the user", { user: "33" }, ["user"], true],
  ["a guard", { creates: "/done" }, ["creates"], false],
  ["the time limit", { timeoutMs: 5 }, [], false],
];
for (const [name, change, places, runs] of changes) {
  test(`Exec: ${name} ${runs ? "is another run" : "runs nothing"}`, async () => {
    const run = newInstance();
    const news = given({ ...ran, ...change });
    const state = { inputs: ran, outputs: { ...ran, ...result } };
    const diff = await run.diff(callOf("Exec"), "migrate-1", state, news);
    assert.equal(
      diff.changes.map(({ property }) => property),
      places,
    );
    assert.ok(diff.changes.every(({ replace }) => !replace));
    const { values } = await run.previewUpdate(callOf("Exec"), state, news);
    assert.is(values["stdout"] === unknown, runs);
  });
}

test.run();
