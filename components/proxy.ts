// HAProxy on one daemon. A small holder container owns networks and published ports, and the proxy
// joins it, so that the proxy itself can be replaced while the ports stay open. Routes live on a
// volume of their own, and outlive the proxy's container.

import * as pulumi from "@pulumi/pulumi";
import { catalog } from "../sdk/debian/catalog.ts";
import { renderBase } from "../sdk/haproxy/base.ts";
import { proxyCommand, proxyStopSignal } from "../sdk/haproxy/paths.ts";
import { Container } from "./container.ts";
import type { DaemonLike, ImageLike, NetworkLike } from "./daemonlike.ts";
import { Image } from "./image.ts";
import { type ProxyLike, Route } from "./route.ts";
import type { Service } from "./service.ts";
import { Volume } from "./volume.ts";

/** One site of the proxy's own stack. */
export interface ProxyRoute {
  /** The host name; `*` for every host that no other route names. */
  readonly host: string;
  /**
   * The path prefix, matched on whole segments.
   * @defaultValue /
   */
  readonly path?: string;
  /** What answers. */
  readonly service: Service;
  /**
   * How long requests on containers that leave may take to end before they are cut, in milliseconds.
   * @defaultValue 30000
   */
  readonly drainTimeoutMs?: number;
}

export interface ProxyArgs {
  /** The daemon to run on. */
  readonly on: DaemonLike;
  /** The networks of the services behind it; the first is the one it reaches them on. */
  readonly networks: readonly NetworkLike[];
  /**
   * The port of the host that it answers on. A change interrupts it: ports belong to the holder.
   * @defaultValue 80
   */
  readonly port?: number;
  /**
   * The address of the host that it answers on. A change interrupts it.
   * @defaultValue all of them
   */
  readonly hostIp?: string;
  /**
   * The image; it needs HAProxy 2.6 or later and perl.
   * @defaultValue built from Debian packages
   */
  readonly image?: ImageLike;
  /**
   * The sites of this stack. Other stacks add theirs with `Route`.
   * @defaultValue none
   */
  readonly routes?: readonly ProxyRoute[];
}

/** The port inside: above 1024, so that no capability is needed for it. */
const innerPort = 8080;

/** A proxy in front of services. */
export class Proxy extends pulumi.ComponentResource implements ProxyLike {
  readonly containerName: pulumi.Output<string>;
  readonly dataVolume: pulumi.Output<string>;
  readonly network: pulumi.Output<string>;
  readonly routes: readonly Route[];

  constructor(name: string, args: ProxyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("dockwright:index:Proxy", name, {}, opts);
    const daemon = args.on;
    const first = args.networks[0];
    if (!first) {
      throw new pulumi.InputPropertyError({
        propertyPath: "networks",
        reason: "is empty; give the network that the services are on",
      });
    }
    const parent = { parent: this };
    const image =
      args.image ?? new Image(`${name}-image`, { daemon, debian: catalog.haproxy }, parent);
    const data = new Volume(`${name}-data`, { daemon, delete: true }, parent);
    const holder = this.makeHolder(name, args, image);
    const proxy = this.makeProxy(name, args, image, holder, data);
    this.containerName = proxy.name;
    this.dataVolume = data.volumeName;
    this.network = pulumi.output(first.networkName);
    this.routes = (args.routes ?? []).map(({ host, path, service, drainTimeoutMs }) => {
      const id = `${name}-${host === "*" ? "all" : host}${path === undefined || path === "/" ? "" : path.replaceAll("/", "-")}`;
      const rest = drainTimeoutMs === undefined ? {} : { drainTimeoutMs };
      const at = path === undefined ? {} : { path };
      return new Route(id, { daemon, proxy: this, host, ...at, service, ...rest }, parent);
    });
    this.registerOutputs({
      containerName: this.containerName,
      dataVolume: this.dataVolume,
      network: this.network,
    });
  }

  private makeHolder(name: string, args: ProxyArgs, image: ImageLike): Container {
    const { port = 80, hostIp } = args;
    const published = { containerPort: innerPort, hostPort: port };
    return new Container(
      `${name}-holder`,
      {
        daemon: args.on,
        image,
        networks: args.networks,
        ports: [hostIp === undefined ? published : { ...published, hostIp }],
        command: ["sleep", "infinity"],
        init: true,
        stopSignal: "SIGTERM",
        restart: "always",
      },
      { parent: this },
    );
  }

  private makeProxy(
    name: string,
    args: ProxyArgs,
    image: ImageLike,
    holder: Container,
    data: Volume,
  ): Container {
    const base = renderBase({ binds: [{ port: innerPort }] });
    return new Container(
      `${name}-proxy`,
      {
        daemon: args.on,
        image,
        networkMode: pulumi.interpolate`container:${holder.name}`,
        volumes: [{ volume: data, target: "/var/lib/dockwright" }],
        tmpfs: { "/run/dw": "mode=0700,size=16m", "/tmp": "mode=1777,size=64m" },
        files: { "/etc/dockwright/base.cfg": { content: base } },
        command: [...proxyCommand()],
        stopSignal: proxyStopSignal,
        restart: "always",
        // Whether it answers is asked through its master socket by the first route: a health check
        // would start a process in it for ever.
        ready: { runningMs: 500 },
      },
      { parent: this },
    );
  }
}
