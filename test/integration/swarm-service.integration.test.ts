// The same service on a Docker host and then on a swarm: only `on`, and what it stands on, change. On both
// it is reached by its name, and new tasks run before old ones end.

import { setTimeout as sleep } from "node:timers/promises";
import * as assert from "uvu/assert";
import { missingForLab } from "../lab/hosts.ts";
import { rowsOf, said, succeeded } from "../support/site.ts";
import { suite } from "../support/suite.ts";
import { makeSwarmLab, type SwarmLab } from "./swarm/lab.ts";
import { serviceProgram } from "./swarm/service-program.ts";

const test = suite("integration/swarm-service", {
  long: true,
  timeoutMs: 400_000,
  missing: missingForLab(),
});
const log = (line: string) => process.stdout.write(`${line}\n`);
const replicas = 2;
let swarm: SwarmLab;

test.before(async () => {
  swarm = await makeSwarmLab({ managers: ["m1"], workers: ["w1", "d1"] }, serviceProgram, log);
});
test.after(async () => {
  await swarm.close();
});

const lines = (text: string) => (text === "" ? [] : text.split("\n"));

/** What a client in the service's network hears from each address that the name leads to. */
async function heard(host: string): Promise<readonly string[]> {
  const { networkName } = await swarm.project.outputs();
  const image = await swarm.sure(host, "docker image ls -q | head -n 1");
  const run = `docker run -d --name asking --network ${String(networkName)} -e ASK=http://shop:8080/`;
  const enough =
    "for i in $(seq 100); do [ $(docker logs asking | wc -l) -ge 20 ] && break; sleep 0.2; done";
  const line = `${run} ${image} >/dev/null; ${enough}; docker logs asking; docker rm -f asking >/dev/null`;
  return lines(await swarm.sure(host, line));
}

/** How many of the service's containers ran at the worst moment since then, on all these hosts. */
async function fewest(hosts: readonly string[], since: string): Promise<number> {
  const words = "--filter event=start --filter event=die --filter type=container";
  const form = "{{.TimeNano}} {{.Action}} {{.Actor.Attributes.name}}";
  // The second that has begun belongs to it: Docker waits for its end.
  const ask = `docker events --since ${since} --until "$(($(date +%s) + 1))" ${words} --format '${form}'`;
  const all = await Promise.all(hosts.map(async (host) => lines(await swarm.sure(host, ask))));
  const events = all
    .flat()
    .map((line) => line.split(" "))
    .filter(([, , name = ""]) => name.startsWith("shop"))
    .sort(([a = ""], [b = ""]) => a.localeCompare(b));
  let running = replicas;
  const counts = events.map(([, action]) => {
    running += action === "start" ? 1 : -1;
    return running;
  });
  assert.is(events.length, 2 * replicas, JSON.stringify(events));
  return Math.min(replicas, ...counts);
}

/** The versions that the service's containers were started with. */
async function versions(hosts: readonly string[]): Promise<readonly string[]> {
  const ask =
    "docker ps -q --filter name=shop | xargs -r docker inspect --format '{{range .Config.Env}}{{println .}}{{end}}' | grep ^VERSION";
  const all = await Promise.all(hosts.map((host) => swarm.sure(host, `${ask} || :`)));
  return all.flatMap(lines).sort();
}

const places = [
  ["daemon", ["d1"]],
  ["swarm", ["m1", "w1"]],
] as const;
for (const [on, hosts] of places) {
  test(`on a ${on} it runs, and is reached by its name`, async () => {
    await swarm.set({ more: { on }, version: "v1" });
    succeeded(await swarm.project.up());
    assert.equal(await versions(hosts), ["VERSION=v1", "VERSION=v1"]);
    const answers = await heard(hosts[0]);
    assert.ok(answers.length >= 20, answers.join());
    assert.equal([...new Set(answers)], ["ok"]);
    const again = succeeded(await swarm.project.up());
    assert.equal(rowsOf(again), [], said(again));
  });

  test(`on a ${on} new ones run before old ones end`, async () => {
    const since = await swarm.sure(hosts[0], "date +%s.%N");
    await swarm.set({ version: "v2" });
    succeeded(await swarm.project.up());
    assert.equal(await versions(hosts), ["VERSION=v2", "VERSION=v2"]);
    assert.is(await fewest(hosts, since), replicas);
    assert.equal([...new Set(await heard(hosts[0]))], ["ok"]);
  });

  test(`on a ${on} a release that does not come up leaves the former one`, async () => {
    await swarm.set({ version: "v3", more: { on, env: { BROKEN: "1" } } });
    const up = await swarm.project.up();
    assert.is.not(up.code, 0);
    assert.match(said(up), /this release is broken: v3/);
    // Swarm may start the former one anew before the one that it took it for has ended.
    const left = ["VERSION=v2", "VERSION=v2"];
    for (let tries = 40; tries > 0; tries -= 1) {
      if ((await versions(hosts)).join() === left.join()) break;
      await sleep(500);
    }
    assert.equal(await versions(hosts), left);
  });
}

test("on the swarm, nothing of it is left on the host, and no swarm after the end", async () => {
  assert.equal(await versions(["d1"]), []);
  succeeded(await swarm.project.destroy());
  for (const name of ["m1", "w1"]) {
    assert.match(await swarm.sure(name, "docker info 2>/dev/null | grep Swarm"), /inactive/);
    assert.is(await swarm.sure(name, "docker ps -aq"), "", name);
  }
});

test.run();
