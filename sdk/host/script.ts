// Scripts of the host parts: how they are run, what they print, and how a failure reads. A script
// says what it found as lines KEY=VALUE, or KEY:BASE64 where the value may hold anything; all that
// other programs print goes to standard error. Secrets go through `input` only.

import { ErrorCode, SdkError } from "../errors.ts";
import type { Machine } from "./machine.ts";

export interface RunHow {
  /** What is being done, for the error: `cannot WHAT on HOST`. */
  readonly what: string;
  readonly args?: readonly string[];
  readonly input?: string | Uint8Array;
  /** @defaultValue 120000 */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly onLine?: (line: string) => void;
  /** What to do about a failure. @defaultValue nothing is said */
  readonly fix?: string;
}

const defaultTimeoutMs = 120_000;
/** Lines of standard error that an error shows. */
const tailLines = 12;

/** Two shell functions: `say KEY VALUE` for a line, `say64 KEY` for anything on its input. */
export const sayLibrary = `say() { printf '%s=%s\\n' "$1" "$2"; }
say64() { printf '%s:' "$1"; base64 | tr -d '\\n'; echo; }
`;

/** What a script said, by key. */
export type Said = ReadonlyMap<string, string>;

/** Parses what a script printed by `say` and `say64`; the last value of a key counts. */
export function parseSaid(stdout: string): Said {
  const said = new Map<string, string>();
  for (const line of stdout.split("\n")) {
    const match = /^([\w.]+)([=:])(.*)$/.exec(line);
    const [, key, kind, value] = match ?? [];
    if (key === undefined || value === undefined) continue;
    said.set(key, kind === ":" ? Buffer.from(value, "base64").toString("utf8") : value);
  }
  return said;
}

/** The last lines of what a program wrote, without empty ones. */
export function tailOf(text: string, lines = tailLines): string {
  const kept = text.split("\n").filter((line) => line.trim() !== "");
  return kept.slice(-lines).join("\n");
}

/** Runs a script to its end, and gives what it printed. An exit code other than 0 is an error. */
export async function runScript(machine: Machine, script: string, how: RunHow): Promise<string> {
  const { what, args, input, timeoutMs = defaultTimeoutMs, signal, onLine, fix } = how;
  const { code, stdout, stderr } = await machine.run(script, {
    ...(args ? { args } : {}),
    ...(input === undefined ? {} : { input }),
    ...(signal ? { signal } : {}),
    ...(onLine ? { onLine: (line: string) => onLine(line) } : {}),
    timeoutMs,
  });
  if (code === 0) return stdout;
  const tail = tailOf(stderr);
  const said = tail === "" ? "" : `: ${tail}`;
  throw new SdkError(
    ErrorCode.CommandFailed,
    `cannot ${what} on ${machine.label} (exit code ${code})${said}`,
    fix === undefined ? {} : { fix },
  );
}

/** Runs a script whose output is lines of `say`. */
export async function ask(machine: Machine, script: string, how: RunHow): Promise<Said> {
  return parseSaid(await runScript(machine, sayLibrary + script, how));
}
