// CPU and memory of all that a piece of work starts, also of what leaves its parents: its processes are
// known by a control group of their own. Linux, cgroups(7); needs root.
import { mkdir, readFile, rmdir, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ErrorCode, SdkError } from "../../sdk/errors.ts";
import { hierarchies, processesIn } from "../lab/cgroups.ts";

export interface Usage {
  /** User and system time of every process, in seconds. */
  readonly cpuSeconds: number;
  /**
   * What they held at the most at one time, in MB: the proportional set size, which shares what
   * several of them map.
   */
  readonly peakMegabytes: number;
}

/** The peak of a program that only starts is over in some tens of milliseconds. */
const sampleEveryMs = 10;
/** How often it is looked whether all have left. */
const leavingMs = 100;

interface Group {
  readonly folder: string;
  readonly cpuSeconds: () => Promise<number>;
}

/** Where this machine counts CPU time: version 1's own hierarchy, or version 2. */
async function makeGroup(name: string): Promise<Group> {
  const all = await hierarchies();
  const first = all.find(({ type, options }) => type === "cgroup" && /\bcpuacct\b/.test(options));
  const found = first ?? all.find(({ type }) => type === "cgroup2");
  if (!found) throw new SdkError(ErrorCode.Missing, "no control group counts CPU time here");
  const folder = path.join(found.mount, name);
  await mkdir(folder, { recursive: true });
  const read = (file: string) => readFile(path.join(folder, file), "utf8");
  return {
    folder,
    cpuSeconds: first
      ? async () => Number(await read("cpuacct.usage")) / 1e9
      : async () => Number(/usage_usec (\d+)/.exec(await read("cpu.stat"))?.[1]) / 1e6,
  };
}

/** PF_FORKNOEXEC of the flags in proc_pid_stat(5): made, and not yet a program of its own. */
const forkedOnly = 0x40;

/** None of a process that is about to become another: what it maps is its parent's, and counted there. */
async function megabytesOf(pid: number): Promise<number> {
  const read = (file: string) => readFile(`/proc/${pid}/${file}`, "utf8").catch(() => "");
  const text = await read("smaps_rollup");
  // After the name, which may hold anything: the state, then five numbers, then the flags.
  const flags = /.*\) \S(?: -?\d+){5} (\d+)/s.exec(await read("stat"))?.[1];
  if ((Number(flags ?? 0) & forkedOnly) !== 0) return 0;
  return Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1] ?? 0) / 1024;
}

/** Measures what `work` starts; what this process itself uses is left out. */
export async function measureUsage(name: string, work: () => Promise<unknown>): Promise<Usage> {
  const group = await makeGroup(name);
  const parent = path.dirname(group.folder);
  const join = (folder: string) =>
    writeFile(path.join(folder, "cgroup.procs"), String(process.pid));
  await join(group.folder);
  const own = process.cpuUsage();
  const before = await group.cpuSeconds();
  let done = false;
  let peakMegabytes = 0;
  const sample = async () => {
    while (!done) {
      const others = (await processesIn(group.folder)).filter((pid) => pid !== process.pid);
      const sizes = await Promise.all(others.map(megabytesOf));
      peakMegabytes = Math.max(
        peakMegabytes,
        sizes.reduce((sum, size) => sum + size, 0),
      );
      await sleep(sampleEveryMs);
    }
  };
  const sampling = sample();
  try {
    await work();
    done = true;
    await sampling;
    // What has not left yet goes on using a little.
    for (let left = 100; left > 0 && (await processesIn(group.folder)).length > 1; left--) {
      await sleep(leavingMs);
    }
    const all = (await group.cpuSeconds()) - before;
    const { user, system } = process.cpuUsage(own);
    return { cpuSeconds: all - (user + system) / 1e6, peakMegabytes };
  } finally {
    done = true;
    await join(parent);
    await rmdir(group.folder).catch(() => undefined);
  }
}
