// A service over a pool of hosts, each with a proxy: placed, rolled out by every strategy under load
// from another network namespace, refused as a whole when one host fails, moved off a host that drains.

import { setTimeout as sleep } from "node:timers/promises";
import * as assert from "uvu/assert";
import { missingForLab } from "../lab/hosts.ts";
import { chances } from "../support/cutproxy.ts";
import { type Load, startLoad } from "../support/outcomes.ts";
import { isAlive, noneLeft, pidsOf } from "../support/processes.ts";
import { fetchPage, rowsOf, said, succeeded } from "../support/site.ts";
import { suite } from "../support/suite.ts";
import { makePoolLab, type PoolLab } from "./pool/lab.ts";

const count = Number(process.env["DOCKWRIGHT_POOL_HOSTS"] ?? 2);
const rollouts = Number(process.env["DOCKWRIGHT_ROLLOUTS"] ?? 2);
const kills = Number(process.env["DOCKWRIGHT_ROLLOUT_KILLS"] ?? 1);
const seed = Number(process.env["DOCKWRIGHT_SEED"] ?? Date.now() % 100_000);
/** About as long as an update of the pool takes. */
const rolloutMs = 14_000;
const test = suite("integration/pool", {
  timeoutMs: (300 + (rollouts + 2 * kills) * 60) * 1000,
  missing: missingForLab(),
});
const log = (line: string) => process.stdout.write(`${line}\n`);

let pool: PoolLab;
let releases = 1;

test.before(async () => {
  pool = await makePoolLab(count, "pool", log);
});
test.after(async () => {
  await pool.close();
});

const pages = () => Promise.all(pool.hosts.map((host) => fetchPage(pool.url(host))));
const runningOn = async () =>
  Object.fromEntries(
    await Promise.all(
      pool.hosts.map(async (host) => [host.name, await pool.containers(host, true)] as const),
    ),
  );

async function assertVersion(version: string): Promise<void> {
  for (const page of await pages()) assert.match(page, new RegExp(`^200 ${version} `));
}

/** Clients of every kind on every proxy: new connections, kept ones, and slow requests. */
function startLoads(): Promise<readonly Load[]> {
  const version = "^\\w+";
  return Promise.all(
    pool.hosts.flatMap((host) => {
      const url = pool.url(host);
      return [
        startLoad({ url, rate: 20, version }),
        startLoad({ url, mode: "keepalive", concurrency: 2, pauseMs: 200, version }),
        startLoad({ url: `${url}?ms=5000`, concurrency: 1, version }),
      ];
    }),
  );
}

interface Sum {
  readonly total: number;
  readonly failed: number;
  readonly failures: readonly unknown[];
  readonly versions: Readonly<Record<string, number>>;
}

async function stopLoads(loads: readonly Load[]): Promise<Sum> {
  const all = await Promise.all(loads.map((load) => load.stop()));
  const versions: Record<string, number> = {};
  for (const one of all) {
    for (const [version, answers] of Object.entries(one.versions)) {
      versions[version] = (versions[version] ?? 0) + answers;
    }
  }
  return {
    total: all.reduce((sum, one) => sum + one.total, 0),
    failed: all.reduce((sum, one) => sum + one.failed, 0),
    failures: all.flatMap((one) => (one.failed > 0 ? [one.firstFailures] : [])),
    versions,
  };
}

/** Runs it under load, and sees to it that no request failed. */
async function lossless(what: string, run: () => Promise<void>): Promise<Sum> {
  const loads = await startLoads();
  try {
    await run();
  } finally {
    const sum = await stopLoads(loads);
    log(`  ${what}: ${sum.total} requests, ${sum.failed} failed`);
    assert.is(sum.failed, 0, JSON.stringify(sum.failures));
    assert.ok(sum.total > 0);
    // biome-ignore lint/correctness/noUnsafeFinally: what ran has thrown already if it failed
    return sum;
  }
}

test("one update: hosts, daemons, proxies and the service on all of them", async () => {
  succeeded(await pool.project.up());
  await assertVersion("v1");
  const on = await runningOn();
  for (const { name } of pool.hosts) assert.is(on[name]?.length, 1, `one on ${name}`);
  const again = succeeded(await pool.project.up());
  assert.equal(rowsOf(again), [], said(again));
});

const strategies = [{ strategy: "blueGreen" }, { strategy: "rolling" }] as const;

test(`${rollouts} rollouts in a row, over the strategies, under load: no request fails`, async () => {
  await lossless("rollouts", async () => {
    for (let left = rollouts; left > 0; left -= 1) {
      releases += 1;
      const rollout = strategies[left % strategies.length] ?? {};
      await pool.set({ version: `v${releases}`, rollout });
      succeeded(await pool.project.up());
      await assertVersion(`v${releases}`);
    }
  });
  for (const host of pool.hosts) assert.is((await pool.containers(host)).length, 1);
});

test("two phases: a release that is sick on one host is never seen on any", async () => {
  const last = pool.hosts.at(-1);
  if (last === undefined) throw new Error("no host");
  const before = await runningOn();
  const was = pool.settings().version;
  releases += 1;
  await pool.flag(last, `sick-v${releases}`, true);
  await pool.set({ version: `v${releases}`, rollout: {} });
  const sum = await lossless("sick on one host", async () => {
    const failed = await pool.project.up();
    assert.is.not(failed.code, 0);
    assert.match(said(failed), /did not get ready/);
  });
  assert.equal(Object.keys(sum.versions), [was]);
  await pool.set({ version: was });
  succeeded(await pool.project.up());
  assert.equal(await runningOn(), before);
});

test("a move that fails on one host is taken back on all within 10 s", async () => {
  const [first] = pool.hosts;
  if (first === undefined) throw new Error("no host");
  const was = pool.settings().version;
  releases += 1;
  await pool.flag(first, `flip-v${releases}`, true);
  await pool.set({ version: `v${releases}` });
  const loads = await startLoads();
  const failed = await pool.project.up();
  const sum = await stopLoads(loads);
  assert.is.not(failed.code, 0);
  assert.match(said(failed), /after the move; the former state is back/);
  assert.is(sum.failed, 0, JSON.stringify(sum.failures));
  await assertVersion(was);
  await pool.set({ version: was });
  succeeded(await pool.project.up());
});

test("a host that drains gives its containers away, and takes them back when it no longer does", async () => {
  const [first] = pool.hosts;
  if (first === undefined) throw new Error("no host");
  await lossless("a host drained and taken back", async () => {
    await pool.set({ drain: [first.name] });
    const preview = said(succeeded(await pool.project.preview()));
    assert.match(preview, new RegExp(`${first.name}`));
    succeeded(await pool.project.up());
    assert.equal(await pool.containers(first), []);
    await assertVersion(pool.settings().version);
    await pool.set({ drain: [] });
    succeeded(await pool.project.up());
    for (const host of pool.hosts) assert.is((await pool.containers(host)).length, 1);
  });
});

/** Whom a run is cut off from: the engine, the plugin, or both. */
const victims = ["engine", "plugin", "both"] as const;

async function killAt(afterMs: number, victim: (typeof victims)[number]): Promise<void> {
  let engine = 0;
  const update = pool.project.up({
    onStart: (pid) => {
      engine = pid;
    },
  });
  await Promise.race([update, sleep(afterMs)]);
  const pids = victim === "engine" ? [] : await pidsOf(pool.site.dir, "pulumi-resource-dockwright");
  for (const pid of victim === "plugin" ? pids : [...pids, engine]) {
    if (pid > 0 && isAlive(pid)) process.kill(pid, "SIGKILL");
  }
  await update;
  await noneLeft(pool.site.dir);
}

test(`killed at ${kills} random points of rollouts: the next update converges, no request fails`, async () => {
  const random = chances(seed);
  log(`  seed ${seed}`);
  await lossless("kills", async () => {
    for (let at = 0; at < kills; at += 1) {
      releases += 1;
      const rollout = strategies[Math.floor(random() * strategies.length)] ?? {};
      await pool.set({ version: `v${releases}`, rollout });
      const victim = victims[at % victims.length] ?? "both";
      const afterMs = Math.floor(random() * rolloutMs);
      await killAt(afterMs, victim);
      await pool.project.recover();
      const next = await pool.project.up();
      assert.is(next.code, 0, `${victim} after ${afterMs} ms: ${said(next)}`);
      await assertVersion(`v${releases}`);
      for (const host of pool.hosts) {
        assert.is((await pool.containers(host)).length, 1, `${victim} after ${afterMs} ms`);
      }
    }
  });
  assert.equal(rowsOf(succeeded(await pool.project.up())), []);
});

test.run();
