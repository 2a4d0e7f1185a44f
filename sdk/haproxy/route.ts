// A route's life in one proxy: made or changed, taken away, read. Start here. Each call holds the
// lock of its route throughout, and that of the proxy until requests have moved, so that stacks
// which share a proxy change it one after the other, and drain side by side.
import { ErrorCode, SdkError } from "../errors.ts";
import { type Applied, applyRoute, proxyLock } from "./apply.ts";
import { checkRoute, siteKey } from "./check.ts";
import { holds, observeRoute } from "./observe.ts";
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

async function underLock(
  agent: Agent,
  key: string,
  options: ApplyOptions,
  plan: (observed: ObservedRoute) => readonly Step[],
): Promise<{ observed: ObservedRoute; applied: Applied }> {
  const timeoutMs = options.lockTimeoutMs ?? lockTimeoutMs;
  const own = `route-${key}`;
  await agent.lock(own, timeoutMs, options.signal);
  try {
    await agent.lock(proxyLock, timeoutMs, options.signal);
    const observed = await observeRoute(agent, key);
    return { observed, applied: await applyRoute(agent, observed, plan(observed), options) };
  } finally {
    // An agent that is gone has no lock to give back, and its own error is the better one.
    await agent.unlock(proxyLock).catch(() => undefined);
    await agent.unlock(own).catch(() => undefined);
  }
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
  { observed, applied }: { observed: ObservedRoute; applied: Applied },
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

/** Makes the route what is wanted, from whatever is there, and waits for what left to be done. */
export async function ensureRoute(
  agent: Agent,
  spec: RouteSpec,
  options: ApplyOptions = {},
): Promise<RouteResult> {
  const startedAt = performance.now();
  const faults = checkRoute(spec);
  if (faults.length > 0) {
    const words = faults.map(({ property, reason }) => `${property} ${reason}`).join("; ");
    throw new SdkError(ErrorCode.BadInput, `route "${spec.key}": ${words}`);
  }
  const done = await underLock(agent, spec.key, options, (observed) => {
    const conflicts = findConflicts(observed, spec);
    if (conflicts.length === 0) return planRoute(observed, spec);
    const words = conflicts.map(({ property, reason }) => `${property}: ${reason}`).join("; ");
    throw new SdkError(ErrorCode.Foreign, `route "${spec.key}": ${words}`, {
      fix: "write another host or path, or take the other route away first",
    });
  });
  return resultOf(done, spec.servers, startedAt);
}

/** Takes the route away and waits for its requests. One that is gone is done. */
export async function removeRoute(
  agent: Agent,
  key: string,
  options: ApplyOptions = {},
): Promise<RouteResult> {
  const startedAt = performance.now();
  return resultOf(await underLock(agent, key, options, planRemoval), [], startedAt);
}

/** What runs for the route, and what the files say. Takes no lock: it changes nothing. */
export function readRoute(agent: Agent, key: string): Promise<ObservedRoute> {
  return observeRoute(agent, key);
}
