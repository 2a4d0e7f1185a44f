// Placement: which host each replica of a service is on. Pure, and the same for the same input in any
// order. What was decided before is kept while it fits: only what must moves, and a host that joins
// takes its share and no more.

import { type Chooser, chooser, groupCount, Tally } from "./choose.ts";
import { type Fit, fitOf } from "./fit.ts";
import { Occupancy } from "./occupancy.ts";
import type {
  FleetHost,
  FormerPlacement,
  Move,
  Occupant,
  Placement,
  PlacementRequest,
  Unplaced,
} from "./types.ts";

export interface PlacementTask {
  readonly request: PlacementRequest;
  /** Absent: it has not been placed before. */
  readonly former?: FormerPlacement;
}

/** Places one service beside the others. */
export function place(
  hosts: readonly FleetHost[],
  task: PlacementTask,
  others: readonly Occupant[] = [],
): Placement {
  return placeOn(new Occupancy(hosts, others), task);
}

/** Places services one after the other: the first have the first choice. */
export function placeAll(
  hosts: readonly FleetHost[],
  tasks: readonly PlacementTask[],
  others: readonly Occupant[] = [],
): readonly Placement[] {
  const occupancy = new Occupancy(hosts, others);
  return tasks.map((task) => {
    const placement = placeOn(occupancy, task);
    const taken = placement.assignment.map(({ host }) => host);
    occupancy.add({ ...task.request, hosts: taken });
    return placement;
  });
}

interface Standing {
  readonly replica: number;
  readonly host: number;
  readonly reason: string;
}

/** A replica that cannot stay where it was. */
interface Homeless {
  readonly replica: number;
  readonly from: string;
  readonly cause: string;
}

interface Work {
  readonly occupancy: Occupancy;
  readonly request: PlacementRequest;
  readonly fit: Fit;
  readonly tally: Tally;
  readonly choose: Chooser;
  readonly standing: Map<number, Standing>;
  readonly moves: Move[];
}

function placeOn(occupancy: Occupancy, { request, former }: PlacementTask): Placement {
  const tally = new Tally(request, occupancy);
  const work: Work = {
    occupancy,
    request,
    fit: fitOf(request, occupancy),
    tally,
    choose: chooser(request, occupancy, tally),
    standing: new Map(),
    moves: [],
  };
  const homeless = keep(work, former?.places ?? []);
  while (work.standing.size > request.replicas) removeFromFullest(work);
  const unplaced = settle(work, homeless);
  if (former) evenOut(work, former);
  return {
    assignment: [...work.standing.values()]
      .sort((a, b) => a.replica - b.replica)
      .map(({ replica, host, reason }) => ({ replica, host: nameOf(work, host), reason })),
    unplaced,
    moves: work.moves.toSorted((a, b) => a.replica - b.replica),
    hosts: allowedNames(work),
  };
}

function nameOf({ occupancy }: Work, host: number): string {
  return occupancy.nameOf(host);
}

function allowedNames({ occupancy, fit }: Work): readonly string[] {
  const { names } = occupancy;
  return fit.allowed.length === names.length ? names : fit.allowed.map((host) => names[host] ?? "");
}

function countOn({ tally }: Work, host: number): number {
  return tally.onHost[host] ?? 0;
}

function hasRoom(work: Work, host: number): boolean {
  return countOn(work, host) < (work.fit.slots[host] ?? 0);
}

function put(work: Work, standing: Standing): void {
  work.standing.set(standing.replica, standing);
  work.tally.add(standing.host, 1);
}

/** Keeps what still fits where it was; gives the rest. */
function keep(work: Work, places: FormerPlacement["places"]): readonly Homeless[] {
  const homeless: Homeless[] = [];
  for (const { replica, host: from } of places.toSorted((a, b) => a.replica - b.replica)) {
    const host = work.occupancy.numberOf(from);
    if (host === undefined) homeless.push({ replica, from, cause: "is not in the pool any more" });
    else if (hasRoom(work, host)) put(work, { replica, host, reason: "kept where it was" });
    else {
      const cause = work.fit.cause(host, countOn(work, host)) ?? "has no room";
      homeless.push({ replica, from, cause });
    }
  }
  return homeless;
}

/** The one whose place is the worst; of several on a host, the highest number. */
function worstOf({ choose }: Work, all: readonly Standing[]): Standing {
  return all.reduce((a, b) =>
    (choose.compare(b.host, a.host) || b.replica - a.replica) > 0 ? b : a,
  );
}

function removeFromFullest(work: Work): void {
  const worst = worstOf(work, [...work.standing.values()]);
  work.standing.delete(worst.replica);
  work.tally.add(worst.host, -1);
}

/** Finds a host for the homeless first, then for as many new ones as are wanted. */
function settle(work: Work, homeless: readonly Homeless[]): readonly Unplaced[] {
  const { standing, request, occupancy, fit } = work;
  const moving = homeless.slice(0, request.replicas - standing.size);
  const numbers = new Set([...standing.keys(), ...moving.map(({ replica }) => replica)]);
  const wanted: (Homeless | { readonly replica: number })[] = [...moving];
  for (let replica = 1; standing.size + wanted.length < request.replicas; replica += 1) {
    if (!numbers.has(replica)) wanted.push({ replica });
  }
  let free = wanted.length === 0 ? [] : fit.allowed.filter((host) => hasRoom(work, host));
  const left: typeof wanted = [];
  for (const one of wanted) {
    const host = settleOne(work, one, free);
    if (host === undefined) left.push(one);
    else if (!hasRoom(work, host)) free = free.filter((other) => other !== host);
  }
  if (left.length === 0) return [];
  const causes = occupancy.hosts.map(({ name }, host) => ({
    host: name,
    cause: fit.cause(host, countOn(work, host)) ?? "has no room",
  }));
  return left.map(({ replica }) => ({ replica, causes }));
}

/** Puts it on the best of the hosts with room; gives that one. */
function settleOne(
  work: Work,
  one: Homeless | { readonly replica: number },
  free: readonly number[],
): number | undefined {
  if (free.length === 0) return undefined;
  const { host, reason } = work.choose.best(free);
  const { replica } = one;
  if (!("from" in one)) {
    put(work, { replica, host, reason });
    return host;
  }
  const { from, cause } = one;
  const words = `${from} ${cause}; ${reason}`;
  put(work, { replica, host, reason: `moved from ${from}: ${words}` });
  work.moves.push({ replica, from, to: nameOf(work, host), reason: words });
  return host;
}

/**
 * Moves to each host that joined what it would have had, at most its share: ceil(replicas / hosts).
 * Nothing else moves for evenness' sake.
 */
function evenOut(work: Work, former: FormerPlacement): void {
  const { allowed } = work.fit;
  if (allowed.every((host, at) => former.hosts[at] === nameOf(work, host))) return;
  const known = new Set(former.hosts);
  const joined = allowed.filter((host) => !known.has(nameOf(work, host)));
  const share = Math.ceil(work.request.replicas / Math.max(1, allowed.length));
  const movable = new Set(stayed(work, former));
  for (const host of joined) {
    for (let moved = 0; moved < share && hasRoom(work, host); moved += 1) {
      const gaining = [...movable].filter((standing) => gains(work, standing.host, host));
      if (gaining.length === 0) break;
      const worst = worstOf(work, gaining);
      movable.delete(worst);
      moveTo(work, worst, host);
    }
  }
}

function stayed(work: Work, { places }: FormerPlacement): readonly Standing[] {
  const before = new Map(places.map(({ replica, host }) => [replica, host]));
  return [...work.standing.values()].filter(
    ({ replica, host }) => before.get(replica) === nameOf(work, host),
  );
}

/** Whether one fewer here and one more there is better: more even, or more as preferred. */
function gains({ tally, choose }: Work, from: number, to: number): boolean {
  for (const group of tally.groups) {
    if (group.of[from] === group.of[to]) continue;
    const difference = groupCount(group, from) - groupCount(group, to);
    if (difference > 1) return true;
    if (difference < 1) return false;
  }
  const worth = (choose.worth[to] ?? 0) - (choose.worth[from] ?? 0);
  if (worth !== 0) return worth > 0;
  return (tally.onHost[from] ?? 0) - (tally.onHost[to] ?? 0) > 1;
}

function moveTo(work: Work, { replica, host: from }: Standing, to: number): void {
  const [was, now] = [nameOf(work, from), nameOf(work, to)];
  const reason = `${now} joined with ${countOn(work, to)} of it, ${was} had ${countOn(work, from)}`;
  work.tally.add(from, -1);
  put(work, { replica, host: to, reason: `moved from ${was}: ${reason}` });
  work.moves.push({ replica, from: was, to: now, reason });
}
