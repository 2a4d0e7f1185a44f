// The language host under the real engine: a TypeScript program runs, its errors show at once, its
// exit codes mean what they should, and nothing of it outlives the engine.
import * as assert from "uvu/assert";
import { suite } from "../../support/suite.ts";
import { descendants, type Fixture, isAlive, makeFixture, nodes, until } from "./fixture.ts";

const test = suite("engine/langhost", { timeoutMs: 120_000 });

/**
 * Milliseconds that a failing run may take longer than the same run without a failure, beside once
 * more the time of that run: a busy machine slows both. Uncured it takes 15 s and more.
 */
const errorMs = 3_000;

const program = `
import * as pulumi from "@pulumi/pulumi";
class Part extends pulumi.ComponentResource {
  constructor(name: string) { super("test:index:Part", name); }
}
const part: Part = new Part("part");
const config = new pulumi.Config();
export const urn = part.urn;
export const plain = config.get("plain");
export const hidden = config.getSecret("hidden");
const deep = { part, all: Array.from({ length: 50 }, (_, i) => ({ i, part, pulumi })) };
const kinds: Record<string, () => unknown> = {
  none: () => undefined,
  thrown: () => { throw new Error("boom"); },
  rejected: () => void Promise.reject(new Error("boom", { cause: Object.assign(new Error("why"), deep) })),
  apply: () => part.urn.apply(() => { throw Object.assign(new Error("boom"), deep); }),
  resource: () => part.urn.apply(() => { throw new pulumi.ResourceError("boom", part); }),
  exits: () => process.exit(3),
  hangs: () => { console.log("hanging"); return new Promise((resolve) => setTimeout(resolve, 1e9)); },
};
await kinds[process.env["KIND"] ?? "none"]?.();
`;

const found = await nodes();
const fixtures = new Map<string, Fixture>();

test.before(async () => {
  for (const { name, directory } of found) {
    fixtures.set(name, await makeFixture({ program, nodeDirectory: directory }));
  }
});
test.after(async () => {
  for (const fixture of fixtures.values()) await fixture.remove();
});

function fixtureOf(name = found[0]?.name ?? ""): Fixture {
  const fixture = fixtures.get(name);
  if (fixture === undefined) throw new Error(`no fixture for ${name}`);
  return fixture;
}

for (const [at, { name }] of found.entries()) {
  const another = at === 0 ? test : test.long;
  test(`${name}: a TypeScript program runs, with its configuration`, async () => {
    const { project } = fixtureOf(name);
    assert.is((await project.setConfig("plain", "seen")).code, 0);
    assert.is((await project.setConfig("hidden", "hush-hush", { secret: true })).code, 0);
    const up = await project.up();
    assert.is(up.code, 0, up.stdout + up.stderr);
    const outputs = await project.outputs();
    assert.is(outputs.plain, "seen");
    assert.is(outputs.hidden, "[secret]");
    assert.match(String(outputs.urn), "test:index:Part::part");
    assert.not.match(JSON.stringify(await project.export()), "hush-hush");
    assert.not.match(up.stdout + up.stderr, /warning/);
  });

  for (const kind of ["thrown", "rejected", "apply", "resource"]) {
    another(`${name}: an error (${kind}) shows its message and stack at once`, async () => {
      const { project } = fixtureOf(name);
      const plain = await project.preview({ env: { KIND: "none" } });
      const run = await project.preview({ env: { KIND: kind } });
      const text = run.stdout + run.stderr;
      assert.is(run.code, 1, text);
      assert.match(text, /boom\n\s+at .*index\.ts:1[3-7]:/);
      assert.not.match(text, "non-zero exit code");
      const longer = run.durationMs - plain.durationMs;
      assert.ok(
        longer < plain.durationMs + errorMs,
        `took ${longer} ms longer than without an error`,
      );
    });
  }
}

test("an exit code that nobody explained is said", async () => {
  const run = await fixtureOf().project.preview({ env: { KIND: "exits" } });
  assert.is.not(run.code, 0);
  assert.match(run.stdout + run.stderr, "Program exited with non-zero exit code: 3");
});

/** Starts a program that hangs, and hands over once it does. */
async function hanging(signal?: AbortSignal) {
  const { project } = fixtureOf();
  let text = "";
  let pid = 0;
  const run = project.up({
    env: { KIND: "hangs" },
    ...(signal ? { signal } : {}),
    onOutput: (more) => {
      text += more;
    },
    onStart: (started) => {
      pid = started;
    },
  });
  await until("the program hangs", () => text.includes("hanging"));
  const below = await descendants(pid);
  assert.ok(below.length >= 2, "language host and program run");
  return { project, run, pid, below };
}

test("Ctrl-C ends program and language host, and the stack is free", async () => {
  const stop = new AbortController();
  const { project, run, below } = await hanging(stop.signal);
  stop.abort();
  const { code } = await run;
  assert.is.not(code, 0);
  await until("all have ended", () => below.every((pid) => !isAlive(pid)));
  assert.equal((await project.recover()).found, []);
});

test("a killed engine leaves no process, and recover frees the stack", async () => {
  const { project, run, pid, below } = await hanging();
  const live = await project.recover();
  assert.equal(live.found, ["live-lock"]);
  assert.is(live.cleared, false);
  process.kill(pid, "SIGKILL");
  assert.is((await run).code, 137);
  await until("all have ended", () => below.every((each) => !isAlive(each)));
  assert.match((await project.up()).stderr, "locked");
  const report = await project.recover();
  assert.equal(report.found, ["stale-lock"]);
  assert.match(report.says, `process ${pid} on`);
  assert.is((await project.up()).code, 0);
});

test.run();
