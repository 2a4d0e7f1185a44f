// How a service is rolled out: the resource that exchanges its containers over all hosts and proxies.

import * as pulumi from "@pulumi/pulumi";
import type { ProviderResourceArgs } from "../sdk/resources/provider.ts";
import { ProviderResource } from "../sdk/resources/provider.ts";
import { RolloutResource } from "../sdk/resources/rollout.ts";
import type { Container } from "./container.ts";
import type { DaemonLike } from "./daemonlike.ts";
import type { Placed } from "./hostpool.ts";
import { isPerHost } from "./perhost.ts";
import { isPool, type PoolLike } from "./platform.ts";
import type { ProxyLike } from "./route.ts";
import {
  type ContainerServiceArgs,
  checkOf,
  isOrdered,
  isPublished,
  readyOf,
  type ServiceRoute,
} from "./serviceargs.ts";

/** A replica that is made: where, and the container. */
export interface Replica extends Placed {
  /** Its container. */
  readonly container: Container;
}

interface Proxied {
  readonly proxy: ProxyLike;
  readonly host: string | undefined;
  readonly sites: { readonly host: string; readonly path?: string }[];
}

/** Each proxy once, with all its sites. */
function proxiesOf(routes: readonly ServiceRoute[]): readonly Proxied[] {
  const found = new Map<ProxyLike, Proxied>();
  const add = (proxy: ProxyLike, host: string | undefined, { host: name, path }: ServiceRoute) => {
    const one = found.get(proxy) ?? { proxy, host, sites: [] };
    one.sites.push(path === undefined ? { host: name } : { host: name, path });
    found.set(proxy, one);
  };
  for (const route of routes) {
    const { proxy } = route;
    // It was checked that a daemon and a pool have one.
    if (proxy === undefined) continue;
    if (!isPerHost(proxy)) add(proxy, undefined, route);
    else for (const [host, one] of Object.entries(proxy.perHost)) add(one, host, route);
  }
  return [...found.values()];
}

function connectionOf(daemon: DaemonLike, host: string): ProviderResourceArgs {
  const { provider } = daemon;
  if (provider instanceof ProviderResource) return provider.connection;
  throw new pulumi.ResourceError(
    `the daemon of the host "${host}" has a provider of another kind; take a Daemon, a TlsDaemon or a LocalDaemon`,
    undefined,
  );
}

function batchOf({ rollout = {}, replicas = 1 }: ContainerServiceArgs): number {
  const { batch = 1 } = rollout;
  if (typeof batch === "number") return batch;
  return Math.max(1, Math.ceil((replicas * Number.parseInt(batch, 10)) / 100));
}

/** How the hosts of a pool are reached, by name. */
export function connectionsOf(on: PoolLike) {
  return Object.fromEntries(
    Object.entries(on.hosts).map(([name, { daemon }]) => [name, connectionOf(daemon, name)]),
  );
}

/** On which hosts it works, and how they are reached. */
function placesOf(args: ContainerServiceArgs) {
  const { on } = args;
  if (!isPool(on)) return {};
  const connections = connectionsOf(on);
  const addresses = Object.fromEntries(
    Object.entries(on.hosts).flatMap(([name, { address }]) =>
      address === undefined ? [] : [[name, address]],
    ),
  );
  return { connections, ...(isPublished(args) ? { addresses } : {}) };
}

/** The rollout of a service, where there is something to order. */
export function makeRollout(
  parent: pulumi.Resource,
  name: string,
  args: ContainerServiceArgs,
  replicas: pulumi.Output<readonly Replica[]>,
): RolloutResource | undefined {
  const { routes = [], rollout = {}, on, port, stopGraceMs } = args;
  if (routes.length === 0 && !isOrdered(args)) return undefined;
  const { strategy = "blueGreen", batch: _, ...options } = rollout;
  const containers = replicas.apply((all) =>
    all.map(({ replica, host, container }) => ({
      name: container.name,
      replica: `${name}-${replica}`,
      ...(host === "" ? {} : { host }),
    })),
  );
  const proxies = proxiesOf(routes).map(({ proxy, host, sites }) => ({
    container: proxy.containerName,
    dataVolume: proxy.dataVolume,
    network: proxy.network,
    sites,
    ...(host === undefined ? {} : { host }),
  }));
  return new RolloutResource(
    `${name}-rollout`,
    {
      ...options,
      service: name,
      strategy,
      ...(strategy === "rolling" ? { batch: batchOf(args) } : {}),
      containers,
      port,
      ready: readyOf(args),
      proxies,
      ...checkOf(args.health),
      ...placesOf(args),
      ...(stopGraceMs === undefined ? {} : { stopGraceMs }),
    },
    { parent, provider: on.provider },
  );
}
