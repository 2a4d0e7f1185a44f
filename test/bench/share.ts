// Machines that do not slow each other, on one: each host of a lab, and the tool that works on them, gets
// the same share of a core, small enough that all have theirs at once. That this was so is looked at:
// the cores of this machine must have had time left. Linux, cgroups(7), proc(5).
import { readFile, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { hierarchies, limitCpu, makeGroups, removeGroups } from "../lab/cgroups.ts";
import type { LabHost } from "../lab/hosts.ts";

/** This process and what it starts, in a share while it works. */
export interface Tool {
  /** Gives what the work gives. What was started before goes on where it is. */
  work<T>(what: () => Promise<T>): Promise<T>;
}

async function joinAll(folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    await writeFile(path.join(folder, "cgroup.procs"), String(process.pid));
  }
}

/** Gives each of the hosts that share of a core, and to `tool` another one, until the work is done. */
export async function withShares<T>(
  hosts: readonly LabHost[],
  { name, share }: { readonly name: string; readonly share: number },
  work: (tool: Tool) => Promise<T>,
): Promise<T> {
  const folders = await makeGroups(name);
  const roots = (await hierarchies()).map(({ mount }) => mount);
  try {
    await limitCpu(name, share);
    for (const host of hosts) await host.limitCpu(share);
    return await work({
      work: async (what) => {
        await joinAll(folders);
        return await what().finally(() => joinAll(roots));
      },
    });
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
