// What a stack makes once for its daemon, or once for each host of its pool or node of its swarm.

import * as pulumi from "@pulumi/pulumi";
import type {
  ClusterLike,
  DaemonLike,
  HostPool,
  OnEach,
  PerHost,
  SwarmCluster,
} from "../components/index.ts";
import { type FrontArgs, frontOf } from "./front.ts";

/** Where a thing is made: its daemon, its name, and how it gets at what else is there. */
export interface Place {
  readonly daemon: DaemonLike;
  /** The name for the resource; on a pool it ends in the host's. */
  readonly name: string;
  /** Of things made for each host, that of this one. */
  readonly of: <T>(made: OnEach<T>) => T;
}

/** Where stacks can be that go on clusters too. */
export type Anywhere = DaemonLike | HostPool | ClusterLike;

export function isHostPool(on: Anywhere): on is HostPool {
  return "place" in on;
}

export function isCluster(on: Anywhere): on is ClusterLike {
  return "runService" in on;
}

export function isSwarm(on: Anywhere): on is SwarmCluster {
  return isCluster(on) && on.clusterKind === "swarm" && "each" in on;
}

function isPerHost<T>(made: OnEach<T>): made is PerHost<T> {
  return typeof made === "object" && made !== null && "perHost" in made;
}

/** One of a thing, or one for each host of the pool. */
export function onEach<T>(
  on: DaemonLike | HostPool,
  name: string,
  make: (place: Place) => T,
): OnEach<T> {
  const of =
    (host: string | undefined) =>
    <U>(made: OnEach<U>): U => {
      if (!isPerHost(made)) return made;
      const found = host === undefined ? undefined : made.perHost[host];
      if (found !== undefined) return found;
      const reason = `it is for ${Object.keys(made.perHost).join(", ")}, not for ${host ?? "one daemon"}`;
      throw new pulumi.RunError(`${name} cannot be made: ${reason}`);
    };
  if (!isHostPool(on)) return make({ daemon: on, name, of: of(undefined) });
  return on.each((daemon, host) =>
    make({ daemon, name: `${name}-${host.name}`, of: of(host.name) }),
  );
}

/** All of them, in the order of the hosts. */
export function allOf<T>(made: OnEach<T>): readonly T[] {
  return isPerHost(made) ? Object.values(made.perHost) : [made];
}

/** Where the proxies answer: the one of the daemon, or that of each host by its address. */
export function urlsOf(on: DaemonLike | HostPool, front: FrontArgs): pulumi.Output<string[]> {
  const { host, bind, url } = frontOf(front);
  if (!isHostPool(on) || host !== "*") return pulumi.output([url]);
  const addresses = Object.values(on.hosts).map(({ name, address }) => address ?? name);
  return pulumi
    .all(addresses)
    .apply((all) => all.map((address) => `http://${inUrl(address)}:${bind.port}/`));
}

/** An IPv6 address stands in brackets. */
function inUrl(address: string): string {
  return address.includes(":") ? `[${address}]` : address;
}
