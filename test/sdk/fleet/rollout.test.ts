// The order of a rollout: by example, and for random states by what has to hold on the way. A model
// carries the steps out and looks after each of them who runs and who gets requests.

import fc from "fast-check";
import * as assert from "uvu/assert";
import {
  describeRolloutStep,
  type Member,
  planBack,
  planRollout,
  type RolloutRequest,
  type RolloutState,
  type RolloutStep,
  Strategy,
} from "../../../sdk/fleet/rollout.ts";
import { cases } from "../../support/cases.ts";
import { suite } from "../../support/suite.ts";

const test = suite("fleet/rollout");

const member = (replica: number, release: string, host = ""): Member => ({
  name: `shop-${replica}-${release}`,
  replica: `shop-${replica}`,
  host,
});
const release = (count: number, word: string): readonly Member[] =>
  Array.from({ length: count }, (_, index) => member(index + 1, word));
const namesOf = (members: readonly Member[]): string[] => members.map(({ name }) => name);
const words = (steps: readonly RolloutStep[]) => steps.map(describeRolloutStep);

function serving(former: readonly Member[]): RolloutState {
  const names = new Set(namesOf(former));
  return { former, running: names, routed: names };
}

test("blue and green: all are ready before any gets a request; the old ones are not stopped", () => {
  const request = { strategy: Strategy.BlueGreen, batch: 1, wanted: release(2, "b") };
  const state = serving(release(2, "a"));
  const running = new Set([...state.running, ...namesOf(request.wanted)]);
  assert.equal(words(planRollout(request, { ...state, running })), [
    "wait until ready: shop-1-b, shop-2-b",
    "send requests to shop-1-b, shop-2-b",
  ]);
});

test("rolling: each batch is drained and stopped before the next begins", () => {
  const request = { strategy: Strategy.Rolling, batch: 2, wanted: release(3, "b") };
  assert.equal(words(planRollout(request, serving(release(4, "a")))), [
    "start shop-1-b, shop-2-b",
    "wait until ready: shop-1-b, shop-2-b",
    "send requests to shop-1-b, shop-2-b, shop-3-a, shop-4-a",
    "stop shop-1-a, shop-2-a",
    "start shop-3-b",
    "wait until ready: shop-3-b",
    "send requests to shop-1-b, shop-2-b, shop-3-b",
    "stop shop-3-a, shop-4-a",
  ]);
});

test("recreate: the old ones end before the new ones start", () => {
  const request = { strategy: Strategy.Recreate, batch: 1, wanted: release(1, "b") };
  assert.equal(words(planRollout(request, serving(release(1, "a")))), [
    "send requests to none of them",
    "stop shop-1-a",
    "start shop-1-b",
    "wait until ready: shop-1-b",
    "send requests to shop-1-b",
  ]);
});

test("a second run of a rolling one goes on where the first was cut off", () => {
  const [former, wanted] = [release(2, "a"), release(2, "b")];
  const state: RolloutState = {
    former,
    running: new Set(["shop-1-b", "shop-2-a"]),
    routed: new Set(["shop-1-b", "shop-2-a"]),
  };
  const request = { strategy: Strategy.Rolling, batch: 1, wanted };
  assert.equal(words(planRollout(request, state)), [
    "start shop-2-b",
    "wait until ready: shop-2-b",
    "send requests to shop-1-b, shop-2-b",
    "stop shop-2-a",
  ]);
});

test("the way back starts whom it finds stopped, and stops the new ones last", () => {
  const [former, wanted] = [release(2, "a"), release(2, "b")];
  const request = { strategy: Strategy.Rolling, batch: 1, wanted };
  const now = new Set(["shop-1-b", "shop-2-a", "shop-2-b"]);
  assert.equal(words(planBack(request, serving(former), now)), [
    "start shop-1-a",
    "wait until ready: shop-1-a, shop-2-a",
    "send requests to shop-1-a, shop-2-a",
    "stop shop-1-b, shop-2-b",
  ]);
});

test("a step names the hosts", () => {
  const members = [member(1, "a", "web1"), member(2, "a", "web2"), member(3, "a", "web1")];
  assert.is(
    describeRolloutStep({ kind: "start", members }),
    "start shop-1-a, shop-3-a on web1; shop-2-a on web2",
  );
});

interface World {
  readonly running: Set<string>;
  readonly ready: Set<string>;
  routed: readonly string[];
}

/** One step in the model; says what is wrong about it. */
function act(world: World, { kind, members }: RolloutStep): string | undefined {
  const names = namesOf(members);
  switch (kind) {
    case "start":
      for (const name of names) world.running.add(name);
      return undefined;
    case "gate":
      for (const name of names) {
        if (!world.running.has(name)) return `${name} is waited for and does not run`;
        world.ready.add(name);
      }
      return undefined;
    case "route":
      world.routed = names;
      return names.find((name) => !world.ready.has(name)) && "requests go to one that is not ready";
    case "stop":
      for (const name of names) {
        if (world.routed.includes(name)) return `${name} is stopped with requests on it`;
        world.running.delete(name);
      }
      return undefined;
  }
}

/** Carries steps out, as many as are said, and looks after each of them. */
function carryOut(world: World, steps: readonly RolloutStep[], limit = steps.length): void {
  for (const step of steps.slice(0, limit)) {
    assert.is(act(world, step), undefined, describeRolloutStep(step));
  }
}

const plans = fc.record({
  strategy: fc.constantFrom(...Object.values(Strategy)),
  batch: fc.integer({ min: 1, max: 4 }),
  before: fc.integer({ min: 1, max: 6 }),
  after: fc.integer({ min: 0, max: 6 }),
  cut: fc.integer({ min: 0, max: 30 }),
});

function worldOf(former: readonly Member[], request: RolloutRequest): World {
  const names = namesOf(former);
  // Of blue and green, the containers' own making has started them.
  const started = request.strategy === Strategy.BlueGreen ? namesOf(request.wanted) : [];
  return { running: new Set([...names, ...started]), ready: new Set(names), routed: names };
}

const stateOf = (former: readonly Member[], { running, routed }: World): RolloutState => ({
  former,
  running: new Set(running),
  routed: new Set(routed),
});

test("whatever the strategy, requests only ever go to who is ready, and end at the wanted ones", () => {
  fc.assert(
    fc.property(plans, ({ strategy, batch, before, after }) => {
      const former = release(before, "a");
      const request: RolloutRequest = { strategy, batch, wanted: release(after, "b") };
      const world = worldOf(former, request);
      carryOut(world, planRollout(request, stateOf(former, world)));
      assert.equal([...world.routed].sort(), namesOf(request.wanted).sort());
      if (strategy === Strategy.BlueGreen) return;
      assert.equal([...world.running].sort(), namesOf(request.wanted).sort());
    }),
    cases(),
  );
});

test("only recreate ever leaves nobody to answer, and rolling runs at most a batch more", () => {
  fc.assert(
    fc.property(plans, ({ strategy, batch, before, after }) => {
      const former = release(before, "a");
      const request: RolloutRequest = { strategy, batch, wanted: release(Math.max(1, after), "b") };
      const world = worldOf(former, request);
      const most = Math.max(before, request.wanted.length) + batch;
      for (const step of planRollout(request, stateOf(former, world))) {
        carryOut(world, [step]);
        if (strategy !== Strategy.Recreate) assert.ok(world.routed.length > 0, "nobody answers");
        if (strategy === Strategy.Rolling) assert.ok(world.running.size <= most, "too many run");
      }
    }),
    cases(),
  );
});

test("cut off after any step, the next run gets there, and so does the way back", () => {
  fc.assert(
    fc.property(plans, ({ strategy, batch, before, after, cut }) => {
      const former = release(before, "a");
      const request: RolloutRequest = { strategy, batch, wanted: release(after, "b") };
      const first = worldOf(former, request);
      const state = stateOf(former, first);
      carryOut(first, planRollout(request, state), cut);
      const [onward, back] = [structuredClone(first), structuredClone(first)];
      carryOut(onward, planRollout(request, stateOf(former, onward)));
      assert.equal([...onward.routed].sort(), namesOf(request.wanted).sort());
      carryOut(back, planBack(request, state, back.running));
      assert.equal([...back.routed].sort(), namesOf(former).sort());
    }),
    cases(),
  );
});

test.run();
