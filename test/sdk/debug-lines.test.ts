// How debug lines are sent: together, in their order, and before what is logged after them.
import * as assert from "uvu/assert";
import { gatherDebugLines, type Log } from "../../sdk/debug-lines.ts";
import { suite } from "../support/suite.ts";

const test = suite("debug-lines");

function makeLog() {
  const said: string[] = [];
  const say =
    (level: string): Log["debug"] =>
    (text, _resource, stream) => {
      said.push(`${level} ${text}${stream === undefined ? "" : ` ${stream}`}`);
      return Promise.resolve();
    };
  const log = { debug: say("debug"), info: say("info"), warn: say("warn"), error: say("error") };
  return { said, log };
}

test("lines that come together are sent together", async () => {
  const { said, log } = makeLog();
  const flush = gatherDebugLines(log, () => true);
  const sent = Promise.all([log.debug("one"), log.debug("two")]);
  assert.equal(said, []);
  flush();
  flush();
  await sent;
  assert.equal(said, ["debug one\ntwo"]);
});

test("a line waits for no call of another", async () => {
  const { said, log } = makeLog();
  gatherDebugLines(log, () => true);
  const alive = setTimeout(() => undefined, 10_000);
  await log.debug("alone");
  clearTimeout(alive);
  assert.equal(said, ["debug alone"]);
});

test("an error comes after the lines before it", async () => {
  const { said, log } = makeLog();
  gatherDebugLines(log, () => true);
  void log.debug("before");
  await log.error("broken");
  void log.debug("of a stream", undefined, 7);
  assert.equal(said, ["debug before", "error broken", "debug of a stream 7"]);
});

test("the lines of another engine are left alone", async () => {
  const { said, log } = makeLog();
  gatherDebugLines(log, () => false);
  await log.debug("one");
  await log.debug("two");
  assert.equal(said, ["debug one", "debug two"]);
});

test("a log that cannot be changed is left as it is", () => {
  const { log } = makeLog();
  const { debug } = log;
  gatherDebugLines(Object.freeze(log), () => true);
  assert.is(log.debug, debug);
});

test.run();
