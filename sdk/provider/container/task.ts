// A run of a task, whatever an earlier run of the program left of it: made but not started, it is
// started; running, it is waited for; ended, its result is taken and it is not run again. Its name is
// made from its inputs, so equal inputs find each other. One that failed is taken away once that is
// told: the next update runs it anew. A cut, or a stop on request, leaves a running one to the next.
// Engine API 1.41 to 1.45: POST /containers/create, /{id}/start, /{id}/stop; GET /{id}/json, /logs.

import { DockerApiError } from "../../docker/client.ts";
import type { ContainerInspect, ContainerState } from "../../docker/types.ts";
import { type Judgement, waitUntil } from "../../docker/wait.ts";
import { describeError, ErrorCode, SdkError } from "../../errors.ts";
import { tailOf } from "../../host/script.ts";
import { OutputTail } from "../output.ts";
import type { Context } from "../resource.ts";
import { type Ensured, ensureCreated, ensureFilled, inspectSure } from "./ensure.ts";
import { ensureInPlace } from "./inplace.ts";
import { defaultGraceMs } from "./remove.ts";
import { removeSecrets } from "./secrets.ts";
import { containerOf, defaultTaskTimeoutMs, type TaskInputs } from "./taskoptions.ts";

/** How many of its last lines a task that failed is given in the error. */
const logLines = 20;
/** How much of a log is asked for: a long one is not read from its beginning. */
const logTailLines = 20_000;
const logTimeoutMs = 60_000;
const pollMs = 1000;

/** How far a task's container is; `going`: it is being removed. */
export type Stage = "made" | "running" | "ended" | "going";

/** The Engine's word for "never". */
const isNever = (time: string) => time === "" || time.startsWith("0001-");

export function stageOf(state: ContainerState): Stage {
  if (state.Status === "removing" || state.Status === "dead" || state.Dead) return "going";
  if (state.Running) return "running";
  return isNever(state.StartedAt) ? "made" : "ended";
}

/** Why a task that has ended failed; undefined when it did its work. */
export function failureOf(state: ContainerState): string | undefined {
  const { ExitCode, OOMKilled, Error: error, FinishedAt } = state;
  // An old daemon calls one that it lost, as in a power cut, ended with 0 at no time.
  if (isNever(FinishedAt)) return "was lost while it ran, with its daemon or its host";
  if (ExitCode === 0) return undefined;
  const killed = OOMKilled ? ", out of memory" : "";
  return `ended with exit code ${ExitCode}${killed}${error === "" ? "" : `: ${error}`}`;
}

export interface TaskResult {
  readonly container: ContainerInspect;
  readonly output: string;
}

/** Stopped on request, while the task's container runs on. */
export class TaskGoesOn extends SdkError {
  readonly container: ContainerInspect;

  constructor(name: string, container: ContainerInspect, cause: unknown) {
    const words = `stopped waiting for the task "${name}" on request: it goes on, and the next update takes its result`;
    const fix = `to end it, destroy it, or remove its container: docker rm -f ${name}`;
    super(ErrorCode.Cancelled, words, { cause, fix });
    this.container = container;
  }
}

/** A task's container that is on its way out is gone before there is another. */
async function ensureThere(context: Context, name: string, inputs: TaskInputs): Promise<Ensured> {
  const ensured = await ensureCreated(context, name, containerOf(inputs), "Task");
  if (stageOf(ensured.container.State) !== "going") return ensured;
  await context.docker.containers.remove(ensured.container.Id, { force: true });
  return ensureCreated(context, name, containerOf(inputs), "Task");
}

/** Starts it, once. One that could not be started is taken away: nothing of it has run. */
async function start(
  context: Context,
  name: string,
  ensured: Ensured,
  inputs: TaskInputs,
): Promise<void> {
  const { docker, signal } = context;
  const { Id: id } = ensured.container;
  try {
    await ensureInPlace(context, ensured.container, containerOf(inputs));
    await ensureFilled(context, ensured, containerOf(inputs));
    signal.throwIfAborted();
    // Without the signal: cut off, it may have been started all the same.
    await docker.containers.start(id, { once: true });
  } catch (error) {
    const now = await docker.containers.inspect(id);
    // Only the answer was lost.
    if (now && stageOf(now.State) !== "made") return;
    if (now) await removeSecrets(context, now);
    // Not by force: if it runs after all, it stays, and the next update waits for it.
    await docker.containers.remove(id, { volumes: true });
    if (signal.aborted) {
      const words = `the task "${name}" was stopped on request before its start; it was removed`;
      throw new SdkError(ErrorCode.Cancelled, words, { cause: error });
    }
    const reason = error instanceof Error ? error.message : String(error);
    const fix = error instanceof SdkError && error.fix ? { fix: error.fix } : {};
    const words = `the task "${name}" could not be started: ${reason}\nit was removed`;
    throw new SdkError(ErrorCode.CommandFailed, words, { cause: error, ...fix });
  }
}

/** How long it has run already, by the clock of its daemon. */
async function ranMs({ docker, signal }: Context, { State }: ContainerInspect): Promise<number> {
  const { SystemTime: now } = await docker.system.info({ signal });
  const ms = Date.parse(String(now)) - Date.parse(State.StartedAt);
  return Number.isFinite(ms) ? Math.max(0, ms) : 0;
}

/** Waits for its end; gives what was last seen, which still runs when its time is up. */
async function waitEnded(
  context: Context,
  name: string,
  id: string,
  leftMs: number,
): Promise<ContainerInspect> {
  const { docker, signal, log } = context;
  const begun = performance.now();
  let last: ContainerInspect | undefined;
  const judge = (found: ContainerInspect | undefined): Judgement => {
    if (!found) return { kind: "failed", why: "it was removed while it ran" };
    last = found;
    const restMs = leftMs - (performance.now() - begun);
    if (stageOf(found.State) !== "running" || restMs <= 0) return { kind: "passed" };
    const paused = found.State.Paused ? "is paused" : "runs";
    const seen = `${paused}, waited for ${Math.round((performance.now() - begun) / 1000)} s`;
    return { kind: "waiting", seen, againMs: Math.min(restMs, pollMs) };
  };
  await waitUntil(docker, id, judge, {
    wanted: "ended",
    timeoutMs: leftMs + 60_000,
    signal,
    onProgress: (seen) => {
      log.progress(`${name}: ${seen}`);
    },
  });
  return last ?? (await inspectSure(context, id));
}

/** The end of what it wrote; nothing where its log driver keeps no log. */
async function readOutput({ docker, scrub, log }: Context, id: string): Promise<string> {
  const tail = new OutputTail();
  const query = { follow: false, tail: logTailLines };
  try {
    const chunks = docker.containers.streamLogs(id, query, { timeoutMs: logTimeoutMs });
    for await (const { data } of chunks) tail.push(data);
  } catch (error) {
    const isLate = error instanceof SdkError && error.code === ErrorCode.Timeout;
    if (!isLate && !(error instanceof DockerApiError)) throw error;
    // What it did is done: a daemon that is slow to tell its words makes no failure of it.
    if (isLate) log.warn(`its output is not whole: ${error.message}`);
  }
  return tail.text(scrub);
}

/** The error of a task that failed: why, what became of it, and its last words. */
async function failed(
  context: Context,
  container: ContainerInspect,
  why: { readonly code: ErrorCode; readonly words: string },
): Promise<SdkError> {
  // First what it said. Nothing here goes by the signal of the call: it is done after a cancel too.
  const output = tailOf(await readOutput(context, container.Id).catch(() => ""), logLines);
  const said = output === "" ? "it wrote nothing" : `its last lines:\n${output}`;
  const fate = await takeAway(context, container).then(
    () => "it was removed, and the next update runs it again",
    (error: unknown) => `it could not be removed: ${describeError(error)}`,
  );
  return new SdkError(why.code, `${why.words}\n${fate}; ${said}`);
}

async function takeAway(context: Context, container: ContainerInspect): Promise<void> {
  await removeSecrets(context, container);
  await context.docker.containers.remove(container.Id, { force: true, volumes: true });
}

/** Waits for its end, and no longer than it may take. */
async function endOf(
  context: Context,
  name: string,
  container: ContainerInspect,
  inputs: TaskInputs,
): Promise<ContainerInspect> {
  const limitMs = context.timeoutMs ?? inputs.timeoutMs ?? defaultTaskTimeoutMs;
  try {
    const leftMs = Math.max(0, limitMs - (await ranMs(context, container)));
    const seen = await waitEnded(context, name, container.Id, leftMs);
    if (stageOf(seen.State) !== "running") return seen;
  } catch (error) {
    if (!context.signal.aborted) throw error;
    throw new TaskGoesOn(name, container, error);
  }
  const graceMs = inputs.stopGraceMs ?? defaultGraceMs;
  await context.docker.containers.stop(container.Id, { graceMs });
  const words = `the task "${name}" had not ended after ${limitMs / 1000} s, and was stopped`;
  throw await failed(context, container, { code: ErrorCode.Timeout, words });
}

/** The result of the one run of a task with these inputs. */
export async function runTask(
  context: Context,
  name: string,
  inputs: TaskInputs,
): Promise<TaskResult> {
  const ensured = await ensureThere(context, name, inputs);
  const { Id: id } = ensured.container;
  const stage = stageOf(ensured.container.State);
  if (stage === "made") await start(context, name, ensured, inputs);
  else context.log.info(`found the task ${name} as an earlier update left it: ${stage}`);
  const running = await inspectSure(context, id);
  const container =
    stageOf(running.State) === "running" ? await endOf(context, name, running, inputs) : running;
  const why = failureOf(container.State);
  if (why !== undefined) {
    const words = `the task "${name}" ${why}`;
    throw await failed(context, container, { code: ErrorCode.CommandFailed, words });
  }
  const output = await readOutput(context, id);
  // It is not started again: nobody needs them there.
  await removeSecrets(context, container);
  return { container, output };
}
