// `dockwright pulumi ARGS...`: the CLI itself, in the environment that the project needs. Output,
// exit code and signals are the CLI's own.
import { runPulumi } from "../engine/index.ts";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * A terminal sends Ctrl-C to the CLI as well, since it is in the same process group. Passing it on
 * would be a second Ctrl-C, which ends the engine without saving.
 */
function passOn(signal: NodeJS.Signals, pid: number | undefined): void {
  if (pid === undefined || (signal === "SIGINT" && process.stdin.isTTY)) return;
  try {
    process.kill(pid, signal);
  } catch {
    // It has just ended.
  }
}

export async function pulumi(args: readonly string[]): Promise<number> {
  let child: number | undefined;
  const handlers = signals.map((signal) => ({ signal, pass: () => passOn(signal, child) }));
  for (const { signal, pass } of handlers) process.on(signal, pass);
  try {
    const result = await runPulumi(args, {
      cwd: process.cwd(),
      tty: true,
      onStart: (pid) => {
        child = pid;
      },
    });
    return result.code;
  } finally {
    for (const { signal, pass } of handlers) process.off(signal, pass);
  }
}
