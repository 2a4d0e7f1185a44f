import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as assert from "uvu/assert";
import { needProgram } from "../../../sdk/debian/build.ts";
import { withLock } from "../../../sdk/debian/lock.ts";
import { runProgram } from "../../../sdk/debian/process.ts";
import { SdkError } from "../../../sdk/errors.ts";
import { suite } from "../../support/suite.ts";

const env = { PATH: "/usr/bin:/bin" };
async function failure(work: Promise<unknown>): Promise<SdkError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.instance(error, SdkError);
  return error as SdkError;
}
async function until(test: () => boolean): Promise<void> {
  for (let i = 0; i < 100 && !test(); i += 1) await sleep(50);
  assert.ok(test());
}
const alive = (pid: number): boolean => {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
};

const program = suite("runProgram");
program("gives lines of both streams, those of a progress bar too", async () => {
  const lines: string[] = [];
  const script = "printf 'a\\nb\\r1%%\\rc\\n'; echo d >&2";
  await runProgram("sh", ["-c", script], { env, what: "test", onLine: (line) => lines.push(line) });
  assert.equal(lines.sort(), ["1%", "a", "b", "c", "d"]);
});
program("a failure has the code and the last lines", async () => {
  const error = await failure(runProgram("sh", ["-c", "echo why; exit 3"], { env, what: "do it" }));
  assert.is(error.code, "COMMAND_FAILED");
  assert.is(error.message, "cannot do it: exit code 3; last lines:\nwhy");
});
program("cancelling ends children too, even those that ignore the first signal", async () => {
  const stop = new AbortController();
  let pid = 0;
  const script = "trap '' TERM; sh -c 'trap \"\" TERM; echo $$; while :; do sleep 0.1; done'";
  const work = runProgram("sh", ["-c", script], {
    env,
    what: "wait",
    signal: stop.signal,
    killGraceMs: 200,
    onLine: (line) => {
      pid = Number(line);
      stop.abort();
    },
  });
  assert.is((await failure(work)).code, "CANCELLED");
  assert.ok(pid > 0);
  await until(() => !alive(pid));
});
program("what was cancelled before is not begun", async () => {
  const work = runProgram("sh", ["-c", "true"], { env, what: "x", signal: AbortSignal.abort() });
  assert.is((await failure(work)).code, "CANCELLED");
});
program("a missing program is named with the command that mends it", async () => {
  const error = await failure(needProgram("mmdebstrap-of-tomorrow"));
  assert.equal([error.code, error.fix], ["MISSING", "apt-get install mmdebstrap-of-tomorrow"]);
});
program.run();

const lock = suite<{ folder: string }>("withLock", { timeoutMs: 20_000 });
lock.before((context) => {
  context.folder = mkdtempSync(join(tmpdir(), "dw-lock-"));
});
lock.after(({ folder }) => rmSync(folder, { recursive: true }));

lock("the second waits for the first, and is told", async ({ folder }) => {
  const path = join(folder, "a", "one");
  const order: string[] = [];
  const first = withLock(path, {}, async () => {
    order.push("first in");
    await sleep(600);
    order.push("first out");
  });
  await until(() => order.length === 1);
  const onWait = () => order.push("told");
  await withLock(path, { onWait, tellAfterMs: 50 }, () => Promise.resolve(order.push("second")));
  await first;
  assert.equal(order, ["first in", "told", "first out", "second"]);
});
lock("is free again after an error", async ({ folder }) => {
  const path = join(folder, "two");
  await withLock(path, {}, () => Promise.reject(new Error("x"))).catch(() => undefined);
  assert.is(await withLock(path, {}, () => Promise.resolve(7)), 7);
});
lock("waiting can be cancelled", async ({ folder }) => {
  const path = join(folder, "three");
  const stop = new AbortController();
  await withLock(path, {}, async () => {
    setTimeout(() => stop.abort(), 200);
    const work = withLock(path, { signal: stop.signal }, () => Promise.resolve());
    assert.is((await failure(work)).code, "CANCELLED");
  });
});
lock("a holder that is killed leaves no lock behind", async ({ folder }) => {
  const path = join(folder, "four");
  const module = join(import.meta.dirname, "../../../sdk/debian/lock.ts");
  const code = `import(${JSON.stringify(module)}).then((m) => m.withLock(${JSON.stringify(path)}, {}, () => {
    console.log("held"); return new Promise((r) => setTimeout(r, 60000)); }))`;
  const holder = spawn(process.execPath, ["-e", code], { stdio: ["ignore", "pipe", "inherit"] });
  await once(holder.stdout, "data");
  assert.ok(existsSync(path));
  holder.kill("SIGKILL");
  assert.is(await withLock(path, {}, () => Promise.resolve(7)), 7);
});
lock.run();
