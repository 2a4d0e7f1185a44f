// Control groups of a host of its own: a folder in each hierarchy of this machine, which a cgroup
// namespace makes the host's root. What its dockerd makes lies below it and is found and taken
// away with it. Follows cgroups(7) and cgroup_namespaces(7).
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rmdir, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export interface Hierarchy {
  /** Where this machine has it. */
  readonly mount: string;
  readonly type: "cgroup" | "cgroup2";
  /** Its controllers, as mount takes them. */
  readonly options: string;
}

/** The hierarchies of this machine, from the text of /proc/self/mountinfo. */
export function parseHierarchies(mountinfo: string): readonly Hierarchy[] {
  return mountinfo.split("\n").flatMap((line) => {
    const [before = "", after = ""] = line.split(" - ");
    const [type, , options = ""] = after.split(" ");
    const mount = before.split(" ")[4];
    if (mount === undefined || (type !== "cgroup" && type !== "cgroup2")) return [];
    const kept = options.split(",").filter((word) => !/^(rw|ro|xattr)$/.test(word));
    // Options of version 2 are this machine's own choice and hold for all mounts.
    return [{ mount, type, options: type === "cgroup" ? kept.join(",") : "" }];
  });
}

export async function hierarchies(): Promise<readonly Hierarchy[]> {
  return parseHierarchies(await readFile("/proc/self/mountinfo", "utf8"));
}

/** Makes a group of this name in each hierarchy; gives their folders. */
export async function makeGroups(name: string): Promise<readonly string[]> {
  const made: string[] = [];
  for (const { mount } of await hierarchies()) {
    const group = path.join(mount, name);
    await mkdir(group, { recursive: true });
    made.push(group);
    // A new cpuset of version 1 has no processor, and takes no process until it has.
    for (const file of ["cpuset.mems", "cpuset.cpus"]) await inherit(mount, name, file);
  }
  return made;
}

async function inherit(mount: string, name: string, file: string): Promise<void> {
  if (!mount.split("/").includes("cpuset") || !existsSync(path.join(mount, file))) return;
  let folder = mount;
  for (const part of name.split("/")) {
    const value = await readFile(path.join(folder, file), "utf8");
    folder = path.join(folder, part);
    await writeFile(path.join(folder, file), value);
  }
}

/**
 * As short as may be, so that a share that is used up is given again soon. The kernel hands a share to the
 * cores in slices of 5 ms (sched_cfs_bandwidth_slice_us): of a period in which each core gets less than one,
 * processes that speak with each other over two cores cannot use what they have.
 */
const sharePeriodUs = 50_000;

/** What is written where to let a group have so much of a core, or as much as there is. */
export function cpuLimit(
  { type, options }: Pick<Hierarchy, "type" | "options">,
  share: number | undefined,
): readonly (readonly [file: string, text: string])[] {
  const quotaUs = share === undefined ? undefined : Math.round(share * sharePeriodUs);
  if (type === "cgroup2") return [["cpu.max", `${quotaUs ?? "max"} ${sharePeriodUs}`]];
  if (!options.split(",").includes("cpu")) return [];
  return [
    ["cpu.cfs_period_us", String(sharePeriodUs)],
    ["cpu.cfs_quota_us", String(quotaUs ?? -1)],
  ];
}

/**
 * Lets all processes in the group of this name, and in those below, have this share of a core together
 * and no more; without a share, as much as there is.
 */
export async function limitCpu(name: string, share: number | undefined): Promise<void> {
  const all = await hierarchies();
  // Where version 1 has the controller, the tree of version 2 does not.
  const found =
    all.find((one) => one.type === "cgroup" && cpuLimit(one, share).length > 0) ??
    all.find(({ type }) => type === "cgroup2");
  if (found === undefined) throw new Error("no control group limits CPU time here");
  if (found.type === "cgroup2") await giveCpuController(found.mount, path.dirname(name));
  for (const [file, text] of cpuLimit(found, share)) {
    await writeFile(path.join(found.mount, name, file), text);
  }
}

/** In version 2, a group has the files of a controller only where all above hand it down. */
async function giveCpuController(mount: string, name: string): Promise<void> {
  let folder = mount;
  for (const part of [".", ...name.split("/")]) {
    folder = path.join(folder, part);
    await writeFile(path.join(folder, "cgroup.subtree_control"), "+cpu");
  }
}

async function foldersBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const below = entries.filter((entry) => entry.isDirectory());
  const nested = await Promise.all(below.map(({ name }) => foldersBelow(path.join(folder, name))));
  return [...nested.flat(), folder];
}

/** The processes in the group that has this folder. */
export async function processesIn(folder: string): Promise<readonly number[]> {
  const text = await readFile(path.join(folder, "cgroup.procs"), "utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map(Number);
}

/** The living processes in the groups of this name, and in those below. */
export async function groupProcesses(name: string): Promise<readonly number[]> {
  const found = new Set<number>();
  for (const { mount } of await hierarchies()) {
    for (const folder of await foldersBelow(path.join(mount, name))) {
      for (const pid of await processesIn(folder).catch(() => [])) found.add(pid);
    }
  }
  return [...found];
}

/** Lets processes of these groups go on, such as those of paused containers: what is frozen cannot end. */
export async function thawGroups(name: string): Promise<void> {
  const words = { "freezer.state": "THAWED", "cgroup.freeze": "0" };
  for (const { mount } of await hierarchies()) {
    for (const folder of await foldersBelow(path.join(mount, name))) {
      for (const [file, word] of Object.entries(words)) {
        // Not every hierarchy has the file, and a group may have gone meanwhile.
        await writeFile(path.join(folder, file), word, { flag: "r+" }).catch(() => undefined);
      }
    }
  }
}

/** Ends what is left in the groups of this name, and takes the groups away. */
export async function removeGroups(name: string): Promise<void> {
  const deadline = performance.now() + 10_000;
  let last: Error | undefined;
  do {
    await thawGroups(name);
    for (const pid of await groupProcesses(name)) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It has ended meanwhile.
      }
    }
    last = await removeFolders(name);
    if (last === undefined) return;
    await sleep(50);
  } while (performance.now() < deadline);
  throw last;
}

async function removeFolders(name: string): Promise<Error | undefined> {
  for (const { mount } of await hierarchies()) {
    for (const folder of await foldersBelow(path.join(mount, name))) {
      if (!existsSync(folder)) continue;
      const failed = await rmdir(folder).then(
        () => undefined,
        (error: unknown) => new Error(`cannot remove ${folder}`, { cause: error }),
      );
      if (failed !== undefined && existsSync(folder)) return failed;
    }
  }
  return undefined;
}
