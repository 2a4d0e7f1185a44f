// The one who changes a route is killed with -9, before each step and at random times, under load:
// no request is lost, no lock stays, and the next run ends where the killed one would have.
import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import * as assert from "uvu/assert";
import { routeDrift } from "../../../sdk/haproxy/observe.ts";
import { ensureRoute, readRoute } from "../../../sdk/haproxy/route.ts";
import type { Agent, RouteSpec, Step } from "../../../sdk/haproxy/types.ts";
import { type Load, startLoad } from "../../support/outcomes.ts";
import { suite } from "../../support/suite.ts";
import { type Lab, missingHaproxy, routeSpec, startLab } from "./lab.ts";

const test = suite("killed", { long: true, timeoutMs: 120_000, missing: missingHaproxy() });
const script = fileURLToPath(new URL("./operator.ts", import.meta.url));
let lab: Lab;
let agent: Agent;
let load: Load | undefined;
let children: ChildProcess[] = [];

test.before.each(async () => {
  lab = await startLab();
  agent = await lab.agent();
});
test.after.each(async () => {
  load?.child.kill("SIGKILL");
  for (const child of children) child.kill("SIGKILL");
  children = [];
  await lab.close();
});

function operate(spec: RouteSpec, stopBefore?: Step["kind"]): ChildProcess {
  const order = JSON.stringify({ paths: lab.paths, spec, stopBefore });
  const child = spawn(process.execPath, [script, order], { stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  return child;
}

/** Waits for a word of the operator. */
function said(child: ChildProcess, word: string): Promise<void> {
  let output = "";
  return new Promise((resolve, reject) => {
    child.stdout?.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      if (output.split("\n").includes(word)) resolve();
    });
    child.on("close", () => reject(new Error(`it did not say "${word}": ${output}`)));
  });
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const closed = new Promise((resolve) => child.on("close", resolve));
  child.kill("SIGKILL");
  await closed;
}

async function assertConverges(spec: RouteSpec): Promise<void> {
  await ensureRoute(agent, spec, { drainTimeoutMs: 15_000, lockTimeoutMs: 5000 });
  const observed = await readRoute(agent, spec.key);
  assert.equal(routeDrift(observed, spec), []);
  assert.is(observed.loaded, true);
  const again = await ensureRoute(agent, spec);
  assert.equal([again.added, again.removed, again.reloaded], [[], [], false]);
}

const structural = { check: { path: "/healthz", intervalMs: 700 } };
const points: readonly [Step["kind"], Partial<RouteSpec>][] = [
  ["gate", {}],
  ["switch", {}],
  ["write", {}],
  ["drain", {}],
  ["free", {}],
  ["probe", structural],
  ["reload", structural],
  ["drain", structural],
];
for (const [kind, more] of points) {
  const how = more === structural ? "changing the structure" : "changing servers";
  for (const next of ["the same again", "the former again"]) {
    test(`killed before "${kind}", ${how}; then ${next}`, async () => {
      const [old, made] = [await lab.backend("v1"), await lab.backend("v2")];
      const former = routeSpec("shop", [old.spec]);
      const wanted = routeSpec("shop", [made.spec], more);
      await ensureRoute(agent, former);
      load = await startLoad({ url: lab.url, host: "shop.test", rate: 150, version: "v\\d" });
      const child = operate(wanted, kind);
      await said(child, kind);
      await kill(child);
      await assertConverges(next === "the same again" ? wanted : former);
      const gone = next === "the same again" ? old : made;
      await gone.close();
      await sleep(200);
      const summary = await load.stop();
      assert.is(summary.failed, 0, JSON.stringify(summary));
      assert.ok(summary.total > 30);
    });
  }
}

test("killed at 16 random times, servers and structure changing in turns", async () => {
  let current = await lab.backend("v0");
  await ensureRoute(agent, routeSpec("shop", [current.spec]));
  load = await startLoad({ url: lab.url, host: "shop.test", rate: 150, version: "v\\d+" });
  for (let round = 1; round <= 16; round += 1) {
    const next = await lab.backend(`v${round}`);
    const intervalMs = 500 + 100 * Math.floor(round / 2);
    const wanted = routeSpec("shop", [next.spec], { check: { path: "/healthz", intervalMs } });
    const child = operate(wanted);
    await said(child, "opened");
    await sleep(50 + Math.random() * (round % 2 === 0 ? 350 : 100));
    await kill(child);
    await assertConverges(wanted);
    await current.close();
    current = next;
  }
  const summary = await load.stop();
  assert.is(summary.failed, 0, JSON.stringify(summary));
});

test("a killed writer keeps no lock from another route's", async () => {
  const [one, other] = [await lab.backend("v1"), await lab.backend("v2")];
  const child = operate(routeSpec("shop", [one.spec]), "reload");
  await said(child, "reload");
  const waiting = ensureRoute(agent, routeSpec("other", [other.spec]), { lockTimeoutMs: 10_000 });
  await sleep(300);
  await kill(child);
  assert.equal((await waiting).added, ["v2"]);
});

test.run();
