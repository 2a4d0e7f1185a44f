// Which of the hosts with room takes the next replica, and in words why. Criteria one after the
// other, each among those that were equal by the ones before.

import { attraction } from "./hash.ts";
import { satisfies } from "./labels.ts";
import type { LabelGroups, Occupancy } from "./occupancy.ts";
import type { PlacementRequest } from "./types.ts";

/** How many of the service are where. */
export class Tally {
  readonly onHost: Int32Array;
  /** For each spread label, how many each of its values has. */
  readonly groups: readonly Group[];

  constructor(request: PlacementRequest, occupancy: Occupancy) {
    this.onHost = new Int32Array(occupancy.hosts.length);
    this.groups = (request.spread ?? []).map((label) => {
      const { of, values } = occupancy.groups(label);
      return { label, of, values, counts: new Int32Array(values.length) };
    });
  }

  add(host: number, count: 1 | -1): void {
    this.onHost[host] = (this.onHost[host] ?? 0) + count;
    for (const { of, counts } of this.groups) {
      const group = of[host] ?? 0;
      counts[group] = (counts[group] ?? 0) + count;
    }
  }
}

interface Group extends LabelGroups {
  readonly label: string;
  readonly counts: Int32Array;
}

export function groupCount(group: Group, host: number): number {
  return group.counts[group.of[host] ?? 0] ?? 0;
}

function groupWords({ label, of, values }: Group, host: number): string {
  const value = values[of[host] ?? 0];
  return value === undefined ? `no ${label}` : `${label}=${value}`;
}

/** What each host is worth by the preferences. */
function worthsOf({ prefer = [] }: PlacementRequest, occupancy: Occupancy): Float64Array {
  const worths = new Float64Array(occupancy.hosts.length);
  for (const rule of prefer) {
    const { of, values } = occupancy.groups(rule.label);
    const each = values.map((value) => (satisfies(value, rule) ? (rule.weight ?? 1) : 0));
    for (const [host, group] of of.entries()) {
      worths[host] = (worths[host] ?? 0) + (each[group] ?? 0);
    }
  }
  return worths;
}

/** The smallest value is the best. */
interface Criterion {
  readonly value: (host: number) => number;
  readonly words: (host: number) => string;
}

export interface Chooser {
  readonly worth: Float64Array;
  /** The best of the hosts, and why. */
  readonly best: (hosts: readonly number[]) => { readonly host: number; readonly reason: string };
  /** Above 0 when `a` is the worse place of the two. */
  readonly compare: (a: number, b: number) => number;
}

export function chooser(request: PlacementRequest, occupancy: Occupancy, tally: Tally): Chooser {
  const worths = worthsOf(request, occupancy);
  const attracts = attraction(request.service);
  const worthOf = (host: number) => worths[host] ?? 0;
  const here = (host: number) => tally.onHost[host] ?? 0;
  const inAll = (host: number) => (occupancy.containers[host] ?? 0) + here(host);
  const criteria: readonly Criterion[] = [
    ...tally.groups.map((group) => ({
      value: (host: number) => groupCount(group, host),
      words: (host: number) =>
        `${groupWords(group, host)} has fewest of it (${groupCount(group, host)})`,
    })),
    { value: (host) => -worthOf(host), words: (host) => `most preferred (${worthOf(host)})` },
    { value: here, words: (host) => `fewest of it there (${here(host)})` },
    { value: inAll, words: (host) => `fewest containers there (${inAll(host)})` },
    {
      value: (host) => -attracts(occupancy.nameOf(host)),
      words: () => "first by hash of those that are equal",
    },
  ];
  const compare = (a: number, b: number) => {
    for (const { value } of criteria) {
      const difference = value(a) - value(b);
      if (difference !== 0) return difference;
    }
    return a - b;
  };
  return { worth: worths, compare, best: (hosts) => narrow(hosts, criteria) };
}

function narrow(hosts: readonly number[], criteria: readonly Criterion[]) {
  if (hosts.length === 1) return { host: hosts[0] ?? 0, reason: "the only host that has room" };
  let equal = hosts;
  const reasons: string[] = [];
  for (const { value, words } of criteria) {
    const best = smallest(equal, value);
    if (best.length < equal.length) reasons.push(words(best[0] ?? 0));
    equal = best;
    if (equal.length === 1) break;
  }
  return { host: equal[0] ?? 0, reason: reasons.join(", then ") };
}

function smallest(hosts: readonly number[], value: (host: number) => number): readonly number[] {
  let least = Number.POSITIVE_INFINITY;
  let found: number[] = [];
  for (const host of hosts) {
    const own = value(host);
    if (own < least) {
      least = own;
      found = [host];
    } else if (own === least) found.push(host);
  }
  return found;
}
