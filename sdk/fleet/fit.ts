// Which hosts a service fits on, how many of it, and in words why not.

import { matcher, missing, satisfies } from "./labels.ts";
import { milliCpus, type Occupancy } from "./occupancy.ts";
import type { PlacementRequest } from "./types.ts";

interface Rule {
  readonly admits: (host: number) => boolean;
  readonly cause: (host: number) => string;
}

/** What follows from the request and the host alone. */
function ownRules(request: PlacementRequest, occupancy: Occupancy): readonly Rule[] {
  const { require = [], volumes = {} } = request;
  const { hosts } = occupancy;
  return [
    { admits: (host) => hosts[host]?.drain !== true, cause: () => "is drained" },
    ...require.map((rule) => {
      const { of, values } = occupancy.groups(rule.label);
      const right = values.map((value) => satisfies(value, rule));
      return {
        admits: (host: number) => right[of[host] ?? 0] === true,
        cause: (host: number) => missing(values[of[host] ?? 0], rule),
      };
    }),
    ...Object.entries(volumes).map(([volume, at]) => ({
      admits: (host: number) => hosts[host]?.name === at,
      cause: () => `does not have the volume ${volume}, which is on ${at}`,
    })),
  ];
}

/** What follows from who else is there. */
function neighbourRules(request: PlacementRequest, occupancy: Occupancy): readonly Rule[] {
  const { near = [], hostPorts = [], service } = request;
  const adversaries = new Map<number, string>();
  for (const other of occupancy.adversaries(request)) {
    for (const host of other.hosts) adversaries.set(host, other.service);
  }
  const conflict: Rule = {
    admits: (host) => !adversaries.has(host),
    cause: (host) => `has ${adversaries.get(host) ?? "one"}, which conflicts with it`,
  };
  return [
    ...(adversaries.size > 0 ? [conflict] : []),
    ...near.map((other) => ({
      admits: (host: number) => occupancy.has(host, other),
      cause: () => `has no container of ${other}, which it has to be near`,
    })),
    ...hostPorts.map((port) => ({
      admits: (host: number) => (occupancy.holder(host, port) ?? service) === service,
      cause: (host: number) =>
        `has its port ${port} taken by ${occupancy.holder(host, port) ?? "another"}`,
    })),
  ];
}

/** Whether two of it cannot be on one host, and why. */
function aloneBecause(request: PlacementRequest): string | undefined {
  const { onePerHost, hostPorts = [], conflicts = [], service } = request;
  if (onePerHost === true) return "one per host";
  if (hostPorts.length > 0) return `the port ${hostPorts[0]} of the host is taken once`;
  return matcher(conflicts)(service) ? "it conflicts with its own kind" : undefined;
}

/** Bytes for a person: 1.5 GiB. */
export function sizeWords(bytes: number): string {
  const units = ["bytes", "KiB", "MiB", "GiB", "TiB"];
  let value = bytes;
  let unit = 0;
  while (Math.abs(value) >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${Number(value.toFixed(2))} ${units[unit] ?? ""}`;
}

interface Resource {
  readonly need: number;
  readonly left: Float64Array;
  readonly words: (amount: number) => string;
}

/** What is counted for it. */
function resources(request: PlacementRequest, occupancy: Occupancy): readonly Resource[] {
  const { cpus = 0, memoryBytes = 0 } = request;
  const both: readonly Resource[] = [
    {
      need: milliCpus(cpus),
      left: occupancy.milliCpusLeft,
      words: (amount) => `${amount / 1000} cpus`,
    },
    {
      need: memoryBytes,
      left: occupancy.memoryBytesLeft,
      words: (amount) => `${sizeWords(amount)} of memory`,
    },
  ];
  return both.filter(({ need }) => need > 0);
}

export interface Fit {
  /** How many of it each host can have. */
  readonly slots: Float64Array;
  /** The hosts that its own rules allow. */
  readonly allowed: readonly number[];
  /** Why no more than `there` of it are on a host; undefined where one more fits. */
  readonly cause: (number: number, there: number) => string | undefined;
}

export function fitOf(request: PlacementRequest, occupancy: Occupancy): Fit {
  const own = ownRules(request, occupancy);
  const rules = [...own, ...neighbourRules(request, occupancy)];
  const counted = resources(request, occupancy);
  const alone = aloneBecause(request);
  const slots = new Float64Array(occupancy.hosts.length);
  // The first rule is that of drained hosts.
  const allowed = own.length === 1 ? occupancy.open : occupancy.open.filter(all(own.slice(1)));
  const beside = all(rules.slice(own.length));
  for (const host of allowed) {
    if (!beside(host)) continue;
    let most = alone === undefined ? Number.POSITIVE_INFINITY : 1;
    for (const { need, left } of counted) {
      most = Math.min(most, Math.floor((left[host] ?? 0) / need));
    }
    slots[host] = Math.max(0, most);
  }
  const cause = (host: number, there: number) => {
    const against = rules.filter((rule) => !rule.admits(host));
    const words = against.map((rule) => rule.cause(host));
    if (alone !== undefined && there > 0) words.push(`has one of it (${alone})`);
    for (const { need, left, words: say } of counted) {
      const rest = (left[host] ?? 0) - there * need;
      if (rest < need) words.push(`has ${say(Math.max(0, rest))} left, and it needs ${say(need)}`);
    }
    return words.length === 0 ? undefined : words.join("; ");
  };
  return { slots, allowed, cause };
}

function all(rules: readonly Rule[]): (host: number) => boolean {
  return (host) => {
    for (const rule of rules) if (!rule.admits(host)) return false;
    return true;
  };
}
