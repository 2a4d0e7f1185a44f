// Ten hosts that are as declared, 30 resources each: `pulumi up --refresh`, which looks at every one
// of them on its host as Ansible does, against Ansible on the same things over the same sshds; and
// against one OpenSSH login a host that does nothing, all ten at once. Ansible goes second in the first
// run: that it finds nothing to change shows that both mean the same.
import { writeFile } from "node:fs/promises";
import * as path from "node:path";
import { ErrorCode, SdkError } from "../../sdk/errors.ts";
import type { Lab, LabHost } from "../lab/hosts.ts";
import { makeAnsible, runProgram, writeLogin } from "./ansible.ts";
import type { Bench, BenchContext } from "./bench.ts";
import { atMostTimes, type Figure, figureOf, type Goal, takeTurns } from "./figure.ts";
import { withHosts, writeLogins } from "./hosts.ts";
import { BenchStack } from "./project.ts";
import { playbook, recipe, thingCount } from "./things.ts";

const hostCount = 10;
/** Ansible takes a minute or more for each. */
const mostTurns = 3;

const program = `
import { readFileSync } from "node:fs";
import { Host } from "dockwright";
const read = (name) => JSON.parse(readFileSync(new URL(name, import.meta.url), "utf8"));
const recipe = read("recipe.json");
for (const { name, ...login } of read("hosts.json")) new Host(name, login).provision(recipe);
`;

const unchanged = /Resources:\s+\d+ unchanged\s+Duration/;

const fifth: Goal = {
  ...atMostTimes(0.2),
  text: "at most a fifth of the floor, which is what Ansible takes",
};
const shown: Goal = { text: "none: the ratio to one login a host is shown", holds: () => true };

async function makeStack(context: BenchContext, hosts: readonly LabHost[]): Promise<BenchStack> {
  const stack = await BenchStack.make(context, { name: "provision", program });
  const folder = path.join(context.directory, "provision");
  await writeLogins(folder, hosts);
  await writeFile(path.join(folder, "recipe.json"), JSON.stringify(recipe()));
  return stack;
}

/** One login and one command on each host at once, by OpenSSH's own client. */
async function rawLogins(context: BenchContext, hosts: readonly LabHost[]) {
  const { key, knownHosts } = await writeLogin(hosts, context.directory);
  const options = ["-F", "none", "-i", key, "-o", `UserKnownHostsFile=${knownHosts}`];
  return async () => {
    const started = performance.now();
    const ended = await Promise.all(
      hosts.map(({ address, user }) =>
        runProgram(["ssh", ...options, `${user}@${address}`, "true"], context),
      ),
    );
    const failed = ended.find(({ code }) => code !== 0);
    if (failed) throw new SdkError(ErrorCode.CommandFailed, `ssh failed: ${failed.output}`);
    return (performance.now() - started) / 1000;
  };
}

async function measure(context: BenchContext, { hosts }: Lab): Promise<readonly Figure[]> {
  const stack = await makeStack(context, hosts);
  context.log(`provisions ${hostCount} hosts with ${thingCount} resources each`);
  await stack.up(/created/);
  const ansible = await makeAnsible(context, hosts, playbook());
  const raw = await rawLogins(context, hosts);
  const logins: number[] = [];
  const turns = await takeTurns(
    {
      value: async () => {
        logins.push(await raw());
        return stack.up(unchanged, {}, ["--refresh"]);
      },
      floor: () => ansible.run(),
    },
    { turns: Math.min(context.turns, mostTurns), log: context.log },
  );
  // The first was the warm-up's.
  const besideLogins = turns.map(({ value }, at) => ({ value, floor: logins[at + 1] ?? 0 }));
  return [
    figureOf({ name: "provision-10", unit: "s", goal: fifth }, turns),
    figureOf({ name: "provision-10-login", unit: "s", goal: shown }, besideLogins),
  ];
}

function run(context: BenchContext): Promise<readonly Figure[]> {
  const specs = Array.from({ length: hostCount }, (_, at) => ({
    name: `host${at + 1}`,
    suite: "bookworm" as const,
    // Ansible's module for packages needs it.
    packages: ["python3-apt"],
  }));
  return withHosts(context, specs, (lab) => measure(context, lab));
}

export const provision10: Bench = {
  name: "provision-10",
  says: "10 hosts of 30 resources with nothing to do, against Ansible, and against a bare login",
  run,
};
