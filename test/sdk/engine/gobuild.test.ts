// Progress words, and the lock that keeps two builders apart.
import { mkdir, mkdtemp, readFile, rm, utimes } from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as assert from "uvu/assert";
import { isUsableGo, progressWords, withLock } from "../../../sdk/engine/gobuild.mjs";
import { engineVersion } from "../../../sdk/engine/locate.mjs";
import { packageRoot } from "../../../sdk/engine/package.ts";
import { suite } from "../../support/suite.ts";

const test = suite("engine/gobuild");
let base = "";

test.before(async () => {
  base = await mkdtemp(path.join(os.tmpdir(), "dwtest-gobuild-"));
});
test.after(() => rm(base, { recursive: true, force: true }));

const words = [
  [{ phase: "download", done: 3, total: 268 }, "downloading Go modules: 3 of at most 268, 12 s"],
  [{ phase: "compile", done: 40, total: 1667 }, "compiling: 40 of 1667 packages, 12 s"],
  [{ phase: "link", done: 1667, total: 1667 }, "linking, 12 s"],
] as const;
for (const [progress, want] of words) {
  test(`says how far a ${progress.phase} is`, () =>
    assert.is(progressWords(progress, 12_300), want));
}

const goes = [
  ["go1.25.11", "local", true],
  ["go1.26", "local", true],
  ["go1.25.3", "local", false],
  ["go1.25.3", "auto", true],
  ["go1.21.0", "auto", true],
  ["go1.19.8", "", false],
  ["devel +1234", "auto", false],
] as const;
for (const [GOVERSION, GOTOOLCHAIN, want] of goes) {
  const words = want ? "builds" : "does not build";
  test(`${GOVERSION}, set to "${GOTOOLCHAIN}", ${words} what asks for 1.25.11`, () =>
    assert.is(isUsableGo({ GOVERSION, GOTOOLCHAIN }, "1.25.11"), want));
}

test("two holders of a lock never work at the same time", async () => {
  const lock = path.join(base, "a.lock");
  let working = 0;
  let most = 0;
  let waited = 0;
  const work = async () => {
    working += 1;
    most = Math.max(most, working);
    await sleep(50);
    working -= 1;
  };
  const onWait = () => {
    waited += 1;
  };
  await Promise.all([1, 2, 3].map(() => withLock(lock, { onWait }, work)));
  assert.is(most, 1);
  assert.ok(waited >= 2);
});

test("a lock whose holder was killed is taken over", async () => {
  const lock = path.join(base, "b.lock");
  await mkdir(lock);
  await utimes(lock, new Date(0), new Date(0));
  let ran = false;
  await withLock(lock, { onWait: () => {} }, async () => {
    ran = true;
    await Promise.resolve();
  });
  assert.ok(ran);
});

test("the lock goes when the work fails", async () => {
  const lock = path.join(base, "c.lock");
  const failing = withLock(lock, { onWait: () => {} }, () => Promise.reject(new Error("no")));
  await failing.then(
    () => assert.unreachable(),
    () => undefined,
  );
  await withLock(lock, { onWait: () => assert.unreachable() }, () => Promise.resolve());
});

test("go.mod pins the release that is asked for", async () => {
  const file = path.join(packageRoot(), "sdk/engine/gomodule/go.mod");
  const text = await readFile(file, "utf8");
  assert.match(text, `require github.com/pulumi/pulumi/pkg/v3 v${engineVersion}\n`);
});

test.run();
