// The programs and plugins that this host started. Each runs in a process group of its own, so that
// a terminal's Ctrl-C reaches only the engine, which then says what is to end, and so that a group
// can be ended whole: a loader or a build that the program started goes with it.
import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";

const running = new Set<ChildProcess>();

/** How a child ended: its exit code, or the signal that ended it. */
export interface Ended {
  readonly code: number | undefined;
  readonly signal: string | undefined;
}

/** Starts a command in a process group of its own and remembers it until it ends. */
export function start(command: string, args: readonly string[], options: SpawnOptions) {
  const child = spawn(command, args, { ...options, detached: true });
  running.add(child);
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", (error) => {
      running.delete(child);
      reject(error);
    });
    child.once("close", (code, signal) => {
      running.delete(child);
      resolve({ code: code ?? undefined, signal: signal ?? undefined });
    });
  });
  return { child, ended };
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // ESRCH: the whole group has ended, which is what was wanted.
  }
}

/** Asks one child's group to end, and kills it when it is still there after `graceMs`. */
export async function stop(child: ChildProcess, graceMs: number): Promise<void> {
  if (!running.has(child)) return;
  const gone = new Promise<void>((resolve) => child.once("close", () => resolve()));
  signalGroup(child, "SIGINT");
  const timer = setTimeout(() => signalGroup(child, "SIGKILL"), graceMs);
  await gone;
  clearTimeout(timer);
  // What the program itself started and did not take along.
  signalGroup(child, "SIGKILL");
}

/** Ends everything that this host started. */
export async function stopAll(graceMs: number): Promise<void> {
  await Promise.all([...running].map((child) => stop(child, graceMs)));
}
