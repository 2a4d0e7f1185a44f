// Replicas of one container on one daemon, which a proxy can send requests to. They publish no port
// of the host: that is what lets a new one run beside the old one.

import * as pulumi from "@pulumi/pulumi";
import { Container, type ContainerArgs } from "./container.ts";
import type { DaemonLike } from "./daemonlike.ts";

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

export interface ServiceArgs extends Omit<ContainerArgs, "daemon" | "name" | "ports" | "ready"> {
  /** The daemon to run on. A change replaces the containers. */
  readonly on: DaemonLike;
  /** The port in the container that answers. A change moves the route. */
  readonly port: number;
  /**
   * How many containers.
   * @defaultValue 1
   */
  readonly replicas?: number;
  /**
   * How a replica shows that it can serve: its gate, and the proxy's check.
   * @defaultValue a TCP connection to `port`
   */
  readonly health?: ServiceHealth;
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

/** Several containers of one kind. */
export class Service extends pulumi.ComponentResource {
  readonly containers: readonly Container[];
  /** The replicas, for a route. They count as there only once each is ready. */
  readonly servers: pulumi.Output<readonly ServiceServer[]>;
  readonly health: ServiceHealth;

  constructor(name: string, args: ServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("dockwright:index:Service", name, {}, opts);
    const { on, port, replicas = 1, health = {}, ...rest } = args;
    checkService(port, replicas);
    const gate =
      health.http === undefined ? { tcp: { port } } : { http: { port, path: health.http } };
    const ready = {
      ...gate,
      ...(health.timeoutMs === undefined ? {} : { timeoutMs: health.timeoutMs }),
    };
    this.health = health;
    this.containers = Array.from({ length: replicas }, (_, index) => {
      const replica = { restart: "unless-stopped" as const, ...rest, daemon: on, ready };
      return new Container(`${name}-${index + 1}`, replica, { parent: this });
    });
    this.servers = pulumi.all(this.containers.map((container) => serverOf(container, port)));
    this.registerOutputs({ servers: this.servers });
  }
}

function serverOf(container: Container, port: number): pulumi.Output<ServiceServer> {
  return pulumi
    .all([container.name, container.addresses])
    .apply(([name, addresses]) => ({ name, addresses, port }));
}

function checkService(port: number, replicas: number): void {
  const errors: { propertyPath: string; reason: string }[] = [];
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    errors.push({ propertyPath: "port", reason: `is ${port}; write a port, 1 to 65535` });
  }
  if (!Number.isInteger(replicas) || replicas < 0) {
    errors.push({ propertyPath: "replicas", reason: `is ${replicas}; write 0 or more` });
  }
  if (errors.length > 0) {
    throw new pulumi.InputPropertiesError({ message: "the service cannot be made", errors });
  }
}
