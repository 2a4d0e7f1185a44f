import * as assert from "uvu/assert";
import { suite } from "../support/suite.ts";
import {
  atLeast,
  atMostMore,
  atMostTimes,
  figureOf,
  median,
  type Turn,
  takeTurns,
} from "./figure.ts";

const test = suite("bench/figure");

const turns: readonly Turn[] = [
  { value: 2.5, floor: 2 },
  { value: 9, floor: 1.9 },
  { value: 2.6, floor: 7 },
];

test("the figure is the minima, the medians stand beside them", () => {
  const figure = figureOf({ name: "x", unit: "s", goal: atMostMore(0.5, "s") }, turns);
  assert.equal([figure.value, figure.floor, figure.ratio], [2.5, 1.9, 1.316]);
  assert.equal(figure.median, { value: 2.6, floor: 2 });
  assert.is(figure.holds, false);
  assert.is(figure.goal, "at most 0.5 s more than the floor");
  const keys = ["name", "value", "unit", "floor", "ratio", "goal", "holds"];
  assert.equal(Object.keys(figure).slice(0, keys.length), keys);
});

test("the figure is the medians where that is asked for, and the goal is judged by them", () => {
  const spec = { name: "x", unit: "s", goal: atMostMore(0.55, "s"), by: "median" } as const;
  const figure = figureOf(spec, turns);
  assert.equal([figure.value, figure.floor, figure.ratio], [2.6, 2, 1.3]);
  assert.is(figure.holds, false);
  assert.equal(figure.min, { value: 2.5, floor: 1.9 });
});

const medians: readonly (readonly [readonly number[], number])[] = [
  [[3], 3],
  [[9, 1, 5], 5],
  [[4, 1, 2, 9], 3],
];
for (const [values, want] of medians) {
  test(`the median of ${values.join(", ")} is ${want}`, () => assert.is(median(values), want));
}

test("a goal holds up to its limit and not beyond", () => {
  assert.is(atMostMore(0.5, "s").holds({ value: 2.5, floor: 2 }), true);
  assert.is(atMostMore(0.5, "s").holds({ value: 2.51, floor: 2 }), false);
  assert.is(atMostTimes(1.5).holds({ value: 3, floor: 2 }), true);
  assert.is(atMostTimes(1.5).holds({ value: 3.01, floor: 2 }), false);
  assert.is(atLeast(10, "%").holds({ value: 10, floor: 0 }), true);
  assert.is(atLeast(10, "%").holds({ value: 9.9, floor: 50 }), false);
});

test("turns change who goes first, and the first turn does not count", async () => {
  const order: string[] = [];
  const measured = (name: string) => async () => {
    order.push(name);
    return order.length;
  };
  const taken = await takeTurns(
    { value: measured("value"), floor: measured("floor") },
    { turns: 2, log: () => {} },
  );
  assert.equal(order, ["value", "floor", "floor", "value", "value", "floor"]);
  assert.equal(taken, [
    { value: 4, floor: 3 },
    { value: 5, floor: 6 },
  ]);
});

test.run();
