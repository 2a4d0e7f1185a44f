// A command in a running container, with guards that say whether it is needed. Docker keeps no record
// of it and cannot end it: a run that was cut off goes on, and is done again by the next update unless
// a guard shows that its work is there. Engine API 1.41 to 1.45: POST /containers/{id}/exec,
// /exec/{id}/start; GET /exec/{id}/json; HEAD /containers/{id}/archive.

import type { ExecCommand } from "../../docker/types.ts";
import { ErrorCode, SdkError } from "../../errors.ts";
import { tailOf } from "../../host/script.ts";
import { OutputTail } from "../output.ts";
import type { Context } from "../resource.ts";

export interface ExecSpec {
  /** The container's id or name. */
  readonly container: string;
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly user?: string;
  readonly workingDir?: string;
  readonly privileged?: boolean;
  readonly stdin?: string;
  readonly creates?: string;
  readonly unless?: readonly string[];
  readonly onlyIf?: readonly string[];
  readonly timeoutMs: number;
}

export interface ExecOutcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Why it was not run; empty when it was. */
  readonly skipped: string;
}

export type Guard = "needed" | "creates" | "unless" | "onlyIf";

const reasons: Readonly<Record<Exclude<Guard, "needed">, string>> = {
  creates: "what it creates is there",
  unless: "`unless` says that it is done",
  onlyIf: "`onlyIf` says that it is not for this container",
};

/** What a shell, and Docker, say of a program that cannot be run, or is not there. */
const notRun: ReadonlySet<number> = new Set([126, 127]);
const logLines = 20;

function shown(container: string): string {
  return /^[0-9a-f]{64}$/.test(container) ? container.slice(0, 12) : container;
}

function commandOf(spec: ExecSpec, cmd: readonly string[]): ExecCommand {
  const { user, workingDir, privileged, env = {} } = spec;
  const names = Object.keys(env).sort();
  return {
    cmd,
    ...(names.length === 0 ? {} : { env: names.map((name) => `${name}=${env[name] ?? ""}`) }),
    ...(user === undefined ? {} : { user }),
    ...(workingDir === undefined ? {} : { workingDir }),
    ...(privileged === undefined ? {} : { privileged }),
  };
}

/** Whether a guard's command ends with 0; one that cannot be run says nothing. */
async function holds(
  { docker, signal }: Context,
  spec: ExecSpec,
  name: "unless" | "onlyIf",
): Promise<boolean> {
  const cmd = spec[name] ?? [];
  const { exitCode, stdout, stderr } = await docker.exec.run(spec.container, commandOf(spec, cmd), {
    signal,
  });
  if (!notRun.has(exitCode)) return exitCode === 0;
  throw new SdkError(
    ErrorCode.CommandFailed,
    `\`${name}\` cannot be run in the container "${shown(spec.container)}" (exit code ${exitCode}): ${tailOf(`${stdout}\n${stderr}`, 3)}`,
    { fix: "name a program that the container has" },
  );
}

/** Whether the command has to be run, as the container says. */
export async function observeGuards(context: Context, spec: ExecSpec): Promise<Guard> {
  const { docker, signal } = context;
  const { container, creates } = spec;
  if (creates !== undefined && (await docker.containers.hasPath(container, creates, { signal }))) {
    return "creates";
  }
  if (spec.unless && (await holds(context, spec, "unless"))) return "unless";
  if (spec.onlyIf && !(await holds(context, spec, "onlyIf"))) return "onlyIf";
  return "needed";
}

/** Whether there is a container to run something in; why not, if not. */
export async function whyNotRunning(
  { docker, signal }: Context,
  container: string,
): Promise<string | undefined> {
  const found = await docker.containers.inspect(container, { signal });
  if (!found) return "it is not there";
  if (found.State.Paused) return "it is paused";
  return found.State.Running ? undefined : `it does not run (state "${found.State.Status}")`;
}

async function keep(stream: AsyncIterable<unknown>): Promise<OutputTail> {
  const tail = new OutputTail();
  for await (const piece of stream) tail.push(piece as Buffer);
  return tail;
}

/** Runs it to its end, no longer than it may take; gives what came of it. */
async function run(context: Context, spec: ExecSpec): Promise<ExecOutcome> {
  const { docker, signal, scrub } = context;
  const { container, timeoutMs } = spec;
  try {
    const command = commandOf(spec, spec.command);
    const session = await docker.exec.open(container, command, { signal, timeoutMs });
    session.stdin.on("error", () => {
      // A process may end without reading its input; its exit code says what became of it.
    });
    session.stdin.end(spec.stdin ?? "");
    const [stdout, stderr, exitCode] = await Promise.all([
      keep(session.stdout),
      keep(session.stderr),
      session.done,
    ]);
    return { exitCode, stdout: stdout.text(scrub), stderr: stderr.text(scrub), skipped: "" };
  } catch (error) {
    if (!(error instanceof SdkError) || error.code !== ErrorCode.Timeout) throw error;
    throw new SdkError(
      ErrorCode.Timeout,
      `the command in the container "${shown(container)}" had not ended after ${timeoutMs / 1000} s; Docker cannot end it, so it may go on`,
      { cause: error, fix: "raise timeoutMs, or let the command bound itself, as `timeout` does" },
    );
  }
}

/** Runs the command unless a guard says otherwise. */
export async function ensureExec(context: Context, spec: ExecSpec): Promise<ExecOutcome> {
  const where = `the container "${shown(spec.container)}"`;
  const why = await whyNotRunning(context, spec.container);
  if (why !== undefined) {
    throw new SdkError(ErrorCode.Missing, `a command cannot be run in ${where}: ${why}`, {
      fix: "give the id of a container that runs, as `container.containerId` is",
    });
  }
  const guard = await observeGuards(context, spec);
  if (guard !== "needed") return { exitCode: 0, stdout: "", stderr: "", skipped: reasons[guard] };
  const outcome = await run(context, spec);
  if (outcome.exitCode !== 0) {
    const tail = tailOf(`${outcome.stdout}\n${outcome.stderr}`, logLines);
    const words = `the command in ${where} ended with exit code ${outcome.exitCode}`;
    throw new SdkError(ErrorCode.CommandFailed, tail === "" ? words : `${words}:\n${tail}`);
  }
  const guarded = spec.creates !== undefined || spec.unless !== undefined;
  const { onlyIf: _, ...after } = spec;
  if (guarded && (await observeGuards(context, after)) === "needed") {
    const what =
      spec.creates === undefined ? "`unless` does not hold" : `${spec.creates} is not there`;
    throw new SdkError(
      ErrorCode.CommandFailed,
      `the command in ${where} ended with exit code 0, and yet ${what}`,
      { fix: "correct the command, or `creates` and `unless`" },
    );
  }
  return outcome;
}
