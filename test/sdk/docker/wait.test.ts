// What a look at a container says: the pure part of the waits.
import * as assert from "uvu/assert";
import type { ContainerInspect, ContainerState, Health } from "../../../sdk/docker/types.ts";
import { describeExit, describeHealth, judgeHealth } from "../../../sdk/docker/wait.ts";
import { suite } from "../../support/suite.ts";

const test = suite("docker: judging a container");

function state(changes: Partial<ContainerState>, health?: Health): ContainerState {
  return {
    Status: "running",
    Running: true,
    Paused: false,
    Restarting: false,
    OOMKilled: false,
    Dead: false,
    Pid: 1,
    ExitCode: 0,
    Error: "",
    StartedAt: "",
    FinishedAt: "",
    ...changes,
    ...(health ? { Health: health } : {}),
  };
}
const failing = (Output: string): Health => ({
  Status: "starting",
  FailingStreak: 3,
  Log: [{ Output: "older" }, { Output }],
});
const judge = (one: ContainerState) => judgeHealth({ State: one } as ContainerInspect);
const exited = { Status: "exited", Running: false };

for (const [rule, one, kind] of [
  ["healthy passes", state({}, { Status: "healthy" }), "passed"],
  ["starting waits", state({}, { Status: "starting" }), "waiting"],
  [
    "created waits for its start",
    state({ Status: "created", Running: false }, failing("")),
    "waiting",
  ],
  ["unhealthy fails", state({}, { Status: "unhealthy" }), "failed"],
  ["no health check fails", state({}), "failed"],
  ["a check that is disabled fails", state({}, { Status: "none" }), "failed"],
  ["an exit fails even when it was healthy", state(exited, { Status: "healthy" }), "failed"],
  ["a restart fails", state({ Restarting: true }, { Status: "starting" }), "failed"],
  [
    "paused and healthy passes",
    state({ Status: "paused", Paused: true }, { Status: "healthy" }),
    "passed",
  ],
] as const) {
  test(rule, () => assert.is(judge(one).kind, kind));
}

test("a container that is gone fails", () => assert.is(judgeHealth(undefined).kind, "failed"));

for (const [health, words] of [
  [
    failing("connection refused\n"),
    'status "starting", 3 failed checks, last output "connection refused"',
  ],
  [failing(""), 'status "starting", 3 failed checks'],
  [{ ...failing("x"), FailingStreak: 1 }, 'status "starting", 1 failed check, last output "x"'],
  [{ Status: "starting", FailingStreak: 0, Log: [{ Output: "fine" }] }, 'status "starting"'],
  [{ Status: "starting", FailingStreak: 0, Log: null }, 'status "starting"'],
  [undefined, 'state "running", no health check'],
] as const) {
  test(`in words: ${words}`, () => assert.is(describeHealth(state({}, health)), words));
}

test("long output is shortened to its end", () => {
  const words = describeHealth(state({}, failing(`${"x".repeat(5000)}END`)));
  assert.ok(words.length < 400);
  assert.match(words, /END"$/);
});

for (const [changes, words] of [
  [{}, undefined],
  [{ Status: "created", Running: false }, undefined],
  [{ ...exited, ExitCode: 3 }, "it exited with code 3"],
  [{ ...exited, ExitCode: 137, OOMKilled: true }, "it exited with code 137, out of memory"],
  [{ ...exited, ExitCode: 127, Error: "no such file" }, "it exited with code 127: no such file"],
  [{ Restarting: true, ExitCode: 1 }, "it exited and is being restarted with code 1"],
] as const) {
  test(`an exit in words: ${words ?? "none"}`, () =>
    assert.is(describeExit(state(changes)), words));
}
test.run();
