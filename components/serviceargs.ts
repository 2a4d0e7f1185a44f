// The arguments of a service, and what follows from them alone.

import type * as pulumi from "@pulumi/pulumi";
import type { RolloutResourceArgs } from "../sdk/resources/rollout.ts";
import type { ContainerArgs } from "./container.ts";
import type { DaemonLike, ImageLike, NetworkLike, VolumeLike, VolumeMount } from "./daemonlike.ts";
import type { PlacementArgs } from "./hostpool.ts";
import type { OnEach } from "./perhost.ts";
import { isPool, type Platform, type PoolLike } from "./platform.ts";
import type { ProxyLike } from "./route.ts";

/** How a replica shows that it can serve. */
export interface ServiceHealth {
  /**
   * The path to GET; 200 to 399 is well. A change updates in place.
   * @defaultValue none: a TCP connection to `port` is the check
   */
  readonly http?: string;
  /**
   * Time between the proxy's checks, in milliseconds. A change reloads the proxy.
   * @defaultValue 1000
   */
  readonly intervalMs?: number;
  /**
   * How long a new replica may take to get there, in milliseconds. A change updates in place.
   * @defaultValue 60000
   */
  readonly timeoutMs?: number;
}

/** A mount of a service: on a pool, the volume of each host. */
export interface ServiceVolumeMount extends Omit<VolumeMount, "volume"> {
  /**
   * The volume, or that of each host. Give this or `hostPath`.
   * @defaultValue none
   */
  readonly volume?: OnEach<VolumeLike>;
}

/**
 * What a service is, on whatever it runs. `docs/platforms.md` has what each platform does with each
 * member; one that it cannot do is refused, and never left out.
 */
export interface ServiceSpec
  extends Omit<
    ContainerArgs,
    "daemon" | "name" | "ready" | "start" | "image" | "networks" | "volumes"
  > {
  /** The image, or that of each host; on a cluster by digest. A change replaces the containers. */
  readonly image: OnEach<ImageLike>;
  /**
   * The networks to join, in this order, or those of each host.
   * @defaultValue the daemon's default bridge
   */
  readonly networks?: readonly OnEach<NetworkLike>[];
  /**
   * Volumes and host paths that the containers see. A change replaces them.
   * @defaultValue none
   */
  readonly volumes?: readonly ServiceVolumeMount[];
  /**
   * Environment variables with secret values, by name. Clusters keep them in their own store (Secrets
   * Manager on ECS, a Secret object on Kubernetes) and give them to the containers alone; on a
   * daemon they stand beside `env`. A change replaces the containers.
   * @defaultValue none
   */
  readonly secretEnv?: { readonly [name: string]: pulumi.Input<string> };
  /** The port in the container that answers. A change moves the route. */
  readonly port: number;
  /**
   * How many containers. A change of it changes the routes in the same update.
   * @defaultValue 1
   */
  readonly replicas?: number;
  /**
   * Lets a cluster choose the number of containers by their load; `replicas` is then where it begins.
   * A change updates in place.
   * @defaultValue `replicas`, always
   */
  readonly autoscale?: ServiceAutoscale;
  /**
   * How a replica shows that it can serve: its gate, and the proxy's check.
   * @defaultValue a TCP connection to `port`
   */
  readonly health?: ServiceHealth;
  /**
   * The sites that the service answers for, each behind a proxy or those of a pool. Requests move in
   * all of them at once, or in none.
   * @defaultValue none: the service has no proxy, or a `Route` of its own
   */
  readonly routes?: readonly ServiceRoute[];
  /**
   * The order in which containers are exchanged.
   * @defaultValue blueGreen; on a cluster rolling
   */
  readonly rollout?: ServiceRollout;
  /**
   * On a pool: which hosts the replicas may be on, and how they are spread.
   * @defaultValue spread evenly over all hosts
   */
  readonly placement?: PlacementArgs;
  /**
   * On a pool: whether replicas publish `port` on their host's `address`, at a port that is chosen once
   * and kept, so that the proxies of other hosts reach them. A change replaces the containers.
   * @defaultValue true where every host of the pool has an address
   */
  readonly acrossHosts?: boolean;
  /**
   * What runs once for a release: before its containers are made, once it serves, or when an earlier
   * one is brought back. They run again with the next release, and where one itself changes.
   * @defaultValue none
   */
  readonly tasks?: ServiceTasks;
  /**
   * How many releases are kept, with their images, for a rollback. A change updates in place.
   * @defaultValue 5
   */
  readonly keepReleases?: number;
}

/** What runs once, to its end: as the service's container does, but for these. */
export interface ServiceTask {
  /** Its name, unlike that of any other of the service. */
  readonly name: string;
  /** The command and its arguments. A change runs it again. */
  readonly command: pulumi.Input<readonly pulumi.Input<string>[]>;
  /**
   * Environment variables by name, beside and before those of the service.
   * @defaultValue none
   */
  readonly env?: pulumi.Input<{ readonly [name: string]: pulumi.Input<string> }>;
  /**
   * The user that it runs as, `USER[:GROUP]`.
   * @defaultValue the service's
   */
  readonly user?: pulumi.Input<string>;
  /**
   * How long it may run, in milliseconds; then it is asked to end, and has failed.
   * @defaultValue 1800000
   */
  readonly timeoutMs?: pulumi.Input<number>;
}

/** What runs once for a release. One that fails fails the update. */
export interface ServiceTasks {
  /**
   * Before containers of the release are made, such as a migration. When one fails, what served
   * before serves on. Each once for a release; on a pool on the host of the first replica, and again
   * where that is drained or lost.
   * @defaultValue none
   */
  readonly before?: readonly ServiceTask[];
  /**
   * Once the release serves.
   * @defaultValue none
   */
  readonly after?: readonly ServiceTask[];
  /**
   * When an earlier release is brought back, before its containers are made; `before` and `after` of
   * that do not run. It runs with what the program says now, since that is what it undoes;
   * `DOCKWRIGHT_ROLLBACK_TO` has the number of the release that comes back.
   * @defaultValue none
   */
  readonly rollback?: readonly ServiceTask[];
}

/** A site that a service answers for. */
export interface ServiceRoute {
  /**
   * The proxy, or that of each host of the pool. ECS and Kubernetes have none: there the cluster's
   * own ingress answers.
   * @defaultValue the ingress of the cluster; a daemon and a pool need one
   */
  readonly proxy?: OnEach<ProxyLike>;
  /** The host name; `*` for every host that no other route names. */
  readonly host: string;
  /**
   * The path prefix, matched on whole segments.
   * @defaultValue /
   */
  readonly path?: string;
}

/** Between which numbers of containers a cluster chooses, and what it aims at. */
export interface ServiceAutoscale {
  /** The fewest containers, from 1. */
  readonly min: number;
  /** The most containers. */
  readonly max: number;
  /**
   * The share of its processors that a container shall use on average, in percent.
   * @defaultValue 60, where `memoryPercent` is not given either
   */
  readonly cpuPercent?: number;
  /**
   * The share of its memory that a container shall use on average, in percent.
   * @defaultValue memory is not looked at
   */
  readonly memoryPercent?: number;
}

/** One replica, as a route wants it. */
export interface ServiceServer {
  /** The container's name. */
  readonly name: string;
  /** The container's address on each network, by the network's name. */
  readonly addresses: { readonly [network: string]: string };
  /** The port in the container. */
  readonly port: number;
}

/** What the proxies do with the service's requests, and how long things may take. */
type RouteOptions = Omit<
  RolloutResourceArgs,
  | "service"
  | "strategy"
  | "batch"
  | "containers"
  | "port"
  | "ready"
  | "proxies"
  | "addresses"
  | "connections"
  | "stopGraceMs"
  | "check"
>;

export interface ServiceRollout extends RouteOptions {
  /**
   * `blueGreen`: all new containers beside the old ones, then all requests at once. `rolling`: batch by
   * batch, the old ones of each drained and stopped before the next. `recreate`: the old ones end
   * first, and nobody answers until the new ones do; for what two containers cannot share.
   * @defaultValue blueGreen; on a cluster rolling
   */
  readonly strategy?: "blueGreen" | "rolling" | "recreate";
  /**
   * With `rolling`: how many containers at once, as a number or as a share such as "25%", rounded up.
   * @defaultValue 1
   */
  readonly batch?: number | string;
}

export interface ServiceArgs extends ServiceSpec {
  /** The daemon, pool of hosts or cluster to run on. Another one replaces the containers. */
  readonly on: Platform;
}

/** The arguments of a service whose containers Dockwright makes itself, one by one. */
export interface ContainerServiceArgs extends ServiceSpec {
  /** The daemon, or the pool of hosts. */
  readonly on: DaemonLike | PoolLike;
}

/** What its gate asks, of the container itself. */
export function readyOf({ port, health = {} }: ServiceSpec) {
  const gate =
    health.http === undefined ? { tcp: { port } } : { http: { port, path: health.http } };
  return { ...gate, ...(health.timeoutMs === undefined ? {} : { timeoutMs: health.timeoutMs }) };
}

/** How a proxy asks the servers of a service whether they are well. */
export function checkOf({ http, intervalMs }: ServiceHealth = {}) {
  if (http === undefined && intervalMs === undefined) return {};
  const path = http === undefined ? {} : { path: http };
  return { check: { ...path, ...(intervalMs === undefined ? {} : { intervalMs }) } };
}

/** Ports of the host that the declaration fixes, with their places in it. */
export function fixedPorts({ ports }: ServiceSpec) {
  const list: readonly unknown[] = Array.isArray(ports) ? ports : [];
  return list.flatMap((port, index) => {
    const { hostPort, hostPortEnd } = port as { hostPort?: unknown; hostPortEnd?: unknown };
    return typeof hostPort === "number" && hostPortEnd === undefined ? [{ hostPort, index }] : [];
  });
}

/** Whether the rollout starts the containers, rather than their own making. */
export const isOrdered = ({ rollout = {} }: ServiceSpec): boolean =>
  (rollout.strategy ?? "blueGreen") !== "blueGreen";

/** Whether the proxies of other hosts reach the replicas. */
export function isPublished({ on, acrossHosts }: ContainerServiceArgs): boolean {
  if (!isPool(on)) return false;
  return acrossHosts ?? Object.values(on.hosts).every(({ address }) => address !== undefined);
}
