// How long a call bears that its daemon is away, as during a restart: it is tried again with growing
// pauses until its time is up. Only calls that were not carried out come here.
import { setTimeout as sleep } from "node:timers/promises";
import type { Guard } from "./call.ts";

const firstPauseMs = 50;
const longestPauseMs = 1000;

export interface PatienceOptions {
  /**
   * How long a call waits for a daemon that has answered before, and is away now, as it is while
   * it restarts.
   * @defaultValue 15 s
   */
  readonly reconnectMs?: number;
  /**
   * How long a call waits for a daemon that has never answered this client.
   * @defaultValue 0: the first failure is told at once
   */
  readonly firstContactMs?: number;
}

export const defaultReconnectMs = 15_000;

/** Counts what one call has waited. */
export class Patience {
  readonly #totalMs: number;
  /** From the first failure on; a call may have run for long before. */
  #until: number | undefined;
  #pauseMs = firstPauseMs;

  constructor(totalMs: number) {
    this.#totalMs = totalMs;
  }

  /** Pauses before the next try; false when it is time to give up, or the call has been ended. */
  async pause(guard: Guard): Promise<boolean> {
    this.#until ??= performance.now() + this.#totalMs;
    const leftMs = this.#until - performance.now();
    if (leftMs <= 0) return false;
    // Spread, so that many calls do not come back as one.
    const pauseMs = Math.min(this.#pauseMs * (0.75 + Math.random() / 2), leftMs);
    this.#pauseMs = Math.min(this.#pauseMs * 2, longestPauseMs);
    const stop = new AbortController();
    guard.onEnd(() => stop.abort());
    await sleep(pauseMs, undefined, { signal: stop.signal }).catch(() => undefined);
    return !stop.signal.aborted;
  }
}
