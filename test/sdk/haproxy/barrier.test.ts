// Stages that several go through together: nobody is let in early, and one that fails fails all.

import { setTimeout as sleep } from "node:timers/promises";
import * as assert from "uvu/assert";
import { Barrier } from "../../../sdk/haproxy/barrier.ts";
import { suite } from "../../support/suite.ts";

const test = suite("haproxy/barrier");

test("nobody goes on before all have reached the stage", async () => {
  const barrier = new Barrier();
  const [one, two] = [barrier.join("one"), barrier.join("two")];
  const seen: string[] = [];
  const first = one.reach(0).then(() => seen.push("one"));
  await sleep(5);
  assert.equal(seen, []);
  await Promise.all([first, two.reach(0).then(() => seen.push("two"))]);
  assert.equal(seen.sort(), ["one", "two"]);
});

test("one that has nothing more to do holds nobody up", async () => {
  const barrier = new Barrier();
  const [one, two] = [barrier.join("one"), barrier.join("two")];
  const done = Promise.all([one.reach(0), one.reach(1)]);
  two.leave();
  await done;
});

test("one that is a stage ahead counts for the stage before", async () => {
  const barrier = new Barrier();
  const [one, two] = [barrier.join("one"), barrier.join("two")];
  const ahead = one.reach(1);
  await two.reach(0);
  two.leave();
  await ahead;
});

test("when one fails, those that wait fail, and those that come later", async () => {
  const barrier = new Barrier();
  const [one, two, three] = ["one", "two", "three"].map((name) => barrier.join(name));
  const words = (waiting: Promise<void> | undefined) =>
    (waiting ?? Promise.resolve()).then(
      () => "went on",
      (error: Error) => error.message,
    );
  const first = words(one?.reach(0));
  two?.fail(new Error("no room"));
  assert.is(await first, "two failed: no room");
  assert.is(await words(three?.reach(0)), "two failed: no room");
});

test.run();
