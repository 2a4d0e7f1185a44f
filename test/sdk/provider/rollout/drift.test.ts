// The last look of a rollout: what it looks at again, how long, and what it says then.
import * as assert from "uvu/assert";
import type { RouteDifference } from "../../../../sdk/haproxy/observe.ts";
import { lastLook } from "../../../../sdk/provider/rollout/drift.ts";
import { suite } from "../../../support/suite.ts";

const test = suite("provider/rollout/drift");

const down: RouteDifference = { words: "server shop-1 is down", isCheck: true };
const gone: RouteDifference = { words: "the route is gone", isCheck: false };

/** Looks of which each sees the next of these; the last one for ever. */
function looks(...seen: readonly (readonly RouteDifference[])[]) {
  const state = { count: 0 };
  const look = async () => {
    state.count += 1;
    return seen[state.count - 1] ?? seen.at(-1) ?? [];
  };
  return { state, look };
}

test("where nothing differs, one look is enough", async () => {
  const { state, look } = looks([]);
  assert.equal(await lastLook(look, { timeoutMs: 5_000 }), []);
  assert.is(state.count, 1);
});

test("a server that is up again by the next checks is no fault", async () => {
  const { state, look } = looks([down], [down, down], []);
  assert.equal(await lastLook(look, { timeoutMs: 5_000 }), []);
  assert.is(state.count, 3);
});

test("one that stays down is told when the time is up", async () => {
  const { state, look } = looks([down]);
  assert.equal(await lastLook(look, { timeoutMs: 250 }), ["server shop-1 is down"]);
  assert.ok(state.count > 1, `${state.count} looks`);
});

test("what does not pass by itself is told at once, with all else", async () => {
  const { state, look } = looks([down], [down, gone], []);
  assert.equal(await lastLook(look, { timeoutMs: 5_000 }), [
    "server shop-1 is down",
    "the route is gone",
  ]);
  assert.is(state.count, 2);
});

test("a cancelled update waits for no check", async () => {
  const { state, look } = looks([down], []);
  const signal = AbortSignal.abort();
  assert.equal(await lastLook(look, { timeoutMs: 5_000, signal }), ["server shop-1 is down"]);
  assert.is(state.count, 1);
});

test.run();
