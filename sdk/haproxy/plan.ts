// From what is there to what is wanted, as steps. Pure: no socket, file or clock. Servers change at
// run time; a reload is planned only where the structure differs or the slots do not suffice.
// A server takes traffic only after the proxy's own check of it passed, and the old ones leave in
// the same command line in which the new ones come.
import { isIP } from "node:net";
import { hasStructure, holds, isInUse } from "./observe.ts";
import { freshLayout, renderRoute } from "./render.ts";
import type {
  Endpoint,
  ObservedRoute,
  ObservedSlot,
  Placed,
  RouteSpec,
  ServerSpec,
  Step,
} from "./types.ts";

const isWanted = (place: Endpoint, servers: readonly ServerSpec[]): boolean =>
  servers.some((server) => holds(place, server));

/** A slot that can take a server now. One that follows a name cannot be made to forget it. */
function isFree(slot: ObservedSlot, server: ServerSpec): boolean {
  if (slot.state !== "maint" || slot.streams > 0 || slot.address === undefined) return false;
  return isIP(server.host) === 0 || slot.host === undefined;
}

const order = { ready: 0, drain: 1, maint: 2 } as const;

/** A slot for each server: the one it has, best state first, else a free one; or nothing at all. */
function place(
  slots: readonly ObservedSlot[],
  servers: readonly ServerSpec[],
): readonly (Placed & { readonly now: ObservedSlot })[] | undefined {
  const left = new Set([...slots].sort((a, b) => order[a.state] - order[b.state]));
  const found = new Map<ServerSpec, ObservedSlot>();
  const take = (server: ServerSpec, fits: (slot: ObservedSlot) => boolean) => {
    const slot = [...left].find(fits);
    if (slot === undefined || found.has(server)) return;
    left.delete(slot);
    found.set(server, slot);
  };
  for (const server of servers) take(server, (slot) => holds(slot, server));
  for (const server of servers) take(server, (slot) => isFree(slot, server));
  if (found.size < servers.length) return undefined;
  return [...found].map(([server, now]) => ({ slot: now.slot, server, now }));
}

function planReload(observed: ObservedRoute, wanted: RouteSpec): readonly Step[] {
  const layout = freshLayout(wanted);
  const used = [...(observed.slots ?? []).filter(isInUse), ...observed.oldServers];
  const leaves = used.some((one) => !isWanted(one, wanted.servers));
  return [
    { kind: "probe", spec: wanted },
    { kind: "reload", layout, confirm: layout.placed },
    ...(leaves ? [{ kind: "drain", keep: wanted.servers } as const] : []),
  ];
}

/** The steps that make what is observed what is wanted; none when it is. */
export function planRoute(observed: ObservedRoute, wanted: RouteSpec): readonly Step[] {
  const { slots } = observed;
  if (slots === undefined || !observed.loaded || !hasStructure(observed, wanted)) {
    return planReload(observed, wanted);
  }
  const placed = place(slots, wanted.servers);
  if (placed === undefined) return planReload(observed, wanted);
  return planSwitch(observed, { wanted, placed, slots });
}

interface Placement {
  readonly wanted: RouteSpec;
  readonly slots: readonly ObservedSlot[];
  readonly placed: readonly (Placed & { readonly now: ObservedSlot })[];
}

function planSwitch(
  observed: ObservedRoute,
  { wanted, slots, placed }: Placement,
): readonly Step[] {
  const plain = ({ slot, server }: Placed): Placed => ({ slot, server });
  const taken = new Set(placed.map((one) => one.slot));
  const enable = placed.filter(({ now }) => now.state !== "ready" || !now.up).map(plain);
  const others = slots.filter((slot) => !taken.has(slot.slot));
  const retire = others.filter((slot) => slot.state === "ready").map((slot) => slot.slot);
  const leaving = others.filter((slot) => slot.state !== "maint" || slot.streams > 0);
  const layout = { spec: wanted, placed: placed.map(plain), slotCount: slots.length };
  const old = observed.oldServers.some((one) => !isWanted(one, wanted.servers));
  const steps: Step[] = [];
  if (enable.length > 0) steps.push({ kind: "gate", servers: enable.map((one) => one.server) });
  if (enable.length + retire.length > 0) steps.push({ kind: "switch", enable, retire });
  if (observed.file !== renderRoute(layout)) steps.push({ kind: "write", layout });
  if (leaving.length > 0 || old) steps.push({ kind: "drain", keep: wanted.servers });
  if (leaving.length > 0) {
    const kept = wanted.servers.find(({ host }) => isIP(host) === 0);
    steps.push({ kind: "free", slots: leaving.map((slot) => slot.slot), kept });
  }
  return steps;
}

/** The steps that take a route away; none when nothing of it is left. */
export function planRemoval(observed: ObservedRoute): readonly Step[] {
  const used = [...(observed.slots ?? []).filter(isInUse), ...observed.oldServers];
  const drain: readonly Step[] = used.length > 0 ? [{ kind: "drain", keep: [] }] : [];
  const written = observed.file !== undefined || observed.mapLines.length > 0;
  if (!written && observed.slots === undefined) return drain;
  return [{ kind: "reload", layout: undefined, confirm: [] }, ...drain];
}
