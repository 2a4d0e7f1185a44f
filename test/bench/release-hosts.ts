// A release to one and to four hosts: a service over a pool, behind a proxy on each host, its gates and
// drains included; beside Compose and Swarm on the same hosts, in the same turn. Requests that are lost
// are counted by clients that never retry, and in a run with nothing to do, the logins on each host.
import * as path from "node:path";
import { ErrorCode, SdkError } from "../../sdk/errors.ts";
import type { Lab, LabHost } from "../lab/hosts.ts";
import { makeAnswerer } from "../support/answerer.ts";
import type { Bench, BenchContext } from "./bench.ts";
import { type Figure, figureOf, type Goal, type Turn } from "./figure.ts";
import { withHosts, writeLogins } from "./hosts.ts";
import { BenchStack } from "./project.ts";
import { type ApartSides, measureApart } from "./release-apart.ts";
import { ByHand, Compose, composePort, lostIn, prepare, Swarm, sure } from "./release-tools.ts";

const many = 4;
/** A turn is a minute or more. */
const mostTurns = 3;

const program = `
import { readFileSync } from "node:fs";
import { Bridge, Daemon, Host, HostPool, Image, Proxy, Service } from "dockwright";
const logins = JSON.parse(readFileSync(new URL("hosts.json", import.meta.url), "utf8"));
const hosts = logins.map(({ name, ...login }) => {
  // Swarm refuses a daemon that leaves containers running while it restarts.
  const options = { liveRestore: false };
  const host = new Host(name, login);
  const daemon = new Daemon(name + "-docker", { host, adopt: true, options });
  return [name, { daemon, address: login.address }];
});
const pool = new HostPool("pool", { hosts: Object.fromEntries(hosts) });
const front = pool.each((daemon, { name }) => new Bridge("front-" + name, { daemon }));
const image = pool.each((daemon, { name }) =>
  new Image("answerer-" + name, { daemon, build: { context: "answerer", builder: "classic" } }));
const proxy = pool.each((daemon, { name }) =>
  new Proxy("edge-" + name, { on: daemon, networks: [front.perHost[name]] }));
new Service("web", {
  on: pool, image, networks: [front], port: 8080, replicas: hosts.length,
  health: { http: "/healthz" }, env: { VERSION: process.env.VERSION }, routes: [{ proxy, host: "*" }],
});
`;

const unchanged = /Resources:\s+\d+ unchanged\s+Duration/;
const changed = /Resources:[\s\S]*(created|replaced)/;
const shown: Goal = { text: "none: shown beside it", holds: () => true };
const noneLost: Goal = { text: "none lost", holds: ({ value }) => value === 0 };
const onceEach: Goal = { text: "at most one login a host", holds: ({ value }) => value <= 1 };

async function makeStack(
  context: BenchContext,
  name: string,
  hosts: readonly LabHost[],
): Promise<BenchStack> {
  const stack = await BenchStack.make(context, { name, program });
  const folder = path.join(context.directory, name);
  await writeLogins(folder, hosts);
  await makeAnswerer(path.join(folder, "answerer"));
  return stack;
}

/** How often somebody has logged in, by host. */
function loginsOf(hosts: readonly LabHost[]): Promise<readonly number[]> {
  const count = "grep -c 'Accepted publickey' /var/log/services.log || :";
  return Promise.all(hosts.map(async (host) => Number(await sure(host, count))));
}

interface Sides extends ApartSides {
  readonly compose: Compose;
  readonly swarm: Swarm;
}

const names = [
  "hosts",
  "by-hand",
  "compose",
  "swarm",
  "lost-compose",
  "lost-swarm",
  "noop",
  "logins",
] as const;
type Name = (typeof names)[number];

async function turn(sides: Sides, version: string): Promise<Readonly<Record<Name, Turn>>> {
  const { single, hosts, one, four, byHand, compose, swarm } = sides;
  const env = { VERSION: version };
  const alone = await lostIn([single], 80, () => one.up(changed, env));
  const ours = await lostIn(hosts, 80, () => four.up(changed, env));
  const handed = {
    floor: await byHand[0].release(version),
    value: await byHand[1].release(version),
  };
  const theirs = await lostIn(hosts, composePort, () => compose.release(version));
  const before = await swarm.lost();
  const swarmed = await swarm.release(version);
  const lostBySwarm = (await swarm.lost()) - before;
  const logins = await loginsOf(hosts);
  const noop = await four.up(unchanged, env);
  const after = await loginsOf(hosts);
  const lost = alone.lost + ours.lost;
  return {
    hosts: { value: ours.took, floor: alone.took },
    "by-hand": handed,
    compose: { value: ours.took, floor: theirs.took },
    swarm: { value: ours.took, floor: swarmed },
    "lost-compose": { value: lost, floor: theirs.lost },
    "lost-swarm": { value: lost, floor: lostBySwarm },
    noop: { value: noop, floor: await compose.release(version) },
    logins: { value: Math.max(...after.map((count, at) => count - (logins[at] ?? 0))), floor: 1 },
  };
}

const figures: Readonly<Record<Name, { readonly unit: string; readonly goal: Goal }>> = {
  hosts: { unit: "s", goal: shown },
  "by-hand": { unit: "s", goal: shown },
  compose: { unit: "s", goal: shown },
  swarm: { unit: "s", goal: shown },
  "lost-compose": { unit: "requests", goal: noneLost },
  "lost-swarm": { unit: "requests", goal: noneLost },
  noop: { unit: "s", goal: shown },
  logins: { unit: "logins", goal: onceEach },
};

async function measure(
  { log, signal }: BenchContext,
  sides: Sides,
  count: number,
): Promise<readonly Figure[]> {
  const turns: Readonly<Record<Name, Turn>>[] = [];
  for (let at = 0; at <= count; at++) {
    signal.throwIfAborted();
    const taken = await turn(sides, `v${at + 1}`);
    const words = names.map((name) => {
      const { value, floor } = taken[name];
      return `${name} ${value.toFixed(2)}/${floor.toFixed(2)}`;
    });
    log(`${at === 0 ? "warm-up" : `turn ${at} of ${count}`}: ${words.join(", ")}`);
    if (at > 0) turns.push(taken);
  }
  return names.map((name) => {
    const rest = name === "hosts" ? "" : `-${name}`;
    const taken = turns.map((each) => each[name]);
    return figureOf({ name: `release-hosts${rest}`, ...figures[name] }, taken);
  });
}

async function withTools(context: BenchContext, { hosts }: Lab): Promise<readonly Figure[]> {
  const [first, ...four] = hosts;
  if (first === undefined) throw new SdkError(ErrorCode.Refused, "there is no host");
  const env = { VERSION: "v0" };
  const one = await makeStack(context, "one", [first]);
  const stack = await makeStack(context, "four", four);
  context.log(`a host, and ${many} hosts: the first release of each tool`);
  await one.up(changed, env);
  await stack.up(changed, env);
  const image = await prepare(hosts, path.join(context.directory, "four", "answerer"));
  const byHand = [new ByHand([first]), new ByHand(four)] as const;
  const count = Math.min(context.turns, mostTurns);
  const sides = { single: first, hosts: four, one, four: stack, byHand };
  const apart = await measureApart(context, sides, count);
  const compose = new Compose(four);
  await compose.make();
  const swarm = new Swarm(four, context.prefix);
  await swarm.make(image);
  return [...apart, ...(await measure(context, { ...sides, compose, swarm }, count))];
}

function run(context: BenchContext): Promise<readonly Figure[]> {
  const specs = Array.from({ length: many + 1 }, (_, at) => ({
    name: `host${at}`,
    suite: "trixie" as const,
    docker: "installed" as const,
    packages: ["docker-compose"],
  }));
  return withHosts(context, specs, (lab) => withTools(context, lab));
}

export const releaseHosts: Bench = {
  name: "release-hosts",
  says: "a release to four hosts, against one host, and against Compose and Swarm on the same hosts",
  run,
};
