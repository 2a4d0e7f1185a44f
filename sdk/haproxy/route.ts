// A route's life in one proxy: made or changed, taken away, read. Start here. Each call holds the
// lock of its route throughout, and that of the proxy until requests have moved, so that stacks
// which share a proxy change it one after the other, and drain side by side.
import { describeError, ErrorCode, SdkError } from "../errors.ts";
import { proxyLock } from "./agent.ts";
import { type Applied, applyRoute, stuckWords } from "./apply.ts";
import { Barrier } from "./barrier.ts";
import { checkRoute, siteKey } from "./check.ts";
import { holds, observeRoute } from "./observe.ts";
import { routeFile } from "./paths.ts";
import { planRemoval, planRoute } from "./plan.ts";
import { placedIn } from "./render.ts";
import type {
  Agent,
  ApplyOptions,
  ObservedRoute,
  ObservedSlot,
  RouteFault,
  RouteResult,
  RouteSpec,
  ServerSpec,
  Stage,
  Step,
} from "./types.ts";

const lockTimeoutMs = 60_000;

/** Sites of the route that another route of the same proxy answers on. */
export function findConflicts(observed: ObservedRoute, wanted: RouteSpec): readonly RouteFault[] {
  return wanted.sites.flatMap((site, index) => {
    const owner = observed.others[siteKey(site)];
    if (owner === undefined) return [];
    const property = `sites[${index}]`;
    return [{ property, reason: `${site.host}${site.path} belongs to the route "${owner}"` }];
  });
}

/** A route in one of the proxies that are changed together. */
export interface RouteTarget {
  /** The proxy's name in messages; of all proxies, locks are taken in the order of these. */
  readonly name: string;
  readonly agent: Agent;
  readonly spec: RouteSpec;
}

const ownLock = (key: string): string => `route-${key}`;

/** The locks of a route and of its proxy. Whoever takes several takes them in one order. */
async function lockRoute(agent: Agent, key: string, options: ApplyOptions): Promise<void> {
  const timeoutMs = options.lockTimeoutMs ?? lockTimeoutMs;
  await agent.lock(ownLock(key), timeoutMs, options.signal);
  await agent.lock(proxyLock, timeoutMs, options.signal);
}

async function unlockRoute(agent: Agent, key: string): Promise<void> {
  // An agent that is gone has no lock to give back, and its own error is the better one.
  await agent.unlock(proxyLock).catch(() => undefined);
  await agent.unlock(ownLock(key)).catch(() => undefined);
}

interface Done {
  readonly observed: ObservedRoute;
  readonly applied: Applied;
}

/** A server's name as the route's file has it, or where it is. */
function nameOfSlot(observed: ObservedRoute, slot: ObservedSlot): string {
  const host = slot.host ?? slot.address ?? "";
  const named = placedIn(observed.file ?? "").find(
    ({ server }) => server.host === host && server.port === slot.port,
  );
  return named?.server.name ?? `${host}:${slot.port}`;
}

function resultOf(
  { observed, applied }: Done,
  wanted: readonly ServerSpec[],
  startedAt: number,
): RouteResult {
  const before = (observed.slots ?? []).filter((slot) => slot.state === "ready");
  const added = wanted.filter((server) => !before.some((slot) => holds(slot, server)));
  const removed = before.filter((slot) => !wanted.some((server) => holds(slot, server)));
  return {
    added: added.map((server) => server.name),
    removed: removed.map((slot) => nameOfSlot(observed, slot)),
    ...applied,
    durationMs: Math.round(performance.now() - startedAt),
  };
}

function checkTarget({ spec }: RouteTarget): void {
  const faults = checkRoute(spec);
  if (faults.length === 0) return;
  const words = faults.map(({ property, reason }) => `${property} ${reason}`).join("; ");
  throw new SdkError(ErrorCode.BadInput, `route "${spec.key}": ${words}`);
}

function planTarget(observed: ObservedRoute, spec: RouteSpec): readonly Step[] {
  const conflicts = findConflicts(observed, spec);
  if (conflicts.length === 0) return planRoute(observed, spec);
  const words = conflicts.map(({ property, reason }) => `${property}: ${reason}`).join("; ");
  throw new SdkError(ErrorCode.Foreign, `route "${spec.key}": ${words}`, {
    fix: "write another host or path, or take the other route away first",
  });
}

/**
 * Makes the route what is wanted in several proxies at once, from whatever is there: no request moves
 * before the new servers are well in the eyes of every proxy, no old server is left before the requests
 * have moved in all of them, and when it fails in one, the former state is put back in all.
 */
export async function ensureRoutes(
  targets: readonly RouteTarget[],
  options: ApplyOptions = {},
): Promise<readonly RouteResult[]> {
  const startedAt = performance.now();
  for (const target of targets) checkTarget(target);
  const ordered = [...targets].sort((a, b) => (a.name < b.name ? -1 : 1));
  const locked: RouteTarget[] = [];
  try {
    for (const target of ordered) {
      locked.push(target);
      await lockRoute(target.agent, target.spec.key, options);
    }
    const done = await changeTogether(targets, options);
    return targets.map(({ spec }, index) => resultOf(done[index] as Done, spec.servers, startedAt));
  } finally {
    await Promise.all(locked.map(({ agent, spec }) => unlockRoute(agent, spec.key)));
  }
}

async function changeTogether(
  targets: readonly RouteTarget[],
  options: ApplyOptions,
): Promise<readonly Done[]> {
  const barrier = new Barrier();
  const parties = targets.map(({ name }) => barrier.join(name));
  let failed: unknown;
  const work = targets.map(async ({ agent, spec, name }, index): Promise<Done> => {
    const party = parties[index] as (typeof parties)[number];
    try {
      const observed = await observeRoute(agent, spec.key);
      const applied = await applyRoute(agent, observed, planTarget(observed, spec), {
        ...options,
        reached: async (stage) => {
          await options.reached?.(stage, name);
          await party.reach(stageOrder[stage]);
        },
      });
      party.leave();
      return { observed, applied };
    } catch (error) {
      failed ??= error;
      party.fail(error);
      throw error;
    }
  });
  const outcomes = await Promise.allSettled(work);
  if (failed !== undefined) throw togetherError(outcomes, failed);
  return outcomes.map((one) => (one as PromiseFulfilledResult<Done>).value);
}

const stageOrder = { gated: 0, moved: 1 } as const satisfies Record<Stage, number>;

/** The error of the one that failed first, with those of proxies where it could not be taken back. */
function togetherError(
  outcomes: readonly PromiseSettledResult<unknown>[],
  failed: unknown,
): unknown {
  const others = outcomes.flatMap((one) =>
    one.status === "rejected" && one.reason !== failed && isStuck(one.reason) ? [one.reason] : [],
  );
  if (others.length === 0) return failed;
  const words = [failed, ...others].map((error) => describeError(error)).join("; ");
  return new SdkError(ErrorCode.Refused, words, { cause: failed });
}

const isStuck = (error: unknown): boolean =>
  error instanceof Error && error.message.includes(stuckWords);

/** Makes the route what is wanted, from whatever is there, and waits for what left to be done. */
export async function ensureRoute(
  agent: Agent,
  spec: RouteSpec,
  options: ApplyOptions = {},
): Promise<RouteResult> {
  const [result] = await ensureRoutes([{ name: "the proxy", agent, spec }], options);
  return result as RouteResult;
}

/** Takes the route away and waits for its requests. One that is gone is done. */
export async function removeRoute(
  agent: Agent,
  key: string,
  options: ApplyOptions = {},
): Promise<RouteResult> {
  const startedAt = performance.now();
  try {
    await lockRoute(agent, key, options);
    const observed = await observeRoute(agent, key);
    const applied = await applyRoute(agent, observed, planRemoval(observed), options);
    return resultOf({ observed, applied }, [], startedAt);
  } finally {
    await unlockRoute(agent, key);
  }
}

/** The servers that the route's file names, in one question. Takes no lock: it changes nothing. */
export async function readServers(agent: Agent, key: string): Promise<readonly ServerSpec[]> {
  const file = await agent.readFile(routeFile(agent.paths, key));
  return placedIn(file ?? "").map(({ server }) => server);
}

/** What runs for the route, and what the files say. Takes no lock: it changes nothing. */
export function readRoute(agent: Agent, key: string): Promise<ObservedRoute> {
  return observeRoute(agent, key);
}
