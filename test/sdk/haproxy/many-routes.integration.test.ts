// Many routes behind one proxy: a route more, its servers exchanged, a route less, each under load on
// others; nothing is lost, and none takes long. `DOCKWRIGHT_ROUTES` says how many there are beforehand.
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import * as assert from "uvu/assert";
import { mapFile, routeFile } from "../../../sdk/haproxy/paths.ts";
import { ensureRoute, removeRoute } from "../../../sdk/haproxy/route.ts";
import type { ServerSpec } from "../../../sdk/haproxy/types.ts";
import { startLoad } from "../../support/outcomes.ts";
import { freePort } from "../../support/ports.ts";
import { suite } from "../../support/suite.ts";
import { get, type Lab, missingHaproxy, routeSpec, startLab } from "./lab.ts";

const count = Number(process.env["DOCKWRIGHT_ROUTES"] ?? 100);
/** A bound on what hangs, not a figure: on a machine that is busy everything takes its time. */
const limitMs = 30_000;

const test = suite("many routes", { timeoutMs: 180_000, missing: missingHaproxy() });

let servers: ChildProcess | undefined;

/** Lays down the files of so many routes, as their resources would have left them. */
function seed({ paths }: Lab): void {
  const named = (text: string, at: number) => text.replaceAll("seed0", `seed${at}`);
  const route = readFileSync(routeFile(paths, "seed0"), "utf8");
  const lines = readFileSync(mapFile(paths), "utf8");
  let map = "";
  for (let at = 0; at < count; at += 1) {
    if (at > 0) writeFileSync(routeFile(paths, `seed${at}`), named(route, at));
    map += named(lines, at);
  }
  writeFileSync(mapFile(paths), map);
}

/**
 * Servers that answer with their names, in a process of their own that hundreds of checks a second do
 * not keep busy. They end with the test.
 */
async function startServers(
  { folder }: Lab,
  names: readonly string[],
): Promise<readonly ServerSpec[]> {
  const specs: ServerSpec[] = [];
  let config = "defaults\n  mode http\n  timeout client 60s\n  timeout http-keep-alive 60s\n";
  for (const name of names) {
    const port = await freePort();
    const answer = `http-request return status 200 content-type text/plain string ${name}`;
    config += `frontend ${name}\n  bind 127.0.0.1:${port}\n  ${answer}\n`;
    specs.push({ name, host: "127.0.0.1", address: "127.0.0.1", port });
  }
  writeFileSync(`${folder}/servers.cfg`, config);
  servers = spawn("haproxy", ["-db", "-f", `${folder}/servers.cfg`], { stdio: "ignore" });
  return specs;
}

test.after(() => {
  servers?.kill("SIGTERM");
});

test(`beside ${count} routes, changes of one lose no request of any`, async () => {
  const lab = await startLab();
  try {
    const agent = await lab.agent();
    const [all, old, next] = await startServers(lab, ["all", "old", "next"]);
    if (all === undefined || old === undefined || next === undefined) throw new Error("no server");
    await ensureRoute(agent, routeSpec("seed0", [all]));
    seed(lab);
    const took: Record<string, number> = {};
    const timed = async (what: string, work: () => Promise<unknown>) => {
      const started = performance.now();
      await work();
      took[what] = Math.round(performance.now() - started);
    };
    // The first reload takes all of them in.
    await timed("all", () => ensureRoute(agent, routeSpec("shop", [old])));
    const hosts = ["seed0.test", `seed${count - 1}.test`, "shop.test"];
    for (const host of hosts) {
      const body = host === "shop.test" ? "old" : "all";
      assert.is((await get(lab, { host })).body, body, host);
    }
    const loads = await Promise.all([
      ...hosts.map((host) => startLoad({ url: lab.url, host, rate: 10 })),
      ...hosts.map((host) =>
        startLoad({ url: lab.url, host, mode: "keepalive", concurrency: 2, pauseMs: 100 }),
      ),
    ]);
    await timed("added", () => ensureRoute(agent, routeSpec("blog", [old])));
    await timed("exchanged", () => ensureRoute(agent, routeSpec("shop", [next])));
    await timed("removed", () => removeRoute(agent, "blog"));
    for (const load of loads) {
      const { failed, firstFailures } = await load.stop();
      assert.is(failed, 0, JSON.stringify(firstFailures));
    }
    assert.is((await get(lab, { host: "shop.test" })).body, "next");
    const figures = JSON.stringify({ ...took, load: loadavg()[0] });
    process.stdout.write(`  ${count} routes, milliseconds: ${figures}\n`);
    for (const [what, ms] of Object.entries(took)) assert.ok(ms < limitMs, `${what} took ${ms} ms`);
  } finally {
    await lab.close();
  }
});

test.run();
