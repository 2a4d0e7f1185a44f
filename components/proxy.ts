// HAProxy on one daemon. A small holder container owns networks and published ports, and the proxy
// joins it, so that the proxy itself can be replaced while the ports stay open. Routes live on a
// volume of their own, and outlive the proxy's container.

import * as pulumi from "@pulumi/pulumi";
import { catalog } from "../sdk/debian/catalog.ts";
import { renderBase } from "../sdk/haproxy/base.ts";
import { checkProxy } from "../sdk/haproxy/check.ts";
import { proxyCommand, proxyStopSignal } from "../sdk/haproxy/paths.ts";
import type { ProxySpec } from "../sdk/haproxy/types.ts";
import { ActiveProxyResource } from "../sdk/resources/activeproxy.ts";
import { Container } from "./container.ts";
import type { DaemonLike, ImageLike, NetworkLike } from "./daemonlike.ts";
import { Image } from "./image.ts";
import { ProxyCertificate, type ServerCertificateLike } from "./proxycertificate.ts";
import { type ProxyLike, Route, type RouteArgs } from "./route.ts";
import { Volume } from "./volume.ts";

/** One site of the proxy's own stack. */
export interface ProxyRoute extends Omit<RouteArgs, "daemon" | "proxy" | "host" | "path"> {
  /** The host name; `*` for every host that no other route names. */
  readonly host: string;
  /**
   * The path prefix, matched on whole segments.
   * @defaultValue /
   */
  readonly path?: string;
}

/** Time limits of the proxy, in milliseconds. Routes may have their own for their servers. */
export interface ProxyTimeouts {
  /**
   * The longest silence of a client within a request.
   * @defaultValue 60000
   */
  readonly clientMs?: number;
  /**
   * The longest silence of a server within a request.
   * @defaultValue 60000
   */
  readonly serverMs?: number;
  /**
   * The longest wait for a connection to a server.
   * @defaultValue 500
   */
  readonly connectMs?: number;
  /**
   * How long an idle connection of a client is kept. It also bounds how long such a client keeps the
   * processes from before a change.
   * @defaultValue 10000
   */
  readonly keepAliveMs?: number;
  /**
   * The longest silence of an upgraded connection (WebSocket).
   * @defaultValue 3600000
   */
  readonly tunnelMs?: number;
}

/** HTTPS, with HTTP/2. */
export interface ProxyTls {
  /**
   * The port of the host for HTTPS. A change interrupts the proxy: ports belong to the holder.
   * @defaultValue 443
   */
  readonly port?: number;
  /**
   * The lowest version that clients may speak: `TLSv1.2` or `TLSv1.3`.
   * @defaultValue TLSv1.2
   */
  readonly minVersion?: "TLSv1.2" | "TLSv1.3";
  /**
   * Certificates of this stack's sites, by a name of their own. Other stacks add theirs with
   * `ProxyCertificate`. A change loses no request.
   * @defaultValue none
   */
  readonly certificates?: { readonly [name: string]: ServerCertificateLike };
}

/**
 * Lines in HAProxy's own language for sections of its settings, one a string. HAProxy checks them
 * before they are live, and what it refuses changes nothing. What would take the proxy out of
 * Dockwright's hands (`bind`, another section, `stats`, ...) is refused at once.
 */
export interface ProxyDirectivesArgs {
  /** @defaultValue none */
  readonly global?: readonly string[];
  /** @defaultValue none */
  readonly defaults?: readonly string[];
  /** @defaultValue none */
  readonly frontend?: readonly string[];
}

/** Arguments of {@link Proxy}. */
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
   * Names under which containers on its networks find it, at port 8080 (8443 with TLS): with a route of
   * that host name, `http://NAME:8080/` is always answered by containers of the service that are ready,
   * and by new ones only once their release serves. A change interrupts it: names belong to the holder.
   * @defaultValue none
   */
  readonly aliases?: readonly string[];
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
  /**
   * HTTPS beside HTTP. Turning it on or off interrupts the proxy: ports belong to the holder.
   * @defaultValue none
   */
  readonly tls?: ProxyTls;
  /**
   * Connections at once. A change loses no request, as of all that follows here.
   * @defaultValue what the limit of open files allows, some 24,000 at most
   */
  readonly maxConnections?: number;
  /**
   * Whether each request is logged on the container's standard output, as `option httplog` has it.
   * @defaultValue false
   */
  readonly accessLog?: boolean;
  /**
   * Whether all connections begin with the PROXY protocol, as behind a load balancer that sends it:
   * the client's address is then the one that it tells.
   * @defaultValue false
   */
  readonly acceptProxy?: boolean;
  /**
   * Time limits.
   * @defaultValue see each
   */
  readonly timeouts?: ProxyTimeouts;
  /**
   * Whatever else HAProxy can do.
   * @defaultValue none
   */
  readonly directives?: ProxyDirectivesArgs;
  /**
   * How long a container of the proxy that was replaced may take to finish its connections before
   * they are cut, in milliseconds. The update waits for it at its end. A change replaces the proxy's
   * container, which loses no request.
   * @defaultValue 30000
   */
  readonly drainTimeoutMs?: number;
  /**
   * The most memory that HAProxy may have, in bytes; beyond it, it is killed and starts again. A change
   * is made in place, as of the two below; taking one of them out after it was given is a change too.
   * @defaultValue 2 GiB, or 64 KiB for each of `maxConnections` where that is more
   */
  readonly memoryBytes?: number;
  /**
   * Its weight when processors are short, of which a container without one has 1024.
   * @defaultValue 4096: requests go through it before anything behind it has work
   */
  readonly cpuShares?: number;
  /**
   * The most processes and threads. HAProxy has a thread for each processor, and as many more for
   * each former process that still finishes connections.
   * @defaultValue 4096
   */
  readonly pidsLimit?: number;
}

/** The port inside: above 1024, so that no capability is needed for it. */
const innerPort = 8080;
const innerTlsPort = 8443;

const defaultDrainTimeoutMs = 30_000;

const mib = 1024 * 1024;
/** Two buffers of 16 KiB, the session, and what TLS wants. */
const connectionBytes = 64 * 1024;
/** It sleeps, and passes signals on. */
const holderLimits = { memoryBytes: 32 * mib, cpuShares: 1024, pidsLimit: 64 } as const;

/** Far above what it needs, so that they stop what has gone wrong and nothing else. */
function limitsOf({ maxConnections = 0, ...args }: ProxyArgs) {
  const { memoryBytes = Math.max(2048 * mib, maxConnections * connectionBytes) } = args;
  const { cpuShares = 4096, pidsLimit = 4096 } = args;
  return { memoryBytes, cpuShares, pidsLimit };
}

/** The network, joined under these names as well. */
function named(network: NetworkLike, aliases: readonly string[]): NetworkLike {
  if (aliases.length === 0) return network;
  const all = pulumi.output(network.aliases ?? []).apply((given) => [...given, ...aliases]);
  return { ...network, networkName: network.networkName, aliases: all };
}

function specOf(args: ProxyArgs): ProxySpec {
  const { tls, maxConnections, accessLog, acceptProxy, timeouts, directives } = args;
  const given = { maxConnections, accessLog, acceptProxy, timeouts, directives };
  const minVersion = tls?.minVersion === undefined ? {} : { minVersion: tls.minVersion };
  return {
    binds: [{ port: innerPort }],
    ...given,
    ...(tls === undefined ? {} : { tls: { binds: [{ port: innerTlsPort }], ...minVersion } }),
  };
}

function checkArgs(args: ProxyArgs): void {
  const errors = checkProxy(specOf(args)).map(({ property, reason }) => ({
    propertyPath: property,
    reason,
  }));
  if (args.networks.length === 0) {
    const reason = "is empty; give the network that the services are on";
    errors.push({ propertyPath: "networks", reason });
  }
  if (args.tls !== undefined && (args.tls.port ?? 443) === (args.port ?? 80)) {
    errors.push({ propertyPath: "tls.port", reason: "is the port of HTTP; write another" });
  }
  args.aliases?.forEach((alias, index) => {
    if (/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(alias)) return;
    const reason = `is ${JSON.stringify(alias)}; write small letters, digits, dots and hyphens`;
    errors.push({ propertyPath: `aliases[${index}]`, reason });
  });
  if (errors.length === 0) return;
  throw new pulumi.InputPropertiesError({ message: "the proxy cannot be made", errors });
}

/** A proxy in front of services. */
export class Proxy extends pulumi.ComponentResource implements ProxyLike {
  readonly containerName: pulumi.Output<string>;
  readonly dataVolume: pulumi.Output<string>;
  readonly network: pulumi.Output<string>;
  /** The routes that were given with it, in their order. */
  readonly routes: readonly Route[];

  constructor(name: string, args: ProxyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("dockwright:index:Proxy", name, {}, opts);
    const daemon = args.on;
    checkArgs(args);
    const parent = { parent: this };
    const image =
      args.image ?? new Image(`${name}-image`, { daemon, debian: catalog.haproxy }, parent);
    const data = new Volume(`${name}-data`, { daemon, delete: true }, parent);
    const holder = this.makeHolder(name, args, image);
    const proxy = this.makeProxy(name, args, image, holder, data);
    const active = new ActiveProxyResource(
      `${name}-active`,
      { proxy: proxy.name, holder: holder.containerId, dataVolume: data.volumeName },
      { ...parent, provider: daemon.provider },
    );
    this.containerName = active.containerName;
    this.dataVolume = data.volumeName;
    this.network = pulumi.output(args.networks[0]?.networkName ?? "");
    for (const [id, certificate] of Object.entries(args.tls?.certificates ?? {})) {
      new ProxyCertificate(
        `${name}-${id}-certificate`,
        { daemon, proxy: this, certificate },
        parent,
      );
    }
    this.routes = (args.routes ?? []).map((site) => {
      const { host, path = "/" } = site;
      const id = `${name}-${host === "*" ? "all" : host}${path === "/" ? "" : path.replaceAll("/", "-")}`;
      return new Route(id, { ...site, daemon, proxy: this }, parent);
    });
    this.registerOutputs({
      containerName: this.containerName,
      dataVolume: this.dataVolume,
      network: this.network,
    });
  }

  private makeHolder(name: string, args: ProxyArgs, image: ImageLike): Container {
    const { port = 80, hostIp } = args;
    const at = hostIp === undefined ? {} : { hostIp };
    const plain = { containerPort: innerPort, hostPort: port, ...at };
    const tls = { containerPort: innerTlsPort, hostPort: args.tls?.port ?? 443, ...at };
    return new Container(
      `${name}-holder`,
      {
        daemon: args.on,
        image,
        networks: args.networks.map((network) => named(network, args.aliases ?? [])),
        ports: args.tls === undefined ? [plain] : [plain, tls],
        command: ["sleep", "infinity"],
        init: true,
        user: "65534:65534",
        stopSignal: "SIGTERM",
        restart: "always",
        ready: { runningMs: 500 },
        ...holderLimits,
      },
      // It only sleeps. Another image or user would replace it, and that is an outage for nothing.
      { parent: this, ignoreChanges: ["image", "user"] },
    );
  }

  private makeProxy(
    name: string,
    args: ProxyArgs,
    image: ImageLike,
    holder: Container,
    data: Volume,
  ): Container {
    const base = renderBase(specOf(args));
    return new Container(
      `${name}-proxy`,
      {
        daemon: args.on,
        image,
        networkMode: pulumi.interpolate`container:${holder.containerId}`,
        volumes: [{ volume: data, target: "/var/lib/dockwright" }],
        tmpfs: { "/run/dw": "mode=0700,size=16m", "/tmp": "mode=1777,size=64m" },
        files: { "/etc/dockwright/base.cfg": { content: base } },
        command: [...proxyCommand()],
        stopSignal: proxyStopSignal,
        stopGraceMs: args.drainTimeoutMs ?? defaultDrainTimeoutMs,
        restart: "always",
        ...limitsOf(args),
        // It waits for its turn, which `ActiveProxy` gives it: a health check would start a process
        // in it for ever.
        ready: { runningMs: 500 },
      },
      { parent: this },
    );
  }
}
