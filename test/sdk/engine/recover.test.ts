// Which locks are read, and which of them may be taken away.
import { spawn } from "node:child_process";
import { once } from "node:events";
import * as os from "node:os";
import * as assert from "uvu/assert";
import { judgeLock, parseLock, unfinishedWords } from "../../../sdk/engine/recover.ts";
import { suite } from "../../support/suite.ts";

const test = suite("engine/recover");

const texts = [
  [
    "a lock of the file backend",
    '{"pid":7,"username":"root","hostname":"h","timestamp":"2026-01-01T00:00:00Z"}',
    { pid: 7, hostname: "h" },
  ],
  ["a lock that is written just now", "", undefined],
  ["half a lock", '{"pid":7,', undefined],
  ["a process id that is none", '{"pid":"7","hostname":"h"}', undefined],
] as const;
for (const [name, text, want] of texts) {
  test(`reads ${name}`, () => assert.equal(parseLock(text), want));
}

test("the lock of another machine is foreign, whatever runs here", async () => {
  assert.is(await judgeLock({ pid: process.pid, hostname: "elsewhere" }, "here"), "foreign-lock");
});

test("the lock of a process that has ended is stale", async () => {
  const child = spawn("true");
  await once(child, "close");
  const pid = child.pid ?? 0;
  assert.is(await judgeLock({ pid, hostname: os.hostname() }), "stale-lock");
});

test("a process id that another program has by now is stale", async () => {
  assert.is(await judgeLock({ pid: process.pid, hostname: os.hostname() }), "stale-lock");
});

test("what was unfinished is named, with what has to come before a destroy", () => {
  const urn = (type: string, name: string) => `urn:pulumi:dev::shop::${type}::${name}`;
  assert.is(
    unfinishedWords([urn("dockwright:index:Service$dockwright:index:Task", "migrate")]),
    "1 unfinished operation is cleared (dockwright:index:Task migrate): `pulumi up` finishes what it had begun, and has to come before a destroy",
  );
  assert.match(
    unfinishedWords([urn("a:b:C", "one"), urn("a:b:C", "two")]),
    "2 unfinished operations are cleared (a:b:C one, a:b:C two): `pulumi up` finishes what they",
  );
});

test.run();
