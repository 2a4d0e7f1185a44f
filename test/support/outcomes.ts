// What a load came to, and how a test starts one in a process of its own and reads it.
import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** One request. */
export interface Outcome {
  /** Start, in milliseconds since 1970. */
  readonly at: number;
  readonly ms: number;
  readonly ok: boolean;
  /** The version that answered; of a failure, the error's code or the status. */
  readonly what: string;
}

export interface Heard {
  readonly firstAt: number;
  readonly lastAt: number;
}

export interface LoadSummary {
  readonly total: number;
  readonly failed: number;
  /** Failures by kind. */
  readonly failures: Readonly<Record<string, number>>;
  /** First failures with their times. */
  readonly firstFailures: readonly Outcome[];
  /** Answers by version. */
  readonly versions: Readonly<Record<string, number>>;
  /** When each version was heard, in milliseconds since 1970. */
  readonly heard: Readonly<Record<string, Heard>>;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly perSecond: number;
}

function counted(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

function heardIn(outcomes: readonly Outcome[]): Record<string, Heard> {
  const heard: Record<string, Heard> = {};
  for (const { at, ms, ok, what } of outcomes) {
    if (!ok) continue;
    const { firstAt, lastAt } = heard[what] ?? { firstAt: at + ms, lastAt: at + ms };
    heard[what] = { firstAt: Math.min(firstAt, at + ms), lastAt: Math.max(lastAt, at + ms) };
  }
  return heard;
}

export function summarize(outcomes: readonly Outcome[]): LoadSummary {
  const failed = outcomes.filter((one) => !one.ok);
  const times = outcomes.map((one) => one.ms).sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor((times.length - 1) * share)] ?? 0;
  const starts = outcomes.map((one) => one.at).sort((a, b) => a - b);
  const spanMs = (starts.at(-1) ?? 0) - (starts[0] ?? 0);
  return {
    total: outcomes.length,
    failed: failed.length,
    failures: counted(failed.map((one) => one.what)),
    firstFailures: failed.slice(0, 10),
    versions: counted(outcomes.filter((one) => one.ok).map((one) => one.what)),
    heard: heardIn(outcomes),
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    maxMs: at(1),
    perSecond: spanMs === 0 ? 0 : Math.round((outcomes.length * 1000) / spanMs),
  };
}

/** That of WebSockets: `websocketload.ts`. */
export interface SocketSummary extends LoadSummary {
  /** Connections that were closed and made again. */
  readonly moved: number;
  /** Messages that were sent again, as their connection was closed before the answer. */
  readonly resent: number;
}

export interface Load<S extends LoadSummary = LoadSummary> {
  readonly child: ChildProcess;
  /** Ends the load and gives its summary. */
  stop(): Promise<S>;
}

/** Options of a load; a list is an option that is given several times. */
export type LoadOptions = Readonly<Record<string, string | number | readonly string[]>>;

/** Starts `load.ts` with these options; returns when it has begun. */
export const startLoad = (options: LoadOptions): Promise<Load> => start("./load.ts", options);

/** Starts `websocketload.ts` with these options. */
export const startSockets = (options: LoadOptions): Promise<Load<SocketSummary>> =>
  start("./websocketload.ts", options);

async function start<S extends LoadSummary>(file: string, options: LoadOptions): Promise<Load<S>> {
  const script = fileURLToPath(new URL(file, import.meta.url));
  const args = Object.entries(options).flatMap(([name, value]) =>
    [value].flat().flatMap((one) => [`--${name}`, String(one)]),
  );
  const child = spawn(process.execPath, [script, ...args], { stdio: ["pipe", "pipe", "pipe"] });
  let output = "";
  let errors = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  await new Promise<void>((resolve, reject) => {
    child.stderr.on("data", (chunk: Buffer) => {
      errors += chunk.toString();
      if (errors.includes("load started")) resolve();
    });
    child.on("close", () => reject(new Error(`the load did not start: ${errors}`)));
  });
  return {
    child,
    async stop() {
      child.stdin.end();
      await ended;
      return JSON.parse(output) as S;
    },
  };
}
