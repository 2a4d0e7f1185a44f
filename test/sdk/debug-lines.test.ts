// How debug lines are sent: together, in their order, and before what is logged after them.
import * as assert from "uvu/assert";
import { gatherDebugLines, type Log, withoutSecrets } from "../../sdk/debug-lines.ts";
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

test("a line ends where a secret begins, as the SDK writes them: in a message, and in JSON", async () => {
  const mark = "1b47061264138c4ac30d75fd1eb44270";
  const key = "4dabf18193072939515e22adb298388d";
  const sent = [
    `RPC prepared: props=a,,,1,,,b,,,${key},,,${mark},value,,,hunter2`,
    JSON.stringify({ name: "x", ssh: JSON.stringify({ [key]: mark, value: "hunter2" }) }),
    `{"${key}":"d0e6a833031e9bbcd3f4e8bde6ca49a4","secret":true,"value":"hunter2"}`,
  ];
  for (const line of sent) {
    assert.not.match(withoutSecrets(line), "hunter2");
    assert.match(withoutSecrets(line), /\[secret, and what follows it\]$/);
  }
  const resource = `RPC prepared: ${key},,,5cf8f73096256a8f31e491e813e4eb8e,,,urn,,,x`;
  assert.is(withoutSecrets(resource), resource);
  const { said, log } = makeLog();
  const flush = gatherDebugLines(log, () => true);
  const both = Promise.all([log.debug(sent[0] ?? ""), log.debug("next")]);
  flush();
  await both;
  await log.debug(sent[1] ?? "", undefined, 1);
  assert.equal(said.length, 2);
  assert.not.match(said.join("\n"), "hunter2");
  assert.match(said[0] ?? "", /\nnext$/);
});

test.run();
