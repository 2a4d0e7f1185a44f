// The wait that all waits on a container are made of. A change is seen by the daemon's events within milliseconds, and by
// a slow poll should an event be lost. Each failure says what was last seen.
import { ErrorCode, SdkError } from "../errors.ts";
import type { DockerClient } from "./client.ts";
import type { EventStream } from "./system.ts";
import type { CallOptions, ContainerInspect, ContainerState } from "./types.ts";

/** What a look at the container says. */
export type Judgement =
  | { readonly kind: "passed" }
  | { readonly kind: "failed"; readonly why: string }
  | { readonly kind: "waiting"; readonly seen: string; readonly againMs?: number };

export interface WaitOptions {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** Called with what is seen whenever that changes. */
  readonly onProgress?: (seen: string) => void;
}

export interface WatchOptions extends WaitOptions {
  /** For messages: `healthy`. */
  readonly wanted: string;
}

/** How often is looked even when no event came. */
export const safetyPollMs = 1000;
/** The daemon subscribes a moment after it has answered: one early look closes that gap. */
const firstPollMs = 100;
/** Longest piece of a health check's output in a message. */
const outputChars = 300;

/** The health of a container in words: `status "starting", 3 failed checks, last output "..."`. */
export function describeHealth(state: ContainerState): string {
  const { Health } = state;
  if (!Health || Health.Status === "none") return `state "${state.Status}", no health check`;
  const failed = Health.FailingStreak ?? 0;
  const output = (Health.Log?.at(-1)?.Output ?? "").trim().slice(-outputChars);
  const words = [`status "${Health.Status}"`];
  if (failed > 0) words.push(`${failed} failed check${failed === 1 ? "" : "s"}`);
  if (output && failed > 0) words.push(`last output ${JSON.stringify(output)}`);
  return words.join(", ");
}

/** Why the container cannot get there any more, if so: it does not run. */
export function describeExit(state: ContainerState): string | undefined {
  if (state.Running && !state.Restarting) return undefined;
  if (state.Status === "created") return undefined;
  const killed = state.OOMKilled ? ", out of memory" : "";
  const error = state.Error ? `: ${state.Error}` : "";
  const verb = state.Restarting ? "exited and is being restarted" : "exited";
  return `it ${verb} with code ${state.ExitCode}${killed}${error}`;
}

/** Resolves at the next wake-up: an event, a time, or the signal. */
class Bell {
  #ring: (() => void) | undefined;
  #rung = false;

  ring(): void {
    this.#rung = true;
    this.#ring?.();
  }

  async wait(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    if (!this.#rung) {
      await new Promise<void>((resolve) => {
        this.#ring = resolve;
        timer = setTimeout(resolve, ms);
      });
    }
    clearTimeout(timer);
    this.#rung = false;
    this.#ring = undefined;
  }
}

async function follow(events: EventStream, bell: Bell): Promise<void> {
  try {
    for await (const event of events) {
      if (event.Action !== "top") bell.ring();
    }
  } catch {
    // Lost the stream: the safety poll goes on, and reports what the daemon then says.
  }
}

/** An id as people know it from `docker ps`; a name is left as it is. */
function shown(id: string): string {
  return /^[0-9a-f]{64}$/.test(id) ? id.slice(0, 12) : id;
}

function timeoutError(id: string, seen: string, options: WatchOptions): SdkError {
  return new SdkError(
    ErrorCode.Timeout,
    `the container "${shown(id)}" is not ${options.wanted} after ${options.timeoutMs} ms: ${seen}`,
    { fix: "look at its log; raise the time limit if it needs longer" },
  );
}

function cancelledError(id: string, seen: string, options: WatchOptions): SdkError {
  return new SdkError(
    ErrorCode.Cancelled,
    `stopped waiting for the container "${shown(id)}" to be ${options.wanted}: ${seen}`,
    { cause: options.signal?.reason },
  );
}

async function watch(
  look: () => Promise<Judgement>,
  bell: Bell,
  id: string,
  options: WatchOptions,
): Promise<void> {
  const deadline = performance.now() + options.timeoutMs;
  let seen = "nothing seen yet";
  for (let pollMs = firstPollMs; ; pollMs = safetyPollMs) {
    if (options.signal?.aborted) throw cancelledError(id, seen, options);
    const judgement = await look();
    if (judgement.kind === "passed") return;
    if (judgement.kind === "failed") {
      throw new SdkError(
        ErrorCode.GateFailed,
        `the container "${shown(id)}" did not become ${options.wanted}: ${judgement.why}`,
        { fix: "look at its log and its health check" },
      );
    }
    if (judgement.seen !== seen) options.onProgress?.(judgement.seen);
    seen = judgement.seen;
    const leftMs = deadline - performance.now();
    if (leftMs <= 0) throw timeoutError(id, seen, options);
    await bell.wait(Math.min(leftMs, judgement.againMs ?? pollMs));
  }
}

/**
 * Sees a restart that fell between two looks: a container whose process ends at once is seen running
 * whenever the daemon has just started it again.
 */
function restartJudge(): (inspected: ContainerInspect | undefined) => Judgement | undefined {
  let first: number | undefined;
  return (inspected) => {
    if (!inspected) return undefined;
    first ??= inspected.RestartCount;
    const times = inspected.RestartCount - first;
    if (!(times > 0) || inspected.State.Restarting) return undefined;
    return { kind: "failed", why: "it exited and was restarted" };
  };
}

/** Looks at a container at once, at each of its events and once a second, until it is judged. */
export async function waitUntil(
  client: DockerClient,
  id: string,
  judge: (inspected: ContainerInspect | undefined) => Judgement | Promise<Judgement>,
  options: WatchOptions,
): Promise<void> {
  const bell = new Bell();
  const onAbort = () => bell.ring();
  options.signal?.addEventListener("abort", onAbort, { once: true });
  const call: CallOptions = { signal: options.signal };
  const filters = { type: ["container"], container: [id] };
  let events: EventStream | undefined;
  try {
    // Its beginning too is part of the wait.
    events = await client.system.openEvents({ filters }, { ...call, timeoutMs: options.timeoutMs });
    void follow(events, bell);
    const restarted = restartJudge();
    const look = async () => {
      const inspected = await client.containers.inspect(id, call);
      return restarted(inspected) ?? judge(inspected);
    };
    await watch(look, bell, id, options);
  } finally {
    events?.close();
    options.signal?.removeEventListener("abort", onAbort);
  }
}
