// Runs a program in a process group of its own, line by line, so that cancelling ends all of it.
// Refuses to hide a failure: a code other than 0 is an error with the last lines. What it is given
// as environment is all that the program gets: package scripts must not see the caller's secrets.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { ErrorCode, SdkError } from "../errors.ts";

export interface RunOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly signal?: AbortSignal;
  readonly onLine?: (line: string) => void;
  /** What is being done, for the error: `cannot WHAT`. */
  readonly what: string;
  /** Milliseconds between asking the group to end and ending it. @defaultValue 5000 */
  readonly killGraceMs?: number;
}

/** Lines kept for an error. */
const tailLines = 20;

/** A line as it may be shown: a proxy's or mirror's password is not for logs. */
export function scrubLine(line: string): string {
  return line.replace(/(\w+:\/\/)[^/\s@]+@/g, "$1***@");
}

/** The error of a stop that was asked for. */
export function cancelled(what: string): SdkError {
  return new SdkError(ErrorCode.Cancelled, `${what} was cancelled`);
}

function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // Already gone.
  }
}

function failure(options: RunOptions, ended: string, tail: readonly string[]): SdkError {
  const last = tail.length > 0 ? `; last lines:\n${tail.join("\n")}` : "";
  return new SdkError(ErrorCode.CommandFailed, `cannot ${options.what}: ${ended}${last}`);
}

/** Runs a program to its end, its output given by line. */
export async function runProgram(
  file: string,
  args: readonly string[],
  options: RunOptions,
): Promise<void> {
  if (options.signal?.aborted) throw cancelled(options.what);
  const child = spawn(file, args, {
    cwd: options.cwd,
    env: { ...options.env },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const tail: string[] = [];
  const take = (line: string): void => {
    const text = scrubLine(line.trimEnd());
    if (text === "") return;
    if (!/^((dl|pm)status:|\(Reading database)/.test(text)) tail.push(text);
    if (tail.length > tailLines) tail.shift();
    options.onLine?.(text);
  };
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on("line", take);

  let killer: NodeJS.Timeout | undefined;
  const abort = (): void => {
    const { pid } = child;
    if (pid === undefined) return;
    killGroup(pid, "SIGTERM");
    killer = setTimeout(() => killGroup(pid, "SIGKILL"), options.killGraceMs ?? 5_000);
  };
  options.signal?.addEventListener("abort", abort, { once: true });
  try {
    const ended = await new Promise<string | undefined>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code, signal) => {
        resolve(
          code === 0 ? undefined : signal ? `ended by ${signal}` : `exit code ${code ?? "?"}`,
        );
      });
    });
    if (options.signal?.aborted) throw cancelled(options.what);
    if (ended !== undefined) throw failure(options, ended, tail);
  } finally {
    clearTimeout(killer);
    options.signal?.removeEventListener("abort", abort);
  }
}

/**
 * Runs mmdebstrap. Modes of what it makes must not depend on the caller's umask, and it must not
 * outlive a caller that was killed.
 */
export async function runMmdebstrap(args: readonly string[], options: RunOptions): Promise<void> {
  await runProgram(
    "sh",
    ["-c", 'umask 022 && exec setpriv --pdeathsig TERM mmdebstrap "$@"', "sh", ...args],
    options,
  );
}
