// What makes a lab this process's own: a number that no other lab of this machine has, claimed by
// making its folder. Names of all it makes hold that number, and the folder says whose it is, so
// that a later run can take away what a killed one left, and only that.
import { chmod, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { removeBridge } from "./bridge.ts";
import { removeGroups } from "./cgroups.ts";

export interface Claim {
  readonly number: number;
  /** Its folder, on a real disk. */
  readonly dir: string;
  /** Name of its bridge and of its control groups. */
  readonly name: string;
}

// Not on /tmp, which may be memory: images take some gigabytes.
const parent = "/var/tmp";
const prefix = "dwtest-lab-";

const claimOf = (number: number): Claim => ({
  number,
  dir: path.join(parent, `${prefix}${number}`),
  name: `dwlab${number}`,
});

/** When a process started, so that a number used again is not taken for it. */
async function startOf(pid: number): Promise<string | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  // The command in brackets may hold anything; field 22 counts from the first.
  return text?.slice(text.lastIndexOf(")") + 2).split(" ")[19];
}

async function isOrphan(dir: string): Promise<boolean> {
  const text = await readFile(path.join(dir, "owner"), "utf8").catch(() => undefined);
  // One that is made or taken away at this moment.
  if (text === undefined) return false;
  const [pid, start] = text.split(" ");
  return (await startOf(Number(pid))) !== start;
}

/** Takes away all that a lab has outside of its processes, and those that are left of them. */
export async function release(claim: Claim): Promise<void> {
  await removeGroups(claim.name);
  await removeBridge(claim.number, claim.name);
  const options = { recursive: true, force: true, maxRetries: 20, retryDelay: 100 };
  // The kernel takes mounts away a moment after the last process of their namespace.
  await rm(claim.dir, options);
}

/** Takes away what labs left whose process is gone. */
export async function sweep(log: (line: string) => void): Promise<void> {
  for (const name of await readdir(parent)) {
    const dir = path.join(parent, name);
    if (!name.startsWith(prefix) || !(await isOrphan(dir))) continue;
    log(`taking away what a lab left that was killed (${name})`);
    const number = Number(name.slice(prefix.length));
    if (Number.isInteger(number)) await release(claimOf(number));
    else await rm(dir, { recursive: true, force: true });
  }
}

/** Whether it was moved to a place where nothing was. */
async function moved(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOTEMPTY" || code === "EEXIST") return false;
    throw error;
  }
}

export async function claim(): Promise<Claim> {
  // The folder says whose it is before it has its number, so that no other can take it for left.
  const fresh = await mkdtemp(path.join(parent, `${prefix}new-`));
  await chmod(fresh, 0o711);
  await writeFile(
    path.join(fresh, "owner"),
    `${process.pid} ${(await startOf(process.pid)) ?? ""}`,
  );
  for (let number = 1; number < 255; number += 1) {
    if (await moved(fresh, claimOf(number).dir)) return claimOf(number);
  }
  await rm(fresh, { recursive: true });
  throw new Error(`there are 254 labs in ${parent} already`);
}
