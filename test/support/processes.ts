// Processes of a test project: every one of them has the project's folder in its environment (its
// PULUMI_HOME), so they are found even when their parents are gone.
import { readdir, readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

export interface FoundProcess {
  readonly pid: number;
  readonly command: string;
}

const read = (file: string) => readFile(file, "utf8").catch(() => "");

/** The living processes whose environment names this folder. */
export async function processesOf(folder: string): Promise<readonly FoundProcess[]> {
  const ids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    ids.map(async (id) => {
      const environment = await read(`/proc/${id}/environ`);
      if (!environment.includes(folder)) return undefined;
      const command = (await read(`/proc/${id}/cmdline`)).split("\0").join(" ").trim();
      return { pid: Number(id), command };
    }),
  );
  return found.filter((one) => one !== undefined);
}

/** Those of them whose command line has this word. */
export async function pidsOf(folder: string, word: string): Promise<readonly number[]> {
  const all = await processesOf(folder);
  return all.filter(({ command }) => command.includes(word)).map(({ pid }) => pid);
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Ends every process of the folder by its id. */
export async function killAll(folder: string): Promise<void> {
  for (const { pid } of await processesOf(folder)) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It ended by itself.
    }
  }
}

/** Waits until something holds, and fails saying what did not. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  timeoutMs = 20_000,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`${what}: not within ${timeoutMs} ms`);
    await sleep(50);
  }
}

/** Waits until no process of the folder is left; fails naming those that stay. */
export async function noneLeft(folder: string): Promise<void> {
  let left: readonly FoundProcess[] = [];
  const gone = async () => {
    left = await processesOf(folder);
    return left.length === 0;
  };
  await until("all processes have ended", gone, 30_000).catch((error: unknown) => {
    throw new Error(`${String(error)}: ${JSON.stringify(left)}`);
  });
}
