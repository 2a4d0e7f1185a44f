// `dockwright pulumi ARGS...`: the CLI itself, in the environment that the project needs. Output,
// exit code and signals are the CLI's own.
import { type PulumiResult, runPulumi } from "../engine/index.ts";
import { onSignals } from "./signals.ts";

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

export interface PassOptions {
  /** Laid over the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** All of its output goes to standard error, and is in the result too. */
  readonly toStderr?: boolean;
}

/** Runs pulumi in this project, on this process's own terminal. */
export async function pulumi(
  args: readonly string[],
  { env = {}, toStderr = false }: PassOptions = {},
): Promise<PulumiResult> {
  let child: number | undefined;
  const release = onSignals((signal) => passOn(signal, child));
  try {
    return await runPulumi(args, {
      cwd: process.cwd(),
      env,
      ...(toStderr ? { onOutput: (text: string) => process.stderr.write(text) } : { tty: true }),
      onStart: (pid) => {
        child = pid;
      },
    });
  } finally {
    release();
  }
}
