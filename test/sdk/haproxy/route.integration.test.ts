// A route's life in front of a real HAProxy, under load from another process: nothing is lost, and
// what fails is taken back.
import { setTimeout as sleep } from "node:timers/promises";
import * as assert from "uvu/assert";
import { routeDifferences, routeDrift } from "../../../sdk/haproxy/observe.ts";
import { ensureRoute, readRoute, removeRoute } from "../../../sdk/haproxy/route.ts";
import type { Agent } from "../../../sdk/haproxy/types.ts";
import { lastLook } from "../../../sdk/provider/rollout/drift.ts";
import { type Load, type LoadSummary, startLoad } from "../../support/outcomes.ts";
import { until } from "../../support/processes.ts";
import { suite } from "../../support/suite.ts";
import {
  type Backend,
  errorOf,
  get,
  type Lab,
  missingHaproxy,
  routeSpec,
  startLab,
} from "./lab.ts";

const test = suite("route", { timeoutMs: 90_000, missing: missingHaproxy() });
const host = "shop.test";
let lab: Lab;
let agent: Agent;
let loads: readonly Load[] = [];

test.before.each(async () => {
  lab = await startLab();
  agent = await lab.agent();
});
test.after.each(async () => {
  for (const load of loads) load.child.kill("SIGKILL");
  loads = [];
  await lab.close();
});

/** New connections, busy keep-alive, keep-alive with pauses, and slow requests. */
async function mixedLoad(): Promise<readonly Load[]> {
  const common = { url: lab.url, host, version: "^v\\d+" };
  loads = await Promise.all([
    startLoad({ ...common, rate: 120 }),
    startLoad({ ...common, mode: "keepalive", concurrency: 2, pauseMs: 15 }),
    startLoad({ ...common, mode: "keepalive", concurrency: 10, pauseMs: 700 }),
    startLoad({ ...common, url: `${lab.url}slow/1500`, concurrency: 4 }),
  ]);
  return loads;
}

async function assertNoneFailed(loads: readonly Load[]): Promise<readonly LoadSummary[]> {
  const summaries = await Promise.all(loads.map((load) => load.stop()));
  for (const summary of summaries) {
    assert.is(summary.failed, 0, JSON.stringify(summary));
    assert.ok(summary.total > 0);
  }
  return summaries;
}

const answer = async (path = "/") => (await get(lab, { host, path })).body.trim();

test("ten switches under mixed load lose nothing, without a reload", async () => {
  let current = [await lab.backend("v0"), await lab.backend("v0")];
  const spec = (of: readonly Backend[]) =>
    routeSpec(
      "shop",
      of.map((one, index) => ({ ...one.spec, name: `${one.spec.name}-${index}` })),
    );
  await ensureRoute(agent, spec(current));
  const started = await mixedLoad();
  for (let round = 1; round <= 10; round += 1) {
    const next = [await lab.backend(`v${round}`), await lab.backend(`v${round}`)];
    const result = await ensureRoute(agent, spec(next), { drainTimeoutMs: 10_000 });
    assert.is(result.reloaded, false);
    assert.is(result.cut, 0);
    assert.equal(result.added, [`v${round}-0`, `v${round}-1`]);
    assert.equal(result.removed, [`v${round - 1}-0`, `v${round - 1}-1`]);
    // The moment it returns, the old ones may be stopped.
    for (const old of current) await old.close();
    assert.equal(routeDrift(await readRoute(agent, "shop"), spec(next)), []);
    current = next;
  }
  const [fresh] = await assertNoneFailed(started);
  assert.is(Object.keys(fresh?.versions ?? {}).length, 11);
});

test("a structural change with other servers reloads under mixed load and loses nothing", async () => {
  const old = await lab.backend("v1");
  await ensureRoute(agent, routeSpec("shop", [old.spec]));
  const started = await mixedLoad();
  await sleep(1500);
  const next = await lab.backend("v2");
  const check = { path: "/healthz?new", intervalMs: 500 };
  const spec = routeSpec("shop", [next.spec], { check });
  const result = await ensureRoute(agent, spec, { drainTimeoutMs: 20_000 });
  await old.close();
  assert.is(result.reloaded, true);
  assert.is(result.cut, 0);
  await sleep(1000);
  await assertNoneFailed(started);
  assert.is(await answer(), "v2 /");
});

test("other routes come and go under mixed load and cost nothing", async () => {
  const [shop, other] = [await lab.backend("v1"), await lab.backend("other")];
  await ensureRoute(agent, routeSpec("shop", [shop.spec]));
  const started = await mixedLoad();
  for (let round = 0; round < 3; round += 1) {
    await ensureRoute(agent, routeSpec("other", [other.spec]));
    assert.is((await get(lab, { host: "other.test" })).body, "other /\n");
    await removeRoute(agent, "other");
    assert.is((await get(lab, { host: "other.test" })).status, 404);
  }
  await assertNoneFailed(started);
});

test("a server that does not get well is never sent a request, and nothing is lost", async () => {
  const [old, sick] = [await lab.backend("v1"), await lab.backend("v2")];
  await ensureRoute(agent, routeSpec("shop", [old.spec]));
  const started = await mixedLoad();
  sick.well = false;
  const error = await errorOf(
    ensureRoute(agent, routeSpec("shop", [sick.spec]), { gateTimeoutMs: 3000 }),
  );
  assert.is(error.code, "GATE_FAILED");
  assert.match(error.message, /not well within 3000 ms: v2: L7STS.*nothing was changed$/);
  await assertNoneFailed(started);
  assert.is(sick.count, 0);
  assert.equal(routeDrift(await readRoute(agent, "shop"), routeSpec("shop", [old.spec])), []);
  const shown = await agent.talk("@1 show servers state route_shop");
  assert.not.ok(shown.includes("gate1"), "no stand-in is left over");
});

test("a failure after the switch puts the former servers back, and nothing is lost", async () => {
  const [old, next] = [await lab.backend("v1"), await lab.backend("v2")];
  await ensureRoute(agent, routeSpec("shop", [old.spec]));
  const started = await mixedLoad();
  const error = await errorOf(
    ensureRoute(agent, routeSpec("shop", [next.spec]), {
      onStep: async (step) => {
        if (step.kind !== "write") return;
        assert.is(await answer(), "v2 /", "it was switched");
        throw new Error("disk full");
      },
    }),
  );
  assert.is(error.message, "disk full; the former state is back");
  assert.is(await answer(), "v1 /");
  assert.equal(routeDrift(await readRoute(agent, "shop"), routeSpec("shop", [old.spec])), []);
  await sleep(1600);
  await assertNoneFailed(started);
  await ensureRoute(agent, routeSpec("shop", [next.spec]));
  assert.is(await answer(), "v2 /");
});

test.long(
  "a reload whose servers fail the proxy's check is taken back, and nothing is lost",
  async () => {
    const old = await lab.backend("v1");
    await ensureRoute(agent, routeSpec("shop", [old.spec]));
    const started = await mixedLoad();
    // The agent's own probe finds it well, HAProxy's check does not any more.
    const spec = routeSpec("shop", [old.spec], {
      check: { path: "/healthz", intervalMs: 300, expectStatus: "200" },
    });
    const next = await lab.backend("v2");
    next.server.on("request", (request) => {
      if (request.url === "/healthz") next.well = false;
    });
    const wanted = { ...spec, servers: [old.spec, next.spec] };
    const error = await errorOf(ensureRoute(agent, wanted, { gateTimeoutMs: 4000 }));
    assert.match(error.message, /v2: L7STS.*the former state is back$/);
    assert.equal(routeDrift(await readRoute(agent, "shop"), routeSpec("shop", [old.spec])), []);
    await sleep(1600);
    await assertNoneFailed(started);
  },
);

test("a configuration that HAProxy refuses changes nothing", async () => {
  const old = await lab.backend("v1");
  const spec = routeSpec("shop", [old.spec]);
  await ensureRoute(agent, spec);
  const bad = `${lab.paths.dataFolder}/routes/500-bad.cfg`;
  await agent.writeFile(bad, "backend route_bad\n  no such word\n");
  const wanted = { ...spec, sites: [{ host, path: "/x" }] };
  const error = await errorOf(ensureRoute(agent, wanted));
  assert.match(error.message, /haproxy refuses.*500-bad\.cfg:2.*nothing was changed$/s);
  await agent.deleteFile(bad);
  assert.is(await answer(), "v1 /");
  await ensureRoute(agent, wanted);
  assert.is(await answer("/x"), "v1 /x");
});

test.long("a configuration that passes the check but does not load is taken back", async () => {
  const old = await lab.backend("v1");
  const spec = routeSpec("shop", [old.spec]);
  await ensureRoute(agent, spec);
  // What the check cannot see: the program of the check is another one than the one that runs.
  const deceived: Agent = { ...agent, run: async () => ({ code: 0, output: "" }) };
  const wanted = { ...spec, check: { path: "/healthz", intervalMs: 900, method: "GET bad bad" } };
  const { planRoute } = await import("../../../sdk/haproxy/plan.ts");
  const { applyRoute } = await import("../../../sdk/haproxy/apply.ts");
  const observed = await readRoute(agent, "shop");
  const plan = planRoute(observed, wanted).filter((step) => step.kind !== "probe");
  const error = await errorOf(applyRoute(deceived, observed, plan));
  assert.match(error.message, /could not load the configuration.*the former state is back$/);
  assert.equal(routeDrift(await readRoute(agent, "shop"), spec), []);
  assert.is(await answer(), "v1 /");
  await lab.restart("SIGKILL");
  assert.is(await answer(), "v1 /");
});

test("a server that is busy, and slow to answer its checks, keeps its requests", async () => {
  const busy = await lab.backend("v1");
  const check = { path: "/healthz", intervalMs: 200 };
  await ensureRoute(agent, routeSpec("shop", [busy.spec], { check }));
  busy.checkMs = 700;
  const before = busy.checks;
  await until("four slow checks", () => busy.checks >= before + 4);
  assert.is(await answer(), "v1 /");
});

test("cancelled at the gate: nothing was changed", async () => {
  const [old, sick] = [await lab.backend("v1"), await lab.backend("v2")];
  await ensureRoute(agent, routeSpec("shop", [old.spec]));
  sick.well = false;
  const signal = AbortSignal.timeout(500);
  const error = await errorOf(ensureRoute(agent, routeSpec("shop", [sick.spec]), { signal }));
  assert.is(error.code, "CANCELLED");
  assert.is(await answer(), "v1 /");
});

test("after a restart of the proxy, the last servers are there", async () => {
  const [old, next] = [await lab.backend("v1"), await lab.backend("v2")];
  await ensureRoute(agent, routeSpec("shop", [old.spec]));
  await ensureRoute(agent, routeSpec("shop", [next.spec]));
  await old.close();
  await lab.restart("SIGKILL");
  assert.is(await answer(), "v2 /");
  assert.equal(routeDrift(await readRoute(agent, "shop"), routeSpec("shop", [next.spec])), []);
  assert.is((await ensureRoute(agent, routeSpec("shop", [next.spec]))).reloaded, false);
});

test("what was changed by hand is drift, and is repaired without a reload", async () => {
  const [one, two] = [await lab.backend("v1"), await lab.backend("v2")];
  const spec = routeSpec("shop", [one.spec, two.spec]);
  await ensureRoute(agent, spec);
  await agent.talk("@1 set server route_shop/s1 state maint");
  const drift = routeDrift(await readRoute(agent, "shop"), spec);
  assert.equal(drift, ["server v1 is missing"]);
  assert.is((await ensureRoute(agent, spec)).reloaded, false);
  assert.equal(routeDrift(await readRoute(agent, "shop"), spec), []);
});

test("a server that was marked down for a moment is up at the last look of a rollout", async () => {
  const one = await lab.backend("v1");
  const spec = routeSpec("shop", [one.spec]);
  await ensureRoute(agent, spec);
  await agent.talk("@1 set server route_shop/s1 health down");
  let looks = 0;
  const look = async () => {
    looks += 1;
    return routeDifferences(await readRoute(agent, "shop"), spec);
  };
  assert.equal(await lastLook(look, { timeoutMs: 5_000 }), []);
  assert.ok(looks > 1, "the first look found it down");
  await one.close();
  await until("its check fails", async () => (await look()).length > 0, 5_000);
  assert.match((await lastLook(look, { timeoutMs: 300 })).join(), "server v1 is down");
});

test.long("many servers at once, up and down", async () => {
  const many: Backend[] = [];
  for (let index = 0; index < 12; index += 1) many.push(await lab.backend(`v${index}`));
  const spec = (count: number) =>
    routeSpec(
      "shop",
      many.slice(0, count).map((one) => one.spec),
    );
  await ensureRoute(agent, spec(1));
  assert.is((await ensureRoute(agent, spec(12))).reloaded, true);
  assert.is((await ensureRoute(agent, spec(2))).reloaded, false);
  assert.is((await ensureRoute(agent, spec(12))).reloaded, false);
  assert.equal(routeDrift(await readRoute(agent, "shop"), spec(12)), []);
});

test("a TCP check will do", async () => {
  const [one, two] = [await lab.backend("v1"), await lab.backend("v2")];
  const check = { intervalMs: 1000 };
  await ensureRoute(agent, routeSpec("shop", [one.spec], { check }));
  await ensureRoute(agent, routeSpec("shop", [two.spec], { check }));
  assert.is(await answer(), "v2 /");
  const gone = await lab.backend("v3");
  await gone.close();
  const spec = routeSpec("shop", [gone.spec], { check });
  const error = await errorOf(ensureRoute(agent, spec, { gateTimeoutMs: 3000 }));
  assert.match(error.message, /v3: L4CON/);
});

test.run();
