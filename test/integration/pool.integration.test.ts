// A service over a pool of hosts, each with a proxy, under load from another network namespace: rolled
// out by every strategy that needs no outage, refused as a whole when one host fails, taken back on
// all when one host does not answer after the move, cut off by kills.

import { setTimeout as sleep } from "node:timers/promises";
import * as assert from "uvu/assert";
import { missingForLab } from "../lab/hosts.ts";
import { chances } from "../support/cutproxy.ts";
import { startSockets } from "../support/outcomes.ts";
import { isAlive, noneLeft, pidsOf, until } from "../support/processes.ts";
import { fetchPage, rowsOf, said, succeeded } from "../support/site.ts";
import { suite } from "../support/suite.ts";
import { makePoolLab, type PoolLab, sure } from "./pool/lab.ts";
import { lossless } from "./pool/loads.ts";

const count = Number(process.env["DOCKWRIGHT_POOL_HOSTS"] ?? 2);
const rollouts = Number(process.env["DOCKWRIGHT_ROLLOUTS"] ?? 2);
const kills = Number(process.env["DOCKWRIGHT_ROLLOUT_KILLS"] ?? 1);
const seed = Number(process.env["DOCKWRIGHT_SEED"] ?? Date.now() % 100_000);
/** How a service fails on one host, once it is asked through a proxy: it says so, or says nothing. */
const faults = rollouts > 2 ? ["flip", "hang"] : ["flip"];
/** From the first answer of a release that is taken back to its last; among other tests, with room. */
const backWithinMs = rollouts > 2 ? 10_000 : 40_000;
const test = suite("integration/pool", {
  timeoutMs: (300 + (rollouts + 2 * kills) * 60) * 1000,
  missing: missingForLab(),
});
const log = (line: string) => process.stdout.write(`${line}\n`);

let pool: PoolLab;
let releases = 1;

test.before(async () => {
  pool = await makePoolLab(count, "pool", { log });
});
test.after(async () => {
  await pool.close();
});

const pages = () => Promise.all(pool.hosts.map((host) => fetchPage(pool.url(host), "shop.test")));
const runningOn = async () =>
  Object.fromEntries(
    await Promise.all(
      pool.hosts.map(async (host) => [host.name, await pool.containers(host, true)] as const),
    ),
  );

/** Which release answers at the first proxy. */
const served = async () => (await pages())[0]?.split(" ")[1] ?? "";

async function assertVersion(version: string): Promise<void> {
  for (const page of await pages()) assert.match(page, new RegExp(`^200 ${version} `));
}

test("one update: hosts, daemons, proxies and the service on all of them", async () => {
  succeeded(await pool.project.up());
  await assertVersion("v1");
  const on = await runningOn();
  for (const { name } of pool.hosts) assert.is(on[name]?.length, 1, `one on ${name}`);
});

/** `recreate` is not among them: it is an outage, and its preview says so (rollout.integration). */
const strategies = [
  { strategy: "blueGreen" },
  { strategy: "rolling" },
  { strategy: "rolling", batch: "50%" },
] as const;
/** How long an update of the pool takes here. */
let rolloutMs = 14_000;

test(`${rollouts} rollouts in a row, over the strategies, under load: no request fails`, async () => {
  const endedAt: Record<string, number> = {};
  const startedAt = performance.now();
  const sum = await lossless(pool, "rollouts", async () => {
    for (let left = rollouts; left > 0; left -= 1) {
      const was = pool.settings().version;
      releases += 1;
      const rollout = strategies[(rollouts - left) % strategies.length] ?? {};
      await pool.set({ version: `v${releases}`, rollout });
      succeeded(await pool.project.up());
      endedAt[was] = Date.now();
      await assertVersion(`v${releases}`);
    }
  });
  rolloutMs = (performance.now() - startedAt) / rollouts;
  // As many as a soak of thirty has to show.
  if (rollouts >= 30) assert.ok(sum.requests >= 50_000, `${sum.requests} requests`);
  for (const [was, at] of Object.entries(endedAt)) {
    for (const heard of [sum.heard[was], sum.heardBySockets[was]]) {
      assert.ok(heard !== undefined && heard.lastAt <= at, `${was} answers after its rollout`);
    }
  }
  const sockets = pool.hosts.length;
  assert.ok(sum.moved >= sockets * rollouts, `${sum.moved} WebSockets moved`);
  assert.ok(sum.moved <= sockets * rollouts * count, `${sum.moved} WebSockets moved`);
  for (const host of pool.hosts) assert.is((await pool.containers(host)).length, 1);
});

test("two phases: a release that is sick on one host is never seen on any", async () => {
  const last = pool.hosts.at(-1);
  if (last === undefined) throw new Error("no host");
  const was = pool.settings().version;
  releases += 1;
  await pool.flag(last, `sick-v${releases}`, true);
  await pool.set({ version: `v${releases}`, rollout: {}, readyMs: 4_000 });
  const sum = await lossless(pool, "sick on one host", async () => {
    const failed = await pool.project.up();
    assert.is.not(failed.code, 0);
    assert.match(said(failed), /did not get ready/);
  });
  assert.equal([Object.keys(sum.heard), Object.keys(sum.heardBySockets)], [[was], [was]]);
});

for (const fault of faults) {
  test(`a move that fails on one host (${fault}) is taken back on all at once`, async () => {
    const [first] = pool.hosts;
    if (first === undefined) throw new Error("no host");
    const was = await served();
    releases += 1;
    const bad = `v${releases}`;
    await pool.flag(first, `${fault}-${bad}`, true);
    await pool.set({ version: bad, readyMs: 15_000 });
    const sum = await lossless(pool, `a move taken back (${fault})`, async () => {
      const failed = await pool.project.up();
      assert.is.not(failed.code, 0);
      assert.match(said(failed), /after the move; the former state is back/);
      await assertVersion(was);
    });
    const { firstAt = 0, lastAt = 0 } = sum.heard[bad] ?? {};
    log(`  ${bad} was heard for ${lastAt - firstAt} ms`);
    assert.ok(firstAt > 0, "the move was made");
    assert.ok(lastAt - firstAt < backWithinMs, `${lastAt - firstAt} ms`);
  });
}

test.long(
  "a container that is ended behind the rollout's back fails the update, by name",
  async () => {
    const [first] = pool.hosts;
    if (first === undefined) throw new Error("no host");
    releases += 1;
    const version = `v${releases}`;
    await pool.set({ version, rollout: { drainTimeoutMs: 60_000 } });
    // It stays on a server that leaves, so that the rollout waits once the requests have moved.
    const url = `${pool.url(first).replace("http", "ws")}ws`;
    const socket = await startSockets({ url, host: "shop.test" });
    const update = pool.project.up();
    const moved = async () => (await served()) === version;
    const ended = update.then((result) => {
      throw new Error(`the rollout did not wait: ${said(result)}`);
    });
    await Promise.race([until("the requests have moved", moved, 200_000), ended]);
    const name = await sure(first, "docker ps -n 1 --filter name=shop- --format '{{.Names}}'");
    await sure(first, `docker stop -t 0 ${name}`);
    await socket.stop();
    const failed = await update;
    assert.is.not(failed.code, 0);
    const words = `is not what was planned: the container "${name}" on ${first.name} does not run`;
    assert.match(said(failed), words);
    await pool.set({ rollout: {} });
    succeeded(await pool.project.up());
    await assertVersion(version);
    for (const host of pool.hosts) assert.is((await pool.containers(host, true)).length, 1);
  },
);

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
  await lossless(pool, "kills", async () => {
    for (let at = 0; at < kills; at += 1) {
      releases += 1;
      const rollout = strategies[Math.floor(random() * strategies.length)] ?? {};
      await pool.set({ version: `v${releases}`, rollout });
      const victim = victims[at % victims.length] ?? "both";
      const afterMs = Math.floor(random() * rolloutMs);
      await killAt(afterMs, victim);
      let next = await pool.project.up();
      if (next.code !== 0) {
        const words = said(next);
        assert.ok(words.includes("pulumi cancel"), `the lock is cleared by words: ${words}`);
        await pool.project.recover();
        next = await pool.project.up();
      }
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
