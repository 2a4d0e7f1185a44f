// Made by `npm run generate` from sdk/provider/resources. Do not edit.

import * as pulumi from "@pulumi/pulumi";
import { QuietResource } from "../quiet-resource.ts";
import type {
  DaemonConnection,
  DaemonConnectionArgs,
  Ready,
  ReadyArgs,
  RouteCheck,
  RouteCheckArgs,
  RouteLimits,
  RouteLimitsArgs,
  RouteRedirect,
  RouteRedirectArgs,
  RouteTimeouts,
  RouteTimeoutsArgs,
  Site,
  SiteArgs,
} from "./types.ts";

/** Arguments: RolloutContainer. */
export interface RolloutContainerArgs {
  /** The container's name. */
  readonly name: pulumi.Input<string>;
  /** Which of the replicas it is. */
  readonly replica: pulumi.Input<string>;
  /** The host that it is on, as in connections. Default: the daemon of the provider. */
  readonly host?: pulumi.Input<string>;
}

/** Arguments: RolloutProxy. */
export interface RolloutProxyArgs {
  /** The name of its container. */
  readonly container: pulumi.Input<string>;
  /** The volume on which it keeps its routes: its lasting identity. */
  readonly dataVolume: pulumi.Input<string>;
  /** The network on which it reaches containers of its own host. */
  readonly network: pulumi.Input<string>;
  /** The host that it is on, as in connections. Default: the daemon of the provider. */
  readonly host?: pulumi.Input<string>;
  /** The addresses that the route answers on. Changing it updates in place. */
  readonly sites: pulumi.Input<readonly pulumi.Input<SiteArgs>[]>;
  /**
   * The port in its container on which it answers HTTP, for the check after the move. Default:
   * 8080.
   */
  readonly port?: pulumi.Input<number>;
}

/** As it is: RolloutContainer. */
export interface RolloutContainer {
  /** The container's name. */
  readonly name: string;
  /** Which of the replicas it is. */
  readonly replica: string;
  /** The host that it is on, as in connections. Default: the daemon of the provider. */
  readonly host?: string;
}

/** As it is: RolloutProxy. */
export interface RolloutProxy {
  /** The name of its container. */
  readonly container: string;
  /** The volume on which it keeps its routes: its lasting identity. */
  readonly dataVolume: string;
  /** The network on which it reaches containers of its own host. */
  readonly network: string;
  /** The host that it is on, as in connections. Default: the daemon of the provider. */
  readonly host?: string;
  /** The addresses that the route answers on. Changing it updates in place. */
  readonly sites: readonly Site[];
  /**
   * The port in its container on which it answers HTTP, for the check after the move. Default:
   * 8080.
   */
  readonly port?: number;
}

/** Arguments of RolloutResource. */
export interface RolloutResourceArgs {
  /** The service's name, for messages. Changing it updates in place. */
  readonly service: pulumi.Input<string>;
  /**
   * The order of things. `blueGreen`: all new containers beside the old ones, then all requests
   * at once. `rolling`: batch by batch, each one's old containers drained and stopped before
   * the next. `recreate`: the old ones first, with nobody to answer meanwhile. One of
   * blueGreen, rolling, recreate. Changing it updates in place. Default: blueGreen.
   */
  readonly strategy?: pulumi.Input<"blueGreen" | "rolling" | "recreate">;
  /** With `rolling`: how many containers at once. Changing it updates in place. Default: 1. */
  readonly batch?: pulumi.Input<number>;
  /** The containers that shall serve. Changing it updates in place. */
  readonly containers: pulumi.Input<readonly pulumi.Input<RolloutContainerArgs>[]>;
  /** The port in the containers. Changing it updates in place. */
  readonly port: pulumi.Input<number>;
  /**
   * When a new container counts as ready: until then the update waits, and if it never is, the
   * container is removed and the old one stays. A health check, where there is one, must always
   * be passed too. Changing it updates in place. Default: the health check, else running for 1
   * s.
   */
  readonly ready?: pulumi.Input<ReadyArgs>;
  /**
   * The proxies that send requests to the containers. Changing it updates in place. Default:
   * none.
   */
  readonly proxies?: pulumi.Input<readonly pulumi.Input<RolloutProxyArgs>[]>;
  /**
   * The address at which other hosts reach the published port of a host's containers, by host.
   * Changing it updates in place. Default: none: a proxy sends requests to containers of its
   * own host only.
   */
  readonly addresses?: pulumi.Input<{ readonly [name: string]: pulumi.Input<string> }>;
  /**
   * How the proxy asks a server whether it is well. Changing it updates in place. Default: a
   * TCP connection.
   */
  readonly check?: pulumi.Input<RouteCheckArgs>;
  /**
   * How requests are spread. One of roundrobin, leastconn, random. Changing it updates in
   * place. Default: roundrobin.
   */
  readonly balance?: pulumi.Input<"roundrobin" | "leastconn" | "random">;
  /** Time limits of this route. Changing it updates in place. Default: the proxy's. */
  readonly timeouts?: pulumi.Input<RouteTimeoutsArgs>;
  /** How much the route lets through. Changing it updates in place. Default: everything. */
  readonly limits?: pulumi.Input<RouteLimitsArgs>;
  /**
   * Whether who comes by HTTP is sent to HTTPS, with 308. Changing it updates in place.
   * Default: false.
   */
  readonly redirectToHttps?: pulumi.Input<boolean>;
  /**
   * For how many seconds browsers that came by HTTPS are told to come by it alone (RFC 6797).
   * Changing it updates in place. Default: they are not told.
   */
  readonly hstsSeconds?: pulumi.Input<number>;
  /**
   * Sends clients elsewhere in place of an answer; the route then needs no servers. Changing it
   * updates in place. Default: none.
   */
  readonly redirect?: pulumi.Input<RouteRedirectArgs>;
  /**
   * Whether every request is answered with 503 and `unavailablePage`; the route then needs no
   * servers. Changing it updates in place. Default: false.
   */
  readonly maintenance?: pulumi.Input<boolean>;
  /**
   * The HTML, 12,000 bytes at most, with which maintenance is answered, and requests while no
   * server is well. Changing it updates in place. Default: a line of text.
   */
  readonly unavailablePage?: pulumi.Input<string>;
  /**
   * Headers to set on the way to the servers. Changing it updates in place. Default: none but
   * X-Forwarded-For, -Proto and -Host.
   */
  readonly requestHeaders?: pulumi.Input<{ readonly [name: string]: pulumi.Input<string> }>;
  /** Headers to set on the way to the clients. Changing it updates in place. Default: none. */
  readonly responseHeaders?: pulumi.Input<{ readonly [name: string]: pulumi.Input<string> }>;
  /**
   * Further lines in HAProxy's own language for this route's `backend` section. HAProxy checks
   * them before they are live; what it refuses changes nothing. Changing it updates in place.
   * Default: none.
   */
  readonly directives?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /**
   * How long requests on servers that leave may take to end before they are cut, in
   * milliseconds. Changing it updates in place. Default: 30000.
   */
  readonly drainTimeoutMs?: pulumi.Input<number>;
  /**
   * How long new servers may take to pass the proxy's own check, in milliseconds. Changing it
   * updates in place. Default: 15000.
   */
  readonly gateTimeoutMs?: pulumi.Input<number>;
  /**
   * How long a container may take to end when it is stopped, in milliseconds. Changing it
   * updates in place. Default: 10000.
   */
  readonly stopGraceMs?: pulumi.Input<number>;
  /**
   * How the hosts are reached, by host: as a provider's configuration. Changing it alone
   * changes nothing. Default: none: all is on the daemon of the provider.
   */
  readonly connections?: pulumi.Input<{ readonly [name: string]: pulumi.Input<DaemonConnectionArgs> }>;
}

/**
 * The change of a service's containers, over all hosts and proxies that it is on. New
 * containers have to be ready everywhere before the first request moves, requests move on all
 * proxies or on none, and the old containers are left only when their requests have ended. When
 * a step fails, those that served before serve again.
 */
export class RolloutResource extends QuietResource {
  /** The service's name, for messages. Changing it updates in place. */
  declare readonly service: pulumi.Output<string>;
  /**
   * The order of things. `blueGreen`: all new containers beside the old ones, then all requests
   * at once. `rolling`: batch by batch, each one's old containers drained and stopped before
   * the next. `recreate`: the old ones first, with nobody to answer meanwhile. One of
   * blueGreen, rolling, recreate. Changing it updates in place. Default: blueGreen.
   */
  declare readonly strategy: pulumi.Output<"blueGreen" | "rolling" | "recreate" | undefined>;
  /** With `rolling`: how many containers at once. Changing it updates in place. Default: 1. */
  declare readonly batch: pulumi.Output<number | undefined>;
  /** The containers that shall serve. Changing it updates in place. */
  declare readonly containers: pulumi.Output<readonly RolloutContainer[]>;
  /** The port in the containers. Changing it updates in place. */
  declare readonly port: pulumi.Output<number>;
  /**
   * When a new container counts as ready: until then the update waits, and if it never is, the
   * container is removed and the old one stays. A health check, where there is one, must always
   * be passed too. Changing it updates in place. Default: the health check, else running for 1
   * s.
   */
  declare readonly ready: pulumi.Output<Ready | undefined>;
  /**
   * The proxies that send requests to the containers. Changing it updates in place. Default:
   * none.
   */
  declare readonly proxies: pulumi.Output<readonly RolloutProxy[] | undefined>;
  /**
   * The address at which other hosts reach the published port of a host's containers, by host.
   * Changing it updates in place. Default: none: a proxy sends requests to containers of its
   * own host only.
   */
  declare readonly addresses: pulumi.Output<{ readonly [name: string]: string } | undefined>;
  /**
   * How the proxy asks a server whether it is well. Changing it updates in place. Default: a
   * TCP connection.
   */
  declare readonly check: pulumi.Output<RouteCheck | undefined>;
  /**
   * How requests are spread. One of roundrobin, leastconn, random. Changing it updates in
   * place. Default: roundrobin.
   */
  declare readonly balance: pulumi.Output<"roundrobin" | "leastconn" | "random" | undefined>;
  /** Time limits of this route. Changing it updates in place. Default: the proxy's. */
  declare readonly timeouts: pulumi.Output<RouteTimeouts | undefined>;
  /** How much the route lets through. Changing it updates in place. Default: everything. */
  declare readonly limits: pulumi.Output<RouteLimits | undefined>;
  /**
   * Whether who comes by HTTP is sent to HTTPS, with 308. Changing it updates in place.
   * Default: false.
   */
  declare readonly redirectToHttps: pulumi.Output<boolean | undefined>;
  /**
   * For how many seconds browsers that came by HTTPS are told to come by it alone (RFC 6797).
   * Changing it updates in place. Default: they are not told.
   */
  declare readonly hstsSeconds: pulumi.Output<number | undefined>;
  /**
   * Sends clients elsewhere in place of an answer; the route then needs no servers. Changing it
   * updates in place. Default: none.
   */
  declare readonly redirect: pulumi.Output<RouteRedirect | undefined>;
  /**
   * Whether every request is answered with 503 and `unavailablePage`; the route then needs no
   * servers. Changing it updates in place. Default: false.
   */
  declare readonly maintenance: pulumi.Output<boolean | undefined>;
  /**
   * The HTML, 12,000 bytes at most, with which maintenance is answered, and requests while no
   * server is well. Changing it updates in place. Default: a line of text.
   */
  declare readonly unavailablePage: pulumi.Output<string | undefined>;
  /**
   * Headers to set on the way to the servers. Changing it updates in place. Default: none but
   * X-Forwarded-For, -Proto and -Host.
   */
  declare readonly requestHeaders: pulumi.Output<{ readonly [name: string]: string } | undefined>;
  /** Headers to set on the way to the clients. Changing it updates in place. Default: none. */
  declare readonly responseHeaders: pulumi.Output<{ readonly [name: string]: string } | undefined>;
  /**
   * Further lines in HAProxy's own language for this route's `backend` section. HAProxy checks
   * them before they are live; what it refuses changes nothing. Changing it updates in place.
   * Default: none.
   */
  declare readonly directives: pulumi.Output<readonly string[] | undefined>;
  /**
   * How long requests on servers that leave may take to end before they are cut, in
   * milliseconds. Changing it updates in place. Default: 30000.
   */
  declare readonly drainTimeoutMs: pulumi.Output<number | undefined>;
  /**
   * How long new servers may take to pass the proxy's own check, in milliseconds. Changing it
   * updates in place. Default: 15000.
   */
  declare readonly gateTimeoutMs: pulumi.Output<number | undefined>;
  /**
   * How long a container may take to end when it is stopped, in milliseconds. Changing it
   * updates in place. Default: 10000.
   */
  declare readonly stopGraceMs: pulumi.Output<number | undefined>;
  /**
   * How the hosts are reached, by host: as a provider's configuration. Changing it alone
   * changes nothing. Default: none: all is on the daemon of the provider.
   */
  declare readonly connections: pulumi.Output<{ readonly [name: string]: DaemonConnection } | undefined>;
  /** The entry's name in the proxies. Changing it replaces the resource. */
  declare readonly key: pulumi.Output<string>;
  /**
   * Requests that ended by themselves in the last change. Changing it replaces the resource.
   */
  declare readonly drained: pulumi.Output<number>;
  /**
   * Requests that were cut at the deadline of the last change. Changing it replaces the
   * resource.
   */
  declare readonly cut: pulumi.Output<number>;
  /**
   * Upgraded connections (WebSocket) and event streams that were closed at the deadline of the
   * last change, so that their clients connect to the new containers. Changing it replaces the
   * resource.
   */
  declare readonly moved: pulumi.Output<number>;
  /** How long the last change took, in milliseconds. Changing it replaces the resource. */
  declare readonly durationMs: pulumi.Output<number>;
  /** What the last change did, in order. Changing it replaces the resource. */
  declare readonly steps: pulumi.Output<readonly string[]>;
  /**
   * How containers and proxies differed when they were last looked at. Changing it replaces the
   * resource.
   */
  declare readonly drift: pulumi.Output<readonly string[]>;

  constructor(
    name: string,
    args: RolloutResourceArgs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    const props = {
      service: undefined,
      strategy: undefined,
      batch: undefined,
      containers: undefined,
      port: undefined,
      ready: undefined,
      proxies: undefined,
      addresses: undefined,
      check: undefined,
      balance: undefined,
      timeouts: undefined,
      limits: undefined,
      redirectToHttps: undefined,
      hstsSeconds: undefined,
      redirect: undefined,
      maintenance: undefined,
      unavailablePage: undefined,
      requestHeaders: undefined,
      responseHeaders: undefined,
      directives: undefined,
      drainTimeoutMs: undefined,
      gateTimeoutMs: undefined,
      stopGraceMs: undefined,
      connections: undefined,
      key: undefined,
      drained: undefined,
      cut: undefined,
      moved: undefined,
      durationMs: undefined,
      steps: undefined,
      drift: undefined,
      ...(opts?.id === undefined ? args : {}),
    };
    super("dockwright:index:Rollout", name, props, opts);
  }
}
