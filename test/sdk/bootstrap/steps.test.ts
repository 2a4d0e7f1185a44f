// The runner of the set-up: what runs side by side, what waits, and what a failure says.
import { setTimeout as sleep } from "node:timers/promises";
import * as assert from "uvu/assert";
import { failureWords, runSteps, StepError, stepWords } from "../../../sdk/bootstrap/steps.mjs";
import { suite } from "../../support/suite.ts";

const test = suite("bootstrap/steps");

/** Takes the place of standard output. */
function recorder(isTTY = false) {
  const written: string[] = [];
  return { written, out: { isTTY, columns: 80, write: (text: string) => written.push(text) } };
}

async function refused(run: Promise<unknown>): Promise<Error & { readonly step?: string }> {
  return run.then(
    () => assert.unreachable() as never,
    (error: unknown) => error as Error,
  );
}

test("steps that need nothing run side by side, the others after what they need", async () => {
  const events: string[] = [];
  const step = (name: string, needs: readonly string[] = []) => ({
    name,
    needs,
    run: async () => {
      events.push(`start ${name}`);
      await sleep(20);
      events.push(`end ${name}`);
    },
  });
  await runSteps([step("c", ["a", "b"]), step("a"), step("b")], { out: recorder().out });
  assert.equal(events.slice(0, 2).sort(), ["start a", "start b"]);
  assert.equal(events.slice(4), ["start c", "end c"]);
});

test("each step runs once, however many need it", async () => {
  let runs = 0;
  const shared = {
    name: "s",
    run: async () => {
      runs += 1;
      await Promise.resolve();
    },
  };
  const needing = (name: string) => ({ name, needs: ["s"], run: () => Promise.resolve() });
  await runSteps([needing("a"), needing("b"), shared], { out: recorder().out });
  assert.is(runs, 1);
});

test("the first failure is the one that is told; others are stopped, dependants never start", async () => {
  let stopped = false;
  let started = false;
  const steps = [
    { name: "bad", run: () => Promise.reject(new StepError("no", { fix: "do it" })) },
    {
      name: "slow",
      run: ({ signal }: { signal: AbortSignal }) =>
        sleep(10_000, undefined, { signal }).catch((error: unknown) => {
          stopped = true;
          throw error;
        }),
    },
    {
      name: "after",
      needs: ["bad"],
      run: async () => {
        started = true;
        await Promise.resolve();
      },
    },
  ];
  const error = await refused(runSteps(steps, { out: recorder().out }));
  assert.is(error.step, "bad");
  assert.is(error.message, "no");
  assert.ok(stopped);
  assert.not(started);
});

test("without a terminal: a line for the first thing a step says, and one for its end", async () => {
  const { written, out } = recorder();
  const run = ({ tell }: { tell: (text: string) => void }) => {
    tell("1 of 2");
    tell("2 of 2");
    return Promise.resolve({ detail: "made 2" });
  };
  await runSteps([{ name: "x", run }], { out });
  const text = written.join("");
  assert.match(text, /^> x: 1 of 2 \(/);
  assert.not.match(text, "2 of 2");
  assert.match(text, /✓ x: made 2 \(/);
  assert.not.match(text, "\x1b");
});

test("on a terminal: the running steps are redrawn in place", async () => {
  const { written, out } = recorder(true);
  await runSteps([{ name: "x", run: () => sleep(450) }], { out });
  assert.match(written.join(""), "\x1b[1A\x1b[0J");
});

test("a step that had nothing to do says why", async () => {
  const { written, out } = recorder();
  await runSteps([{ name: "x", run: () => Promise.resolve({ skipped: "done before" }) }], { out });
  assert.match(written.join(""), "- x: done before\n");
});

test("a need that is no step is a mistake in the program", async () => {
  const steps = [{ name: "x", needs: ["y"], run: () => Promise.resolve() }];
  const error = await refused(runSteps(steps, { out: recorder().out }));
  assert.match(error.message, 'needs "y"');
});

test("words of a running step: what, how far, how long", () => {
  const step = { name: "engine", state: "running", detail: "5 of 9", startedAt: 1_000 } as const;
  assert.is(stepWords(step, 13_400), "> engine: 5 of 9 (12 s)");
  assert.is(stepWords({ ...step, detail: "" }, 3_400), "> engine (2.4 s)");
});

test("words of a failure: what, the last lines, the fix", () => {
  const error = new StepError("it ended", { fix: "try again", tail: ["a", "b"] });
  assert.is(failureWords("x", error), "x failed: it ended\n    a\n    b\nfix: try again");
});

test.run();
