// Made by `npm run generate` from sdk/provider/resources. Do not edit.

import * as pulumi from "@pulumi/pulumi";
import { QuietResource } from "../quiet-resource.ts";
import type {
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

/** Arguments: Server. */
export interface ServerArgs {
  /** The container's name. */
  readonly name: pulumi.Input<string>;
  /** The container's address on the proxy's network. */
  readonly address: pulumi.Input<string>;
  /** The port in the container. */
  readonly port: pulumi.Input<number>;
}

/** As it is: Server. */
export interface Server {
  /** The container's name. */
  readonly name: string;
  /** The container's address on the proxy's network. */
  readonly address: string;
  /** The port in the container. */
  readonly port: number;
}

/** Arguments of RouteResource. */
export interface RouteResourceArgs {
  /** The name or id of the proxy's container. Changing it updates in place. */
  readonly proxy: pulumi.Input<string>;
  /**
   * The volume on which the proxy keeps its routes: the proxy's lasting identity. Changing it
   * replaces the resource.
   */
  readonly dataVolume: pulumi.Input<string>;
  /** The addresses that the route answers on. Changing it updates in place. */
  readonly sites: pulumi.Input<readonly pulumi.Input<SiteArgs>[]>;
  /** The containers that answer. Changing it updates in place. */
  readonly servers: pulumi.Input<readonly pulumi.Input<ServerArgs>[]>;
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
}

/**
 * One site's entry in a proxy. A change adds the new servers, waits until the proxy finds them
 * well, points the route at them in one step, waits until the requests on the old ones have
 * ended, and only then returns. When a step fails, the former state is back.
 */
export class RouteResource extends QuietResource {
  /** The name or id of the proxy's container. Changing it updates in place. */
  declare readonly proxy: pulumi.Output<string>;
  /**
   * The volume on which the proxy keeps its routes: the proxy's lasting identity. Changing it
   * replaces the resource.
   */
  declare readonly dataVolume: pulumi.Output<string>;
  /** The addresses that the route answers on. Changing it updates in place. */
  declare readonly sites: pulumi.Output<readonly Site[]>;
  /** The containers that answer. Changing it updates in place. */
  declare readonly servers: pulumi.Output<readonly Server[]>;
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
  /** The entry's name in the proxy. Changing it replaces the resource. */
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
   * last change, so that their clients connect to the new servers. Changing it replaces the
   * resource.
   */
  declare readonly moved: pulumi.Output<number>;
  /** Whether the last change started a new worker. Changing it replaces the resource. */
  declare readonly reloaded: pulumi.Output<boolean>;
  /** How the proxy differed when it was last looked at. Changing it replaces the resource. */
  declare readonly drift: pulumi.Output<readonly string[]>;

  constructor(
    name: string,
    args: RouteResourceArgs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    const props = {
      proxy: undefined,
      dataVolume: undefined,
      sites: undefined,
      servers: undefined,
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
      key: undefined,
      drained: undefined,
      cut: undefined,
      moved: undefined,
      reloaded: undefined,
      drift: undefined,
      ...(opts?.id === undefined ? args : {}),
    };
    super("dockwright:index:Route", name, props, opts);
  }
}
