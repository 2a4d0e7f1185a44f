// Replicas of one container, and the routes to them. A cluster takes the spec and makes its own
// resources of it. On a daemon or over a pool of hosts the containers are made here: new ones run
// beside the old ones and have to be ready before a request is sent to them; the old ones end when
// their requests have. What exchanges them is one resource over all hosts: the rollout.

import * as pulumi from "@pulumi/pulumi";
import type { ReleaseResource } from "../sdk/resources/release.ts";
import type { RolloutResource } from "../sdk/resources/rollout.ts";
import { Container, type ContainerArgs } from "./container.ts";
import { pick } from "./perhost.ts";
import { isCluster, isPool } from "./platform.ts";
import { makeRelease } from "./release.ts";
import { restored, rollbackOf, rollbackWords } from "./rollback.ts";
import { makeRollout, type Replica } from "./rollout.ts";
import { sealService } from "./seal.ts";
import {
  type ContainerServiceArgs,
  fixedPorts,
  isOrdered,
  isPublished,
  readyOf,
  type ServiceArgs,
  type ServiceHealth,
  type ServiceServer,
} from "./serviceargs.ts";
import { checkCluster, checkService } from "./servicecheck.ts";
import { daemonOf, mountOn } from "./serviceplace.ts";
import { ReleaseTasks } from "./servicetasks.ts";

/** Several containers of one kind. */
export class Service extends pulumi.ComponentResource {
  /** The containers, in the order of the replicas. A cluster has its own: then there are none here. */
  readonly containers: pulumi.Output<readonly Container[]>;
  /** The names of the containers; on a cluster what that calls the service or its tasks. */
  readonly containerNames: pulumi.Output<readonly string[]>;
  /** The replicas, for a route. They count as there only once each is ready. */
  readonly servers: pulumi.Output<readonly ServiceServer[]>;
  /**
   * Where other hosts reach the replicas on a pool, as `ADDRESS:PORT`: for the environment, the files
   * and the `extraHosts` of what uses the service. Empty where nothing is published. On a cluster
   * where it is reached there, and the URLs that are open to the outside.
   */
  readonly endpoints: pulumi.Output<readonly string[]>;
  /** What its gate and the proxies ask. */
  readonly health: ServiceHealth;
  /** What exchanges the containers; none where there are no routes and nothing to order. */
  readonly rollout: RolloutResource | undefined;
  /** The releases: what ran, and what is kept of it for a rollback. A cluster keeps its own. */
  readonly release: ReleaseResource | undefined;

  constructor(name: string, args: ServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("dockwright:index:Service", name, {}, opts);
    const made = this.make(name, args);
    this.health = made.health;
    this.containers = made.containers;
    this.containerNames = made.names;
    this.servers = made.servers;
    this.endpoints = made.endpoints;
    this.rollout = made.rollout;
    this.release = made.release;
    this.registerOutputs({ containers: this.containerNames });
  }

  private make(name: string, { on, ...spec }: ServiceArgs): Made {
    if (!isCluster(on)) return this.makeContainers(name, withSecretEnv({ ...spec, on }));
    checkCluster(on.clusterKind, spec);
    const { names, endpoints, servers = [] } = on.runService({ name, spec, parent: this });
    return {
      health: spec.health ?? {},
      containers: pulumi.output([]),
      names: pulumi.output(names),
      servers: pulumi.output(servers),
      endpoints: pulumi.output(endpoints),
      rollout: undefined,
      release: undefined,
    };
  }

  private makeContainers(name: string, args: ContainerServiceArgs): Made {
    checkService(args);
    const record = rollbackOf(name);
    const runs = record === undefined ? args : restored(args, record);
    if (record !== undefined) {
      void pulumi.log.warn(rollbackWords(name, record), this);
      checkService(runs);
    }
    const spec = sealService(runs);
    const tasks = new ReleaseTasks(this, name, { args, runs, record, spec });
    const replicas = this.place(name, runs, tasks);
    const containers = replicas.apply((all) => all.map(({ container }) => container));
    const rollout = makeRollout(this, name, runs, replicas);
    const release = makeRelease(this, name, { args: runs, spec, record, replicas, rollout });
    tasks.after(replicas, rollout);
    return {
      health: runs.health ?? {},
      containers,
      names: containers.apply((all) => pulumi.all(all.map((one) => one.name))),
      servers: containers.apply((all) =>
        pulumi.all(all.map((container) => serverOf(container, runs.port))),
      ),
      endpoints: containers.apply((all) => publishedOf(all, runs.port)),
      rollout,
      release,
    };
  }

  private place(
    name: string,
    args: ContainerServiceArgs,
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
    args: ContainerServiceArgs,
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

/** What a service is made of, wherever it runs. */
interface Made {
  /** What its gate and the proxies ask. */
  readonly health: ServiceHealth;
  /** Its containers; none on a cluster. */
  readonly containers: pulumi.Output<readonly Container[]>;
  /** Their names, or those of what runs on a cluster. */
  readonly names: pulumi.Output<readonly string[]>;
  /** Where proxies reach them. */
  readonly servers: pulumi.Output<readonly ServiceServer[]>;
  /** Where other services reach it. */
  readonly endpoints: pulumi.Output<readonly string[]>;
  /** The resource that exchanges its containers in the proxies. */
  readonly rollout: RolloutResource | undefined;
  /** The resource that records what it ran. */
  readonly release: ReleaseResource | undefined;
}

/** Where a replica goes. */
interface Place {
  /** Its number, from 1 on. */
  readonly replica: number;
  /** The host in the pool; none on a single daemon. */
  readonly host?: string;
}

/** A container's environment is where its secrets are: the state keeps them secret. */
function withSecretEnv({ secretEnv, ...args }: ContainerServiceArgs): ContainerServiceArgs {
  if (secretEnv === undefined) return args;
  const secrets = Object.entries(secretEnv).map(([key, value]) => [key, pulumi.secret(value)]);
  const own = Object.fromEntries(secrets) as { readonly [name: string]: pulumi.Output<string> };
  const env =
    args.env === undefined ? own : pulumi.output(args.env).apply((all) => ({ ...all, ...own }));
  return { ...args, env };
}

function containerArgsOf(args: ContainerServiceArgs, host: string | undefined): ContainerArgs {
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

function publishedPort(args: ContainerServiceArgs, host: string | undefined) {
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
