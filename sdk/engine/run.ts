// Runs the Pulumi CLI. An exit code other than 0 is an outcome, not an error: the caller decides.
// Aborting is one Ctrl-C (the engine then saves what is under way), and a kill only much later.
import { spawn } from "node:child_process";
import * as os from "node:os";
import { ErrorCode, SdkError } from "../errors.ts";
import { engineEnvironment } from "./environment.ts";
import { type Engine, findEngine } from "./find.ts";

/** How a run of the CLI ended. */
export interface PulumiResult {
  /** Exit code; 128 and the signal's number when a signal ended it. */
  readonly code: number;
  /** Its standard output. */
  readonly stdout: string;
  /** Its standard error. */
  readonly stderr: string;
  /** How long it took, in milliseconds. */
  readonly durationMs: number;
}

/** How the CLI is run. */
export interface RunOptions {
  /** The folder to run in: the project's, for what concerns a project. */
  readonly cwd: string;
  /** Laid over this process's environment before defaults are chosen; undefined removes. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Aborting sends one SIGINT, and SIGKILL when it did not help for a minute. */
  readonly signal?: AbortSignal;
  /** Gets the output as it comes. */
  readonly onOutput?: (text: string, stream: "stdout" | "stderr") => void;
  /** Gets the process id of the CLI. */
  readonly onStart?: (pid: number) => void;
  /** Standard input, for values that must not stand in the arguments. */
  readonly input?: string;
  /** The CLI gets this process's own terminal; the result then has no text. */
  readonly tty?: boolean;
}

const killAfterMs = 60_000;

const engines = new Map<string, Promise<Engine | undefined>>();

/** Finding asks the CLI for its version, so one process asks once for each place to look in. */
async function knownEngine(env: NodeJS.ProcessEnv): Promise<Engine> {
  const key = ["PATH", "HOME", "XDG_CACHE_HOME", "DOCKWRIGHT_CACHE"]
    .map((name) => env[name])
    .join("\n");
  const found = engines.get(key) ?? findEngine({ env });
  engines.set(key, found);
  const engine = await found;
  if (engine !== undefined) return engine;
  engines.delete(key);
  throw new SdkError(ErrorCode.Missing, "no pulumi that will do was found", {
    fix: "run `npx dockwright setup`",
  });
}

/** What the user's environment would be with these changes: defaults are chosen from that. */
function changedEnvironment(changes: RunOptions["env"] = {}): NodeJS.ProcessEnv {
  const all = Object.entries({ ...process.env, ...changes });
  return Object.fromEntries(all.filter(([, value]) => value !== undefined));
}

interface Running {
  readonly cli: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

function runCli({ cli, args, env }: Running, options: RunOptions): Promise<PulumiResult> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(cli, args, {
      cwd: options.cwd,
      env,
      stdio: options.tty ? "inherit" : ["pipe", "pipe", "pipe"],
    });
    let killer: NodeJS.Timeout | undefined;
    const interrupt = () => {
      child.kill("SIGINT");
      killer = setTimeout(() => child.kill("SIGKILL"), killAfterMs);
    };
    const text = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream]?.setEncoding("utf8").on("data", (data: string) => {
        text[stream] += data;
        options.onOutput?.(data, stream);
      });
    }
    // The CLI may end without reading what it was given; its exit code tells enough.
    child.stdin?.on("error", () => {});
    child.stdin?.end(options.input ?? "");
    const settle = () => {
      clearTimeout(killer);
      options.signal?.removeEventListener("abort", interrupt);
    };
    child.once("error", (error) => {
      settle();
      reject(error);
    });
    child.once("close", (code, signal) => {
      settle();
      const ended = code ?? 128 + (signal === null ? 0 : os.constants.signals[signal]);
      resolve({ code: ended, ...text, durationMs: performance.now() - started });
    });
    if (child.pid !== undefined) options.onStart?.(child.pid);
    if (options.signal?.aborted) interrupt();
    else options.signal?.addEventListener("abort", interrupt, { once: true });
  });
}

/** Runs `pulumi` with these arguments, and answers how it ended. */
export async function runPulumi(
  args: readonly string[],
  options: RunOptions,
): Promise<PulumiResult> {
  const env = changedEnvironment(options.env);
  const engine = await knownEngine(env);
  const made = await engineEnvironment({ projectDir: options.cwd, env, engine });
  return runCli({ cli: engine.cli, args, env: made }, options);
}
