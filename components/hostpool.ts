// Several daemons that services are spread over. A pool's placement has a memory, which lies in the
// state: every preview knows the host of every replica, and what fits stays where it is.

import * as pulumi from "@pulumi/pulumi";
import type { LabelPreference, LabelRule } from "../sdk/fleet/types.ts";
import { type FleetOccupantArgs, PlacementResource } from "../sdk/resources/placement.ts";
import { ProviderResource } from "../sdk/resources/provider.ts";
import type { DaemonLike } from "./daemonlike.ts";
import type { PerHost } from "./perhost.ts";
import { requirePlugin } from "./plugin.ts";

/** A host of a pool: a daemon, and what it has to give. */
export interface PoolHostArgs {
  /** The daemon: a `Daemon`, a `TlsDaemon`, a `LocalDaemon`. One that is lost is left out, without contact. */
  readonly daemon: DaemonLike;
  /**
   * Labels by name, such as `{ zone: "a", disk: "ssd" }`. Each host has one more: `host`, its name. A
   * change moves only what may not stay there.
   * @defaultValue none
   */
  readonly labels?: { readonly [label: string]: string };
  /**
   * Processors that containers of services may have of it in all, to a thousandth.
   * @defaultValue not counted: any number fits
   */
  readonly cpus?: number;
  /**
   * Memory that containers of services may have of it in all, in bytes.
   * @defaultValue not counted: any amount fits
   */
  readonly memoryBytes?: number;
  /**
   * The address at which the other hosts reach it.
   * @defaultValue none: services on other hosts cannot be told where it is
   */
  readonly address?: pulumi.Input<string>;
  /**
   * Moves everything that services have on it to other hosts, new ones first, and places nothing there.
   * @defaultValue false
   */
  readonly drain?: boolean;
}

/** Arguments of {@link HostPool}. */
export interface HostPoolArgs {
  /** The hosts by name: letters, digits, `.`, `_` and `-`. A name is what state and labels know a host by. */
  readonly hosts: { readonly [name: string]: PoolHostArgs };
}

/** A host of a pool that is there. */
export interface PoolHost {
  /** Its name in the pool. */
  readonly name: string;
  /** Its daemon. */
  readonly daemon: DaemonLike;
  /** Its labels, `host` among them. */
  readonly labels: { readonly [label: string]: string };
  /** Processors that services may have of it; undefined is not counted. */
  readonly cpus: number | undefined;
  /** Memory that services may have of it, in bytes; undefined is not counted. */
  readonly memoryBytes: number | undefined;
  /** Where the other hosts reach it; undefined where none was given. */
  readonly address: pulumi.Output<string> | undefined;
  /** Whether everything is moved off it. */
  readonly drain: boolean;
}

/** Where a service may be, and where it is best. A change moves only what may not stay. */
export interface PlacementArgs {
  /**
   * What labels of a host have to be: `[{ label: "disk", equals: "ssd" }]`.
   * @defaultValue any host will do
   */
  readonly require?: readonly LabelRule[];
  /**
   * What labels of a host should be, with weights.
   * @defaultValue none
   */
  readonly prefer?: readonly LabelPreference[];
  /**
   * Labels over whose values replicas are spread evenly, the most important first: `["zone"]`.
   * @defaultValue none: evenly over hosts
   */
  readonly spread?: readonly string[];
  /**
   * Services that it does not stand beside, by name, with `*` and `?`. It holds in both directions.
   * @defaultValue none
   */
  readonly conflicts?: readonly string[];
  /**
   * Services that have to be on the same host, by name. They come before it in the program.
   * @defaultValue none
   */
  readonly near?: readonly string[];
  /**
   * Whether a host has at most one replica.
   * @defaultValue false, unless it takes fixed ports of the host
   */
  readonly onePerHost?: boolean;
}

/** What is to be placed. */
export interface PlaceRequest {
  /** Its name: what `conflicts` and `near` of others call it. */
  readonly service: string;
  /** How many containers. */
  readonly replicas: number;
  /**
   * Processors for each replica.
   * @defaultValue none are counted
   */
  readonly cpus?: number;
  /**
   * Memory for each replica, in bytes.
   * @defaultValue none is counted
   */
  readonly memoryBytes?: number;
  /**
   * Fixed ports of the host that each replica takes.
   * @defaultValue none
   */
  readonly hostPorts?: readonly number[];
  /**
   * Volumes that are on one host only: the host's name by the volume's.
   * @defaultValue none
   */
  readonly volumes?: { readonly [volume: string]: string };
  /**
   * Where it may be, and where it is best.
   * @defaultValue evenly over all hosts
   */
  readonly placement?: PlacementArgs;
  /** The component that it is for. */
  readonly parent: pulumi.Resource;
}

/** A replica and its host. */
export interface Placed {
  /** From 1. It stays with its container: after a scale-down numbers may be missing. */
  readonly replica: number;
  /** The name of its host. */
  readonly host: string;
}

interface InputError {
  readonly propertyPath: string;
  readonly reason: string;
}

function isLost({ daemon }: PoolHostArgs): boolean {
  return daemon.lost === true;
}

function checkLabels(labels: PoolHostArgs["labels"], path: string): readonly InputError[] {
  return Object.entries(labels ?? {}).flatMap(([label, value]) => {
    const propertyPath = `${path}.labels[${JSON.stringify(label)}]`;
    if (label === "host") {
      return [{ propertyPath, reason: "is the host's own name, and cannot be given" }];
    }
    if (typeof value === "string" && label !== "") return [];
    return [{ propertyPath, reason: `is ${JSON.stringify(value)}; write a label's name and text` }];
  });
}

function checkHost(name: string, host: PoolHostArgs): readonly InputError[] {
  const { cpus, memoryBytes } = host;
  const path = `hosts[${JSON.stringify(name)}]`;
  const errors: InputError[] = [...checkLabels(host.labels, path)];
  const wrong = (member: string, reason: string) => {
    errors.push({ propertyPath: member === "" ? path : `${path}.${member}`, reason });
  };
  if (!/^[A-Za-z0-9][\w.-]*$/.test(name)) {
    wrong("", "is not a host's name; write letters, digits, ., _ and -, such as web1");
  }
  if (cpus !== undefined && !(Number.isFinite(cpus) && cpus > 0)) {
    wrong("cpus", `is ${cpus}; write a number above 0`);
  }
  if (memoryBytes !== undefined && !(Number.isSafeInteger(memoryBytes) && memoryBytes > 0)) {
    wrong("memoryBytes", `is ${memoryBytes}; write whole bytes above 0`);
  }
  if (host.drain === true && isLost(host)) {
    wrong("drain", "is true, and its daemon is lost: nothing can be moved off it; drop drain");
  }
  return errors;
}

function checkPool({ hosts }: HostPoolArgs): void {
  const entries = Object.entries(hosts);
  const errors = entries.flatMap(([name, host]) => checkHost(name, host));
  if (entries.every(([, host]) => isLost(host))) {
    const reason = entries.length === 0 ? "is empty; give a host" : "has no host that is not lost";
    errors.push({ propertyPath: "hosts", reason });
  }
  const seen = new Map<DaemonLike, string>();
  for (const [name, { daemon }] of entries) {
    const first = seen.get(daemon);
    const propertyPath = `hosts[${JSON.stringify(name)}].daemon`;
    if (first !== undefined) errors.push({ propertyPath, reason: `is that of ${first} too` });
    seen.set(daemon, first ?? name);
  }
  if (errors.length === 0) return;
  throw new pulumi.InputPropertiesError({ message: "the pool cannot be made", errors });
}

function poolHost(name: string, args: PoolHostArgs): PoolHost {
  const { daemon, labels, cpus, memoryBytes, address, drain = false } = args;
  return {
    name,
    daemon,
    labels: { ...labels, host: name },
    cpus,
    memoryBytes,
    address: address === undefined ? undefined : pulumi.output(address),
    drain,
  };
}

/** What a host has to give, as the placement takes it. */
function capacityOf([name, host]: readonly [string, PoolHostArgs]) {
  const { labels, cpus, memoryBytes, drain } = host;
  return [
    name,
    {
      ...(labels === undefined ? {} : { labels }),
      ...(cpus === undefined ? {} : { cpus }),
      ...(memoryBytes === undefined ? {} : { memoryBytes }),
      ...(drain === true ? { drain } : {}),
    },
  ] as const;
}

/** Several daemons that services are spread over. */
export class HostPool extends pulumi.ComponentResource {
  /** The hosts that are there, by name, those that are drained among them. */
  readonly hosts: { readonly [name: string]: PoolHost };
  /** The names of the hosts that are lost. */
  readonly lostHosts: readonly string[];
  readonly #capacities: { readonly [name: string]: ReturnType<typeof capacityOf>[1] };
  /** A provider instance without a daemon: for what is of no host. */
  readonly provider: ProviderResource;
  /** The services placed so far, each with what it takes: those to come are placed beside them. */
  readonly #placed = new Map<string, FleetOccupantArgs>();

  constructor(name: string, args: HostPoolArgs, opts?: pulumi.ComponentResourceOptions) {
    super("dockwright:index:HostPool", name, {}, opts);
    requirePlugin();
    checkPool(args);
    const entries = Object.entries(args.hosts).sort(([a], [b]) => (a < b ? -1 : 1));
    const there = entries.filter(([, host]) => !isLost(host));
    this.lostHosts = entries.filter(([, host]) => isLost(host)).map(([lost]) => lost);
    this.hosts = Object.fromEntries(there.map(([host, given]) => [host, poolHost(host, given)]));
    this.#capacities = Object.fromEntries(there.map(capacityOf));
    // It has no daemon: placements contact none.
    this.provider = new ProviderResource(`${name}-provider`, {}, { parent: this });
    this.registerOutputs({});
  }

  /**
   * One of a thing for each host that is there: `pool.each((daemon, host) => new Bridge(...))`. Names
   * of resources have to hold the host's.
   */
  each<T>(make: (daemon: DaemonLike, host: PoolHost) => T): PerHost<T> {
    const made = Object.values(this.hosts).map((host) => [host.name, make(host.daemon, host)]);
    return { perHost: Object.fromEntries(made) as { readonly [host: string]: T } };
  }

  /** Finds a host for each replica. Services have the choice in the order of the program. */
  place(request: PlaceRequest): pulumi.Output<readonly Placed[]> {
    const { parent, placement = {}, service, replicas, volumes, ...needs } = request;
    if (this.#placed.has(service)) {
      throw new pulumi.InputPropertyError({
        propertyPath: "service",
        reason: `is "${service}", and the pool has a service of that name already`,
      });
    }
    const { conflicts, ...rules } = placement;
    const takes = { ...needs, ...(conflicts === undefined ? {} : { conflicts }) };
    const made = new PlacementResource(
      `${service}-placement`,
      {
        service,
        replicas,
        ...takes,
        ...rules,
        ...(volumes === undefined ? {} : { volumes }),
        hosts: this.#capacities,
        others: Object.fromEntries(this.#placed),
      },
      { parent, provider: this.provider },
    );
    const hosts = made.assignment.apply((all) => all.map(({ host }) => host));
    this.#placed.set(service, { ...takes, hosts });
    return made.assignment.apply((all) => all.map(({ replica, host }) => ({ replica, host })));
  }
}
