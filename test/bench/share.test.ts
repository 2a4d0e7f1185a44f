import * as assert from "uvu/assert";
import { suite } from "../support/suite.ts";
import { idlePercent, parseTicks } from "./share.ts";

const test = suite("bench/share");

test("ticks are those of all cores: waiting for a disk is idle, what guests had is not counted twice", () => {
  const text = "cpu  100 5 50 800 20 3 7 15 40 0\ncpu0 50 2 25 400 10 1 3 7 20 0\nintr 12\n";
  assert.equal(parseTicks(text), { idle: 820, all: 1000 });
});

test("cores that work are not idle", async () => {
  const busy = await idlePercent(async () => {
    const until = performance.now() + 300;
    while (performance.now() < until);
  });
  assert.ok(busy >= 0 && busy < 100, `${busy} %`);
});

test.run();
