// What is on each host already, while one service after the other is placed. Hosts are numbers here,
// in the order of their names, whatever the order in which they were given.

import { labelOf, matcher } from "./labels.ts";
import type { FleetHost, Needs, Occupant } from "./types.ts";

/** A thousandth of a processor: sums of tenths must come out even. */
export function milliCpus(cpus: number): number {
  return Math.round(cpus * 1000);
}

/** The hosts by the value of one label. */
export interface LabelGroups {
  /** The number of each host's group. */
  readonly of: Int32Array;
  /** The value of each group; undefined for the hosts without that label. */
  readonly values: readonly (string | undefined)[];
}

interface Tenant {
  readonly service: string;
  /** Undefined: it minds nobody. */
  readonly minds: ((service: string) => boolean) | undefined;
  readonly hosts: Set<number>;
}

function byName(a: FleetHost, b: FleetHost): number {
  return a.name < b.name ? -1 : Number(a.name > b.name);
}

function addTo(counts: Float64Array | Int32Array, at: number, amount: number): void {
  counts[at] = (counts[at] ?? 0) + amount;
}

export class Occupancy {
  readonly hosts: readonly FleetHost[];
  readonly names: readonly string[];
  /** The hosts that take anything at all. */
  readonly open: readonly number[];
  /** What is left; endless where the host does not say what it has. */
  readonly milliCpusLeft: Float64Array;
  readonly memoryBytesLeft: Float64Array;
  /** Containers of all services. */
  readonly containers: Int32Array;
  private readonly numbers: ReadonlyMap<string, number>;
  private readonly ports: readonly Map<number, string>[];
  private readonly tenants = new Map<string, Tenant>();
  private readonly minding = new Set<Tenant>();
  private readonly grouped = new Map<string, LabelGroups>();

  constructor(hosts: readonly FleetHost[], occupants: readonly Occupant[]) {
    this.hosts = [...hosts].sort(byName);
    this.numbers = new Map(this.hosts.map(({ name }, number) => [name, number]));
    const endless = Number.POSITIVE_INFINITY;
    this.names = this.hosts.map(({ name }) => name);
    this.open = [...this.hosts.keys()].filter((host) => this.hosts[host]?.drain !== true);
    this.milliCpusLeft = Float64Array.from(this.hosts.map((h) => milliCpus(h.cpus ?? endless)));
    this.memoryBytesLeft = Float64Array.from(this.hosts.map((h) => h.memoryBytes ?? endless));
    this.containers = new Int32Array(hosts.length);
    this.ports = this.hosts.map(() => new Map<number, string>());
    // In one order, since of several that are in the way a cause names one.
    const inOrder = occupants.toSorted((a, b) => (a.service < b.service ? -1 : 1));
    for (const occupant of inOrder) this.add(occupant);
  }

  nameOf(host: number): string {
    return this.names[host] ?? "";
  }

  numberOf(host: string): number | undefined {
    return this.numbers.get(host);
  }

  /** By label; found out once, for all services that ask for it. */
  groups(label: string): LabelGroups {
    const known = this.grouped.get(label);
    if (known) return known;
    const numbers = new Map<string | undefined, number>();
    const of = Int32Array.from(
      this.hosts.map((host) => {
        const value = labelOf(host, label);
        const number = numbers.get(value) ?? numbers.size;
        numbers.set(value, number);
        return number;
      }),
    );
    const groups = { of, values: [...numbers.keys()] };
    this.grouped.set(label, groups);
    return groups;
  }

  add(occupant: Occupant): void {
    const tenant = this.tenant(occupant);
    for (const name of occupant.hosts) {
      const host = this.numbers.get(name);
      // What is on a host that is not there any more takes nothing.
      if (host === undefined) continue;
      tenant.hosts.add(host);
      addTo(this.milliCpusLeft, host, -milliCpus(occupant.cpus ?? 0));
      addTo(this.memoryBytesLeft, host, -(occupant.memoryBytes ?? 0));
      addTo(this.containers, host, 1);
      for (const port of occupant.hostPorts ?? []) this.ports[host]?.set(port, occupant.service);
    }
  }

  private tenant({ service, conflicts = [] }: Needs): Tenant {
    const known = this.tenants.get(service);
    if (known) return known;
    const minds = conflicts.length > 0 ? matcher(conflicts) : undefined;
    const tenant = { service, minds, hosts: new Set<number>() };
    this.tenants.set(service, tenant);
    if (minds) this.minding.add(tenant);
    return tenant;
  }

  /** Who has a port of a host. */
  holder(host: number, port: number): string | undefined {
    return this.ports[host]?.get(port);
  }

  has(host: number, service: string): boolean {
    return this.tenants.get(service)?.hosts.has(host) ?? false;
  }

  /** The services that cannot stand beside this one. */
  adversaries({ service, conflicts = [] }: Needs): readonly Pick<Tenant, "service" | "hosts">[] {
    const minds = conflicts.length > 0 ? matcher(conflicts) : undefined;
    // Who minds nobody is asked only when this one minds somebody: that is most of them.
    const asked = minds ? this.tenants.values() : this.minding.values();
    return [...asked].filter(
      (other) =>
        other.service !== service &&
        (minds?.(other.service) === true || other.minds?.(service) === true),
    );
  }
}
