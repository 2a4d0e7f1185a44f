// Replicas of one container, on a daemon or over a pool of hosts, and the routes to them. New ones run
// beside the old ones and have to be ready before a request is sent to them; the old ones end when
// their requests have. What exchanges them is one resource over all hosts: the rollout.

import * as pulumi from "@pulumi/pulumi";
import type { ReleaseResource } from "../sdk/resources/release.ts";
import type { RolloutResource } from "../sdk/resources/rollout.ts";
import { Container, type ContainerArgs } from "./container.ts";
import { pick } from "./perhost.ts";
import { isPool } from "./platform.ts";
import { makeRelease } from "./release.ts";
import { restored, rollbackOf, rollbackWords } from "./rollback.ts";
import { makeRollout, type Replica } from "./rollout.ts";
import { sealService } from "./seal.ts";
import {
  fixedPorts,
  isOrdered,
  isPublished,
  readyOf,
  type ServiceArgs,
  type ServiceHealth,
} from "./serviceargs.ts";
import { checkService } from "./servicecheck.ts";
import { daemonOf, mountOn } from "./serviceplace.ts";
import { ReleaseTasks } from "./servicetasks.ts";

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
  /** The containers, in the order of the replicas. */
  readonly containers: pulumi.Output<readonly Container[]>;
  /** The names of the containers. */
  readonly containerNames: pulumi.Output<readonly string[]>;
  /** The replicas, for a route. They count as there only once each is ready. */
  readonly servers: pulumi.Output<readonly ServiceServer[]>;
  /**
   * Where other hosts reach the replicas on a pool, as `ADDRESS:PORT`: for the environment, the files
   * and the `extraHosts` of what uses the service. Empty where nothing is published.
   */
  readonly endpoints: pulumi.Output<readonly string[]>;
  readonly health: ServiceHealth;
  /** What exchanges the containers; none where there are no routes and nothing to order. */
  readonly rollout: RolloutResource | undefined;
  /** The releases: what ran, and what is kept of it for a rollback. */
  readonly release: ReleaseResource;

  constructor(name: string, args: ServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("dockwright:index:Service", name, {}, opts);
    checkService(args);
    const record = rollbackOf(name);
    const runs = record === undefined ? args : restored(args, record);
    if (record !== undefined) {
      void pulumi.log.warn(rollbackWords(name, record), this);
      checkService(runs);
    }
    this.health = runs.health ?? {};
    const spec = sealService(runs);
    const tasks = new ReleaseTasks(this, name, { args, runs, record, spec });
    const replicas = this.place(name, runs, tasks);
    this.containers = replicas.apply((all) => all.map(({ container }) => container));
    this.containerNames = this.containers.apply((all) => pulumi.all(all.map((one) => one.name)));
    this.servers = this.containers.apply((all) =>
      pulumi.all(all.map((container) => serverOf(container, runs.port))),
    );
    this.endpoints = this.containers.apply((all) => publishedOf(all, runs.port));
    this.rollout = makeRollout(this, name, runs, replicas);
    const { rollout } = this;
    this.release = makeRelease(this, name, { args: runs, spec, record, replicas, rollout });
    tasks.after(replicas, this.rollout);
    this.registerOutputs({ containers: this.containerNames });
  }

  private place(
    name: string,
    args: ServiceArgs,
    tasks: ReleaseTasks,
  ): pulumi.Output<readonly Replica[]> {
    const { on, replicas = 1 } = args;
    if (!isPool(on)) {
      const numbers = Array.from({ length: replicas }, (_, index) => ({ replica: index + 1 }));
      return pulumi.output(this.makeReplicas(name, args, numbers, tasks));
    }
    const { placement, cpus, memoryBytes } = args;
    const hostPorts = fixedPorts(args).map(({ hostPort }) => hostPort);
    const placed = on.place({
      service: name,
      replicas,
      parent: this,
      ...(typeof cpus === "number" ? { cpus } : {}),
      ...(typeof memoryBytes === "number" ? { memoryBytes } : {}),
      ...(hostPorts.length === 0 ? {} : { hostPorts }),
      ...(placement === undefined ? {} : { placement }),
    });
    return placed.apply((all) => this.makeReplicas(name, args, all, tasks));
  }

  private makeReplicas(
    name: string,
    args: ServiceArgs,
    places: readonly Place[],
    tasks: ReleaseTasks,
  ): readonly Replica[] {
    const [first] = places;
    const dependsOn = first === undefined ? [] : [...tasks.before(first.host)];
    return places.map(({ replica, host }) => {
      const opts = { parent: this, dependsOn };
      const container = new Container(`${name}-${replica}`, containerArgsOf(args, host), opts);
      return { replica, host: host ?? "", container };
    });
  }
}

interface Place {
  readonly replica: number;
  readonly host?: string;
}

function containerArgsOf(args: ServiceArgs, host: string | undefined): ContainerArgs {
  const { on, image, networks, volumes, port: _, ...given } = args;
  const { replicas: _r, health: _h, routes: _o, rollout: _s, ...more } = given;
  const { placement: _p, acrossHosts: _u, tasks: _t, keepReleases: _k, ...rest } = more;
  const own = publishedPort(args, host);
  return {
    restart: "unless-stopped",
    ...rest,
    daemon: daemonOf(on, host),
    image: pick(image, host, "image"),
    ...(networks === undefined
      ? {}
      : { networks: networks.map((one, index) => pick(one, host, `networks[${index}]`)) }),
    ...(volumes === undefined ? {} : { volumes: volumes.map((one) => mountOn(one, host)) }),
    ...(own.length === 0
      ? {}
      : { ports: pulumi.output(args.ports ?? []).apply((given) => [...given, ...own]) }),
    ...(isOrdered(args) ? { start: false } : { ready: readyOf(args) }),
  };
}

function publishedPort(args: ServiceArgs, host: string | undefined) {
  const { on, port } = args;
  if (host === undefined || !isPool(on) || !isPublished(args)) return [];
  const address = on.hosts[host]?.address;
  return address === undefined ? [] : [{ containerPort: port, hostIp: address, keep: true }];
}

function publishedOf(all: readonly Container[], port: number): pulumi.Output<readonly string[]> {
  // Unknown in a preview of a new container, and then not there.
  const on = (places: { readonly [port: string]: string } | undefined) =>
    places?.[`${port}/tcp`] ?? [];
  return pulumi
    .all(all.map((container) => container.published))
    .apply((places) => places.flatMap(on));
}

function serverOf(container: Container, port: number): pulumi.Output<ServiceServer> {
  return pulumi
    .all([container.name, container.addresses])
    .apply(([name, addresses]) => ({ name, addresses, port }));
}
