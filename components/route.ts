// One site behind a proxy. The proxy may belong to another stack: a route needs its container and
// its data volume, both of which are outputs.

import * as pulumi from "@pulumi/pulumi";
import { RouteResource, type RouteResourceArgs } from "../sdk/resources/route.ts";
import type { DaemonLike } from "./daemonlike.ts";
import type { Service } from "./service.ts";
import { checkOf } from "./serviceargs.ts";

/** A proxy that takes routes: a `Proxy`, or the outputs of one in another stack. */
export interface ProxyLike {
  /** The name of the proxy's container. */
  readonly containerName: pulumi.Input<string>;
  /** The name of the volume that keeps its routes. */
  readonly dataVolume: pulumi.Input<string>;
  /** The network on which it reaches the containers. */
  readonly network: pulumi.Input<string>;
}

/** Arguments of {@link Route}. */
export interface RouteArgs
  extends Omit<RouteResourceArgs, "proxy" | "dataVolume" | "sites" | "servers" | "check"> {
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
  /**
   * What answers. A change of its containers moves the route without losing a request.
   * @defaultValue none: for a route with `redirect` or `maintenance`
   */
  readonly service?: Service;
}

/** One site's entry in a proxy. */
export class Route extends RouteResource {
  constructor(name: string, args: RouteArgs, opts?: pulumi.CustomResourceOptions) {
    const { daemon, proxy, host, path, service, ...rest } = args;
    const site = path === undefined ? { host } : { host, path };
    super(
      name,
      {
        ...rest,
        proxy: proxy.containerName,
        dataVolume: proxy.dataVolume,
        sites: [site],
        servers: service === undefined ? [] : serversOn(proxy.network, service),
        ...checkOf(service?.health),
      },
      { provider: daemon.provider, ...opts },
    );
  }
}

function serversOn(network: pulumi.Input<string>, service: Service) {
  return pulumi.all([service.servers, network]).apply(([servers, on]) =>
    servers.map(({ name, addresses, port }) => {
      const address = addresses[on];
      if (address) return { name, address, port };
      throw new pulumi.InputPropertyError({
        propertyPath: "service",
        reason: `its container ${name} is not on the proxy's network ${on}; give the service that network`,
      });
    }),
  );
}
