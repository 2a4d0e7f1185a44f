// A way from a proxy to a service of a swarm that publishes a port of its nodes (mode host).

import * as pulumi from "@pulumi/pulumi";
import { RouteResource, type RouteResourceArgs } from "../sdk/resources/route.ts";
import type { DaemonLike } from "./daemonlike.ts";
import type { ProxyLike } from "./route.ts";
import type { SwarmNodeArgs } from "./swarmcluster.ts";

/** What the route finds out by itself. */
type Given = "proxy" | "dataVolume" | "sites" | "servers";

/** Swarm starts a task on a node that joined by and by, and may have to pull its image there. */
const usualGateMs = 60_000;

/** Arguments of {@link SwarmRoute}. */
export interface SwarmRouteArgs extends Omit<RouteResourceArgs, Given | "gateTimeoutMs"> {
  /** The daemon that the proxy runs on. */
  readonly daemon: DaemonLike;
  /** The proxy. Another one replaces the route. */
  readonly proxy: ProxyLike;
  /** The host name that the route answers on; `*` for every host that no other route names. */
  readonly host: pulumi.Input<string>;
  /**
   * The path prefix, matched on whole segments.
   * @defaultValue /
   */
  readonly path?: pulumi.Input<string>;
  /** What answers: a `SwarmService`. The route is made after it. */
  readonly service: {
    /** The service's id in the swarm. */
    readonly serviceId: pulumi.Input<string>;
  };
  /** The port of the nodes that it publishes, in the mode `host`. */
  readonly port: pulumi.Input<number>;
  /**
   * The nodes that have its tasks, by name: those of a `SwarmCluster`. Each of them has to answer when it
   * is added. One whose task is being exchanged is left out by the proxy's own checks.
   */
  readonly nodes: { readonly [name: string]: Pick<SwarmNodeArgs, "address"> };
  /**
   * How long a node that is added may take to answer, in milliseconds. A change updates in place.
   * @defaultValue 60000
   */
  readonly gateTimeoutMs?: pulumi.Input<number>;
}

/** One site's entry in a proxy, which leads to nodes of a swarm. */
export class SwarmRoute extends RouteResource {
  constructor(name: string, args: SwarmRouteArgs, opts?: pulumi.CustomResourceOptions) {
    const { daemon, proxy, host, path, service, port, nodes, ...rest } = args;
    // A server's name is what the proxy looks it up by: a node has its address.
    const servers = Object.values(nodes).map(({ address }) =>
      pulumi
        .all([address, port, service.serviceId])
        .apply(([at, number]) => ({ name: at, address: at, port: number })),
    );
    super(
      name,
      {
        gateTimeoutMs: usualGateMs,
        ...rest,
        proxy: proxy.containerName,
        dataVolume: proxy.dataVolume,
        sites: [path === undefined ? { host } : { host, path }],
        servers: pulumi.all(servers),
      },
      { provider: daemon.provider, ...opts },
    );
  }
}
