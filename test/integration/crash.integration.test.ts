// What is left when a run is cut off in the middle of a create: plugin or engine killed, Ctrl-C once
// and twice. The next update works (after `dockwright recover` where a lock is left), takes over the
// container that was half made, and nothing stays behind: no orphan, no process.
import { execFile } from "node:child_process";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import * as assert from "uvu/assert";
import { packageRoot } from "../../sdk/engine/package.ts";
import type { Project } from "../../sdk/engine/project.ts";
import type { PulumiResult } from "../../sdk/engine/run.ts";
import { missingDaemon, nothing } from "../support/owned.ts";
import { isAlive, noneLeft, pidsOf, until } from "../support/processes.ts";
import { leftOf, makeSite, rowsOf, type Site, said, succeeded } from "../support/site.ts";
import { suite } from "../support/suite.ts";

const test = suite("integration/crash", {
  long: true,
  timeoutMs: 180_000,
  missing: missingDaemon(),
});

// The gate is no part of what runs: the same container with a longer or shorter gate has one name.
const program = `
import { Container, debianImages, Image, LocalDaemon } from "dockwright";
const daemon = new LocalDaemon("local");
const image = new Image("base", { daemon, debian: debianImages.webServer });
const name = process.env.DWTEST_CASE;
if (name) {
  const ready = { runningMs: Number(process.env.DWTEST_GATE_MS), timeoutMs: 300_000 };
  new Container(name, { daemon, image, command: ["sleep", "600"], init: true, stopSignal: "SIGTERM", ready });
}
`;
const plugin = "pulumi-resource-dockwright";

let site: Site;
let project: Project;

interface Cut {
  readonly result: PulumiResult;
  /** Of the container that was being made. */
  readonly containerId: string;
}

/** Runs an update whose create lasts minutes, and cuts it off once the container runs. */
async function cutOff(
  name: string,
  cut: (engine: number, stop: AbortController) => Promise<void> | void,
): Promise<Cut> {
  let engine = 0;
  const stop = new AbortController();
  const run = project.up({
    env: { DWTEST_CASE: name, DWTEST_GATE_MS: "240000" },
    signal: stop.signal,
    onStart: (pid) => {
      engine = pid;
    },
  });
  const running = async () => (await site.named(name)).some(({ State }) => State === "running");
  await until("the container runs", running, 60_000);
  const containerId = (await site.named(name))[0]?.Id ?? "";
  await cut(engine, stop);
  return { result: await run, containerId };
}

async function killPlugins(): Promise<void> {
  const pids = await pidsOf(site.dir, plugin);
  assert.ok(pids.length > 0, "there is a plugin to kill");
  for (const pid of pids) process.kill(pid, "SIGKILL");
}

/** The update that comes after: it succeeds, and its one container is all there is. */
async function nextUp(name: string): Promise<string> {
  const env = { DWTEST_CASE: name, DWTEST_GATE_MS: "300" };
  const up = succeeded(await project.up({ env }));
  assert.not.match(said(up), /pending operations|locked/);
  const all = await site.containers();
  assert.is(all.length, 1, JSON.stringify(all.map(({ Names }) => Names)));
  assert.is(all[0]?.State, "running");
  assert.equal(rowsOf(succeeded(await project.up({ env }))), [], "and then there is nothing to do");
  return all[0]?.Id ?? "";
}

test.before(async () => {
  site = await makeSite({ topic: "crash", files: { "index.ts": program } });
  project = await site.stack("dev");
  succeeded(await project.up());
});
test.after(() => site.close());

test("plugin killed: the next update takes its container over", async () => {
  const { result, containerId } = await cutOff("plugin-killed", killPlugins);
  assert.is.not(result.code, 0);
  await noneLeft(site.dir);
  assert.is((await site.containers())[0]?.Id, containerId, "it was left behind");
  assert.is(await nextUp("plugin-killed"), containerId);
});

test("engine killed: the plugin takes its half-made container away, and ends", async () => {
  await cutOff("engine-killed", (engine) => void process.kill(engine, "SIGKILL"));
  await noneLeft(site.dir);
  assert.equal(await site.named("engine-killed"), []);
  const report = await project.recover();
  assert.equal(report.found, ["stale-lock", "pending"]);
  assert.ok(report.cleared);
  await nextUp("engine-killed");
});

test("both killed: `dockwright recover` clears the way, and the container is taken over", async () => {
  const { containerId } = await cutOff("both-killed", async (engine) => {
    await killPlugins();
    process.kill(engine, "SIGKILL");
  });
  await noneLeft(site.dir);
  const locked = await project.up({ env: { DWTEST_CASE: "both-killed" } });
  assert.match(said(locked), "the stack is currently locked");
  const cli = path.join(packageRoot(), "dist", "sdk", "cli", "main.js");
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [cli, "recover", "--stack", "dev"],
    { cwd: site.dir, env: { ...process.env, PULUMI_HOME: path.join(site.dir, "home") } },
  );
  assert.match(stdout, /lock/);
  assert.is(await nextUp("both-killed"), containerId);
});

test("Ctrl-C once: the create is given up, its container removed, the state saved", async () => {
  const { result } = await cutOff("interrupted", (_engine, stop) => stop.abort());
  assert.is.not(result.code, 0);
  assert.ok(result.durationMs < 120_000, "it did not wait for the gate's end");
  assert.match(said(result), "was stopped on request before it was ready");
  await noneLeft(site.dir);
  assert.equal(await site.named("interrupted"), []);
  assert.equal((await project.recover()).found, []);
  await nextUp("interrupted");
});

test("Ctrl-C twice: nothing stays behind after the next update", async () => {
  const { result } = await cutOff("impatient", async (engine, stop) => {
    stop.abort();
    // Two signals at once would count as one.
    await sleep(20);
    if (isAlive(engine)) process.kill(engine, "SIGINT");
  });
  assert.is.not(result.code, 0);
  await noneLeft(site.dir);
  const report = await project.recover();
  assert.ok(report.cleared, report.says);
  await nextUp("impatient");
});

test("a destroy leaves nothing", async () => {
  const destroy = succeeded(await project.destroy());
  assert.equal(await leftOf(site, destroy), nothing);
  await noneLeft(site.dir);
});

test.run();
