// Machines that do not slow each other, on one: each host of a lab has a core of its own, and the tool
// that works on them two, all as fast as each other: the same share of a core of this machine, small
// enough that all have theirs at once. That this was so is looked at: the cores of this machine must have
// had time left. Linux, cgroups(7), proc(5).
import { readFile, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { hierarchies, limitCpu, makeGroups, processesIn, removeGroups } from "../lab/cgroups.ts";
import type { LabHost } from "../lab/hosts.ts";

/** What a piece of work starts, in the tool's share. */
export interface Tool {
  /** Gives what the work gives. It must start its first process before anything that takes long. */
  work<T>(what: () => Promise<T>): Promise<T>;
}

/**
 * A process that works cannot have more than a core, and a share of a core is as fast a core: so each of
 * the tool's three has one share, and all together two. By what their command lines have; the first, which
 * has all others, is the engine.
 */
const parts = { program: /--monitor/, plugin: /pulumi-resource-dockwright/ } as const;
type Part = "engine" | keyof typeof parts;
const toolCores = 2;
/** How often it is looked for processes that have just been started. */
const sortEveryMs = 20;

type Folders = readonly string[];

/** A process that has ended meanwhile goes nowhere. */
async function move(pid: number, folders: Folders): Promise<void> {
  for (const folder of folders) {
    await writeFile(path.join(folder, "cgroup.procs"), String(pid)).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    });
  }
}

/** Moves processes from the engine's group into those of their own. */
async function sort(groups: Readonly<Record<Part, Folders>>): Promise<void> {
  for (const pid of await processesIn(groups.engine[0] ?? "")) {
    const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    const part = (["program", "plugin"] as const).find((name) => parts[name].test(command));
    if (part !== undefined) await move(pid, groups[part]);
  }
}

/** Begins in the engine's group, so that what it starts is there, and leaves it then itself. */
async function workIn<T>(
  groups: Readonly<Record<Part, Folders>>,
  roots: Folders,
  what: () => Promise<T>,
): Promise<T> {
  await move(process.pid, groups.engine);
  const ended = new AbortController();
  const working = what().finally(() => {
    ended.abort();
  });
  // It is looked at below.
  working.catch(() => undefined);
  const started = async () => (await processesIn(groups.engine[0] ?? "")).length > 1;
  try {
    while (!ended.signal.aborted && !(await started())) await sleep(1);
  } finally {
    await move(process.pid, roots);
  }
  while (!ended.signal.aborted) {
    await sort(groups);
    await sleep(sortEveryMs);
  }
  return await working;
}

/** Gives each of the hosts that share of a core, and `tool` its own, until the work is done. */
export async function withShares<T>(
  hosts: readonly LabHost[],
  { name, share }: { readonly name: string; readonly share: number },
  work: (tool: Tool) => Promise<T>,
): Promise<T> {
  const roots = (await hierarchies()).map(({ mount }) => mount);
  await makeGroups(name);
  try {
    await limitCpu(name, toolCores * share);
    const make = async (part: Part) => {
      const folders = await makeGroups(`${name}/${part}`);
      await limitCpu(`${name}/${part}`, share);
      return folders;
    };
    const groups = {
      engine: await make("engine"),
      program: await make("program"),
      plugin: await make("plugin"),
    };
    for (const host of hosts) await host.limitCpu(share);
    return await work({ work: (what) => workIn(groups, roots, what) });
  } finally {
    for (const host of hosts) await host.limitCpu(undefined);
    await removeGroups(name);
  }
}

/** Ticks of all cores since the start, from the text of /proc/stat: those with nothing to do, and all. */
export function parseTicks(stat: string): { readonly idle: number; readonly all: number } {
  const [first = ""] = stat.split("\n");
  // user, nice, system, idle, iowait, irq, softirq, steal; guests' are in user's.
  const ticks = first.trim().split(/\s+/).slice(1, 9).map(Number);
  const [, , , idle = 0, waiting = 0] = ticks;
  return { idle: idle + waiting, all: ticks.reduce((sum, each) => sum + each, 0) };
}

/** How much of this machine's cores had nothing to do while it ran, in percent. */
export async function idlePercent(work: () => Promise<unknown>): Promise<number> {
  const read = async () => parseTicks(await readFile("/proc/stat", "utf8"));
  const before = await read();
  await work();
  const after = await read();
  return (100 * (after.idle - before.idle)) / (after.all - before.all);
}
