// What everything above relies on when a script is run by a shell of this machine.
import * as assert from "uvu/assert";
import { SdkError } from "../../../sdk/errors.ts";
import type { Machine } from "../../../sdk/host/machine.ts";
import { makeNamespaced, missingForNamespaces, type Namespaced } from "../../support/namespaced.ts";
import { suite } from "../../support/suite.ts";

const test = suite("host/local");
const reason = missingForNamespaces();
let host: Namespaced;
let machine: Machine;
const timeoutMs = 20_000;

test.before(async () => {
  if (reason) return;
  host = await makeNamespaced();
  machine = host.machine;
});
test.after(async () => {
  if (!reason) await host.close();
});

function rule(name: string, run: () => Promise<void>): void {
  if (reason) test.skip(`${name} (${reason})`);
  else test(name, run);
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return await work.then(
    () => "none",
    (error: unknown) => (error instanceof SdkError ? error.code : String(error)),
  );
}

rule("a script has its arguments, its input, and both of its outputs", async () => {
  const script = 'set -eu\nread -r line\necho "$# $1 $2 $line"\necho late >&2\nexit 7\n';
  const result = await machine.run(script, {
    args: ["a b", "$(x)"],
    input: "from here\n",
    timeoutMs,
  });
  assert.equal(result, { code: 7, stdout: "2 a b $(x) from here\n", stderr: "late\n" });
});

rule("a script is in no argument and no environment", async () => {
  const { stdout } = await machine.run("cat /proc/$$/cmdline /proc/$$/environ # hidden-word", {
    timeoutMs,
  });
  assert.not.match(stdout, "hidden-word");
});

rule("lines come as they are printed, cut where they end", async () => {
  const lines: string[] = [];
  const script = "printf 'on'; sleep 0.1; printf 'e\\ntwo\\nrest'; echo err >&2";
  await machine.run(script, {
    timeoutMs,
    onLine: (line, stream) => lines.push(`${stream}: ${line}`),
  });
  assert.equal(lines.toSorted(), ["stderr: err", "stdout: one", "stdout: rest", "stdout: two"]);
});

rule("a script that is too slow is ended with all that it started", async () => {
  const work = machine.run("sleep 4711 & trap '' TERM; sleep 4711; sleep 4711", { timeoutMs: 500 });
  assert.is(await codeOf(work), "TIMEOUT");
  assert.is(await host.sh("pgrep -fc '^sleep 4711' || :"), "0");
});

rule("a stop ends it likewise", async () => {
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 300);
  const work = machine.run("sleep 4712 & sleep 4712", { timeoutMs, signal: stop.signal });
  assert.is(await codeOf(work), "CANCELLED");
  assert.is(await host.sh("pgrep -fc '^sleep 4712' || :"), "0");
});

rule("what a script leaves running does not hold it up", async () => {
  const before = performance.now();
  const { stdout } = await machine.run("sleep 4713 & echo started", { timeoutMs });
  assert.is(stdout, "started\n");
  assert.ok(performance.now() - before < 10_000);
  await host.sh("pkill -f '^sleep 4713'");
});

rule("10 MB come through in both directions", async () => {
  const input = Buffer.alloc(10_000_000, "0123456789\n");
  const { stdout } = await machine.run("cat", { input, timeoutMs });
  assert.is(stdout.length, input.length);
});

rule("a file is written whole, with its mode and owner, and read back", async () => {
  const bytes = Uint8Array.from({ length: 1000 }, (_, index) => index % 256);
  await machine.writeFile("/srv/a b", bytes, { mode: 0o640, owner: "daemon", group: "5" });
  assert.equal(new Uint8Array((await machine.readFile("/srv/a b")) ?? []), bytes);
  assert.is(await host.sh("stat -c '%a %U %g' '/srv/a b'"), "640 daemon 5");
  assert.is(await host.sh("ls -A /srv"), "a b");
});

rule("no file is no bytes; a folder and a missing folder are errors", async () => {
  assert.is(await machine.readFile("/srv/none"), undefined);
  const attributes = { mode: 0o600 };
  assert.is(await codeOf(machine.writeFile("/srv", "x", attributes)), "COMMAND_FAILED");
  assert.is(await codeOf(machine.writeFile("/none/x", "x", attributes)), "COMMAND_FAILED");
});

test.run();
