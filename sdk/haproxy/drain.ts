// Waits until no request of a route is on a server that is not wanted any more, in every worker:
// one from before a reload serves on for as long as its clients stay. An idle keep-alive client of
// such a worker counts too, since its next request still goes to the old servers. At the deadline
// what is left is counted and cut; of connections that were never to end (upgraded ones, event streams)
// the client opens another, which goes to a new server: they are counted as moved.
import { setTimeout as sleep } from "node:timers/promises";
import { ErrorCode, SdkError } from "../errors.ts";
import {
  ask,
  isSlot,
  onWorker,
  parseInfo,
  parseLasting,
  parseServers,
  parseSessions,
  slotQuestions,
} from "./cli.ts";
import { askOld, holds, isInUse, oldWorkersOf, slotsOf } from "./observe.ts";
import { backendOf } from "./render.ts";
import type { Agent, ObservedSlot, ServerSpec, WorkerPlace } from "./types.ts";

const pollMs = 75;
/** After the cut, streams need a moment to end. */
const cutTimeoutMs = 2_000;

interface Remaining {
  readonly streams: number;
  /** Idle clients of old workers that may still send a request to servers that left. */
  readonly idle: number;
  /** Cuts what is left; gives how many of them were not going to end. */
  readonly cuts: readonly (() => Promise<number>)[];
}

const none: Remaining = { streams: 0, idle: 0, cuts: [] };

/** Ids of streams that are upgraded, or events without end. */
const lastingIn = (text: string): ReadonlySet<string> => new Set(parseLasting(text));

const isUnwanted = (slot: ObservedSlot, keep: readonly ServerSpec[]): boolean =>
  isSlot(slot) && isInUse(slot) && !keep.some((server) => holds(slot, server));

async function inCurrent(
  agent: Agent,
  key: string,
  keep: readonly ServerSpec[],
): Promise<Remaining> {
  const slots = (await slotsOf(agent, key)) ?? [];
  const busy = slots.filter((slot) => slot.streams > 0 && isUnwanted(slot, keep));
  const backend = backendOf(key);
  const cut = async () => {
    const text = await ask(agent, onWorker(["show sess all"])).catch(() => "");
    const lasting = lastingIn(text);
    const moved = parseSessions(await ask(agent, onWorker(["show sess"])).catch(() => "")).filter(
      (one) =>
        one.backend === backend &&
        lasting.has(one.id) &&
        busy.some((slot) => slot.slot === one.slot),
    );
    const lines = busy.map((slot) => `shutdown sessions server ${backend}/${slot.slot}`);
    await ask(agent, onWorker(lines)).catch(() => "");
    return moved.length;
  };
  return {
    streams: busy.reduce((sum, slot) => sum + slot.streams, 0),
    idle: 0,
    cuts: busy.length > 0 ? [cut] : [],
  };
}

/** One old worker; one that ended while it was asked has nothing left. */
async function inOld(
  agent: Agent,
  key: string,
  { place, keep }: { place: WorkerPlace; keep: readonly ServerSpec[] },
): Promise<Remaining> {
  const say = (commands: readonly string[]) => askOld(agent, place, commands);
  const backend = backendOf(key);
  const slots = parseServers(await say(slotQuestions(backend))) ?? [];
  const unwanted = slots.filter((slot) => isUnwanted(slot, keep));
  if (unwanted.length === 0) return none;
  const info = parseInfo(await say(["show info"]));
  const sessions = parseSessions(await say(["show sess"]));
  // A stream without a server waits for one, and may be given one that left.
  const ours = sessions.filter(
    (one) =>
      one.backend === backend &&
      (one.slot === "<none>" || unwanted.some((slot) => slot.slot === one.slot)),
  );
  const sources = new Set(sessions.map((one) => one.source)).size;
  const cut = async () => {
    const lasting = lastingIn(await say(["show sess all"]));
    for (const { id } of ours) await say([`shutdown session ${id}`]);
    return ours.filter((one) => lasting.has(one.id)).length;
  };
  const mayCome = unwanted.some((slot) => slot.state === "ready");
  return {
    streams: ours.length,
    idle: mayCome ? Math.max(0, Number(info["CurrConns"] ?? 0) - sources) : 0,
    cuts: ours.length > 0 ? [cut] : [],
  };
}

async function remaining(
  agent: Agent,
  key: string,
  keep: readonly ServerSpec[],
): Promise<Remaining> {
  const parts = [await inCurrent(agent, key, keep)];
  for (const place of await oldWorkersOf(agent)) {
    parts.push(await inOld(agent, key, { place, keep }));
  }
  return {
    streams: parts.reduce((sum, part) => sum + part.streams, 0),
    idle: parts.reduce((sum, part) => sum + part.idle, 0),
    cuts: parts.flatMap((part) => part.cuts),
  };
}

export interface Drained {
  /** Streams that ended by themselves. */
  readonly drained: number;
  /** Requests that were cut. */
  readonly cut: number;
  /** Upgraded connections and event streams that were closed, so that their clients come again. */
  readonly moved: number;
}

export const nothingDrained: Drained = { drained: 0, cut: 0, moved: 0 };

export interface DrainOptions {
  readonly keep: readonly ServerSpec[];
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  readonly log?: (line: string) => void;
}

/** Waits, at most `timeoutMs`, then cuts. */
export async function drain(agent: Agent, key: string, options: DrainOptions): Promise<Drained> {
  const { keep, timeoutMs, signal, log } = options;
  const until = Date.now() + timeoutMs;
  let drained = 0;
  let last = 0;
  for (;;) {
    const left = await remaining(agent, key, keep);
    drained += Math.max(0, last - left.streams);
    last = left.streams;
    if (left.streams === 0 && left.idle === 0) return { drained, cut: 0, moved: 0 };
    if (signal?.aborted) {
      const message = `cancelled in the drain of route "${key}", with ${left.streams} requests left`;
      throw new SdkError(ErrorCode.Cancelled, `${message}; new requests go to the new servers`, {
        fix: "run the update again: it goes on with the drain",
      });
    }
    if (Date.now() >= until) {
      if (left.idle > 0) log?.(`${left.idle} idle clients may still use the servers that left`);
      const moved = Math.min(left.streams, await cut(agent, key, { keep, left }));
      return { drained, cut: left.streams - moved, moved };
    }
    await sleep(pollMs);
  }
}

async function cut(
  agent: Agent,
  key: string,
  { keep, left }: { keep: readonly ServerSpec[]; left: Remaining },
): Promise<number> {
  let moved = 0;
  for (const one of left.cuts) moved += await one();
  const until = Date.now() + cutTimeoutMs;
  while (Date.now() < until && (await remaining(agent, key, keep)).streams > 0) await sleep(pollMs);
  return moved;
}
