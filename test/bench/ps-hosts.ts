// `dockwright ps` over four hosts of the lab, a daemon and two containers each, over SSH: what it takes
// beyond the start of the command. In the same turn, what Pulumi's own CLI takes to tell the state.
import * as path from "node:path";
import { ErrorCode, SdkError } from "../../sdk/errors.ts";
import type { Lab, LabHost } from "../lab/hosts.ts";
import { makeAnswerer } from "../support/answerer.ts";
import type { Bench, BenchContext } from "./bench.ts";
import { atMostMore, type Figure, figureOf, type Goal, takeTurns } from "./figure.ts";
import { withHosts, writeLogins } from "./hosts.ts";
import { BenchStack } from "./project.ts";

const hostCount = 4;
const containerCount = 8;

const program = `
import { readFileSync } from "node:fs";
import { Daemon, Host, HostPool, Image, Service } from "dockwright";
const logins = JSON.parse(readFileSync(new URL("hosts.json", import.meta.url), "utf8"));
const hosts = logins.map(({ name, ...login }) => {
  const host = new Host(name, login);
  return [name, { daemon: new Daemon(name + "-docker", { host, adopt: true }), address: login.address }];
});
const pool = new HostPool("pool", { hosts: Object.fromEntries(hosts) });
const image = pool.each((daemon, { name }) =>
  new Image("answerer-" + name, { daemon, build: { context: "answerer", builder: "classic" } }));
new Service("web", { on: pool, image, port: 8080, replicas: ${containerCount}, health: { http: "/healthz" } });
`;

const shown: Goal = {
  text: "none: what `pulumi stack export` takes, which it runs, is shown",
  holds: () => true,
};

async function makeStack(context: BenchContext, hosts: readonly LabHost[]): Promise<BenchStack> {
  const stack = await BenchStack.make(context, { name: "ps", program });
  const folder = path.join(context.directory, "ps");
  await writeLogins(folder, hosts);
  await makeAnswerer(path.join(folder, "answerer"));
  return stack;
}

/** Seconds of `ps`, which has to find every container as it was made. */
async function list(stack: BenchStack): Promise<number> {
  const { stdout, seconds } = await stack.command("ps", "--check", "--json", "--stack", "bench");
  const { containers } = JSON.parse(stdout) as { readonly containers: readonly unknown[] };
  if (containers.length === containerCount) return seconds;
  const words = `ps lists ${containers.length} containers and not ${containerCount}`;
  throw new SdkError(ErrorCode.CommandFailed, words, { cause: new Error(stdout) });
}

async function measure(context: BenchContext, { hosts }: Lab): Promise<readonly Figure[]> {
  const stack = await makeStack(context, hosts);
  context.log(`makes ${containerCount} containers on ${hostCount} hosts`);
  await stack.up(/created/);
  const states: number[] = [];
  const turns = await takeTurns(
    {
      value: async () => {
        states.push(await stack.readState());
        return await list(stack);
      },
      floor: async () => (await stack.command("--version")).seconds,
    },
    context,
  );
  // The first was the warm-up's.
  const besideState = turns.map(({ value }, at) => ({ value, floor: states[at + 1] ?? 0 }));
  return [
    figureOf({ name: "ps-hosts", unit: "s", goal: atMostMore(1, "s") }, turns),
    figureOf({ name: "ps-hosts-state", unit: "s", goal: shown }, besideState),
  ];
}

function run(context: BenchContext): Promise<readonly Figure[]> {
  const specs = Array.from({ length: hostCount }, (_, at) => ({
    name: `host${at + 1}`,
    suite: "bookworm" as const,
    docker: "installed" as const,
  }));
  return withHosts(context, specs, (lab) => measure(context, lab));
}

export const psHosts: Bench = {
  name: "ps-hosts",
  says: "`dockwright ps` over four hosts, against the start of the command alone",
  run,
};
