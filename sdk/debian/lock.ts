// One builder at a time, over processes: a lock that the kernel frees when its holder dies, so that
// there is no stale lock to judge. The holder is flock(1), which ends when the pipe to it closes.
// Refuses to wait for ever where a signal says stop.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { ErrorCode, SdkError } from "../errors.ts";
import { cancelled } from "./process.ts";

export interface LockOptions {
  readonly signal?: AbortSignal;
  /** Called when another holds the lock and this call waits. */
  readonly onWait?: () => void;
  /** Milliseconds before waiting is told. @defaultValue 300 */
  readonly tellAfterMs?: number;
}

async function acquire(path: string, options: LockOptions): Promise<() => Promise<void>> {
  await mkdir(dirname(path), { recursive: true });
  const script = "echo locked; exec cat";
  const holder = spawn("flock", ["--exclusive", path, "sh", "-c", script], {
    stdio: ["pipe", "pipe", "ignore"],
    detached: true,
    env: { PATH: process.env.PATH ?? "/usr/bin:/bin" },
  });
  const closed = new Promise<void>((resolve) => holder.once("close", () => resolve()));
  holder.stdin.on("error", () => undefined);
  const release = async (): Promise<void> => {
    holder.stdin.end();
    await closed;
  };
  const failed = once(holder, "error").then(([error]) => {
    const fix = "apt-get install util-linux";
    throw new SdkError(ErrorCode.Missing, "the program flock is not there", { fix, cause: error });
  });
  const ended = closed.then(() => {
    throw new SdkError(ErrorCode.CommandFailed, `cannot lock ${path}`, {
      fix: "check that its folder can be written to",
    });
  });
  const abort = (): void => {
    // While it waits, flock reads no pipe: it and its child are ended by group.
    if (holder.pid !== undefined) process.kill(-holder.pid, "SIGKILL");
  };
  const teller = setTimeout(() => options.onWait?.(), options.tellAfterMs ?? 300);
  options.signal?.addEventListener("abort", abort, { once: true });
  // A late rejection of a race that was won must not end the process.
  failed.catch(() => undefined);
  ended.catch(() => undefined);
  try {
    await Promise.race([once(holder.stdout, "data"), failed, ended]);
    return release;
  } catch (error) {
    throw options.signal?.aborted ? cancelled(`waiting for ${path}`) : error;
  } finally {
    clearTimeout(teller);
    options.signal?.removeEventListener("abort", abort);
  }
}

/** Runs `work` while no other process holds the lock at `path`. */
export async function withLock<T>(
  path: string,
  options: LockOptions,
  work: () => Promise<T>,
): Promise<T> {
  if (options.signal?.aborted) throw cancelled(`waiting for ${path}`);
  const release = await acquire(path, options);
  try {
    return await work();
  } finally {
    await release();
  }
}
