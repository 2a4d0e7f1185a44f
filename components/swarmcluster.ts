// A swarm over several daemons: who is in it, as what. What runs in it is made through its provider,
// which speaks to whichever manager answers.

import * as pulumi from "@pulumi/pulumi";
import { ProviderResource } from "../sdk/resources/provider.ts";
import { SwarmResource } from "../sdk/resources/swarm.ts";
import type { DaemonLike } from "./daemonlike.ts";
import { Image, type ImageArgs } from "./image.ts";
import type { PerHost } from "./perhost.ts";
import type { ClusterLike, ServiceRequest, ServiceRun } from "./platform.ts";
import { requirePlugin } from "./plugin.ts";
import { runOnSwarm } from "./swarmspec.ts";

/** A node of a swarm: a daemon, and what it is there. */
export interface SwarmNodeArgs {
  /**
   * The daemon. It has to be without `liveRestore`, which Docker does not have together with a swarm:
   * `options: { liveRestore: false }`. One that is lost is taken off the swarm without contact.
   */
  readonly daemon: DaemonLike;
  /**
   * The address at which the other nodes reach it. A node keeps the one that it joined with: to change
   * it, let the node leave, then join.
   */
  readonly address: pulumi.Input<string>;
  /**
   * What it is. Managers keep the state of the swarm by majority, so that 3 bear the loss of 1, and 5
   * of 2; they run tasks too, unless they are drained. A change promotes or demotes it.
   * @defaultValue worker
   */
  readonly role?: "manager" | "worker";
  /**
   * The address for the traffic of overlay networks. A node keeps the one that it joined with.
   * @defaultValue address
   */
  readonly dataPathAddress?: pulumi.Input<string>;
  /**
   * The address, and the port after a colon, on which it listens for the other nodes.
   * @defaultValue 0.0.0.0:2377
   */
  readonly listenAddress?: pulumi.Input<string>;
  /**
   * `pause` gives it no new tasks; `drain` also moves off what it has. A change is made in place.
   * @defaultValue active
   */
  readonly availability?: "active" | "pause" | "drain";
  /**
   * Labels by name; constraints of services call them `node.labels.NAME`. A change is made in place.
   * @defaultValue none
   */
  readonly labels?: { readonly [label: string]: string };
}

/** Arguments of {@link SwarmCluster}. */
export interface SwarmClusterArgs {
  /** The nodes by name. A name is what the state knows a node by. At least one is a manager. */
  readonly nodes: { readonly [name: string]: SwarmNodeArgs };
  /**
   * The networks, as CIDR, from which overlay networks get their subnets. A change is refused.
   * @defaultValue 10.0.0.0/8
   */
  readonly addressPools?: readonly string[];
  /**
   * The length of the prefix of each of those subnets. A change is refused.
   * @defaultValue 24
   */
  readonly subnetPrefix?: number;
  /**
   * The UDP port for the traffic of overlay networks. A change is refused.
   * @defaultValue 4789
   */
  readonly dataPathPort?: number;
  /**
   * How long tasks may take to move off a node that leaves, in milliseconds.
   * @defaultValue 60000
   */
  readonly drainTimeoutMs?: number;
}

/** A swarm, as its services see it: a `SwarmCluster`, or the provider of one. */
export interface SwarmLike {
  /** The provider instance of the swarm: whichever manager answers. */
  readonly provider: pulumi.ProviderResource;
}

interface InputError {
  readonly propertyPath: string;
  readonly reason: string;
}

function checkNode(name: string, { daemon }: SwarmNodeArgs): readonly InputError[] {
  const path = `nodes[${JSON.stringify(name)}]`;
  const errors: InputError[] = [];
  if (!/^[A-Za-z0-9][\w.-]*$/.test(name)) {
    const reason = "is not a node's name; write letters, digits, ., _ and -, such as web1";
    errors.push({ propertyPath: path, reason });
  }
  if (daemon.liveRestore === true && daemon.lost !== true) {
    errors.push({
      propertyPath: `${path}.daemon`,
      reason:
        "has liveRestore on, and Docker has no swarm with it; give it `options: { liveRestore: false }`",
    });
  }
  if (!(daemon.provider instanceof ProviderResource)) {
    const reason = "has a provider of another kind; take a Daemon, a TlsDaemon or a LocalDaemon";
    errors.push({ propertyPath: `${path}.daemon`, reason });
  }
  return errors;
}

function checkCluster({ nodes }: SwarmClusterArgs): void {
  const entries = Object.entries(nodes);
  const errors = entries.flatMap(([name, node]) => checkNode(name, node));
  const managers = entries.filter(([, { role, daemon }]) => role === "manager" && !daemon.lost);
  if (managers.length === 0) {
    errors.push({
      propertyPath: "nodes",
      reason: 'has no manager that is not lost; give one the role "manager"',
    });
  }
  if (errors.length === 0) return;
  throw new pulumi.InputPropertiesError({ message: "the swarm cannot be made", errors });
}

function connectionOf({ provider }: DaemonLike) {
  return provider instanceof ProviderResource ? provider.connection : {};
}

/** Several daemons as one: services, networks and secrets of it are of all nodes. */
export class SwarmCluster extends pulumi.ComponentResource implements SwarmLike, ClusterLike {
  readonly clusterKind = "swarm" as const;
  /** The provider instance of the swarm. Whatever uses it comes after the nodes have joined. */
  readonly provider: ProviderResource;
  /** The swarm's id. */
  readonly swarmId: pulumi.Output<string>;
  /** The nodes that are there, by name. Those whose daemon is lost are not among them. */
  readonly nodes: {
    readonly [name: string]: SwarmNodeArgs;
  };

  constructor(name: string, args: SwarmClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("dockwright:index:SwarmCluster", name, {}, opts);
    requirePlugin();
    checkCluster(args);
    const { nodes: given, ...rest } = args;
    const entries = Object.entries(given).sort(([a], [b]) => (a < b ? -1 : 1));
    const there = entries.filter(([, { daemon }]) => daemon.lost !== true);
    this.nodes = Object.fromEntries(there);
    const connections = there.map(([node, { daemon }]) => [node, connectionOf(daemon)] as const);
    const without = there.map(([node, { daemon: _, ...values }]) => [node, values] as const);
    // The swarm's own resource works on all nodes, by the connections among its inputs.
    const planner = new ProviderResource(`${name}-planner`, {}, { parent: this });
    const swarm = new SwarmResource(
      `${name}-swarm`,
      {
        ...rest,
        nodes: Object.fromEntries(without),
        connections: Object.fromEntries(connections),
      },
      { parent: this, provider: planner },
    );
    this.swarmId = swarm.swarmId;
    const managers = connections.filter(([node]) => given[node]?.role === "manager");
    this.provider = new ProviderResource(
      `${name}-provider`,
      { managers: Object.fromEntries(managers), swarmId: this.swarmId },
      { parent: this },
    );
    this.registerOutputs({ swarmId: this.swarmId });
  }

  /** Makes a service's secrets, configs, tasks and routes: for `new Service(..., { on: cluster })`. */
  runService(request: ServiceRequest): ServiceRun {
    return runOnSwarm(this, request);
  }

  /**
   * An image that every node has under one id, without a registry: made on the first node, as `NAME`, and
   * copied to each other one, as `NAME-NODE`.
   */
  image(
    name: string,
    args: Omit<ImageArgs, "daemon" | "copy">,
    opts?: pulumi.CustomResourceOptions,
  ): PerHost<Image> {
    const [first] = Object.values(this.nodes).map(({ daemon }) => daemon);
    if (first === undefined) throw new Error("a swarm has a node");
    const made = new Image(name, { ...args, daemon: first }, opts);
    const copy = { image: made.imageId, from: connectionOf(first) };
    return this.each((daemon, node) =>
      daemon === first ? made : new Image(`${name}-${node}`, { daemon, copy }, opts),
    );
  }

  /**
   * One of a thing for each node that is there: `cluster.each((daemon, name) => new Image(...))`. Names
   * of resources have to hold the node's.
   */
  each<T>(make: (daemon: DaemonLike, name: string) => T): PerHost<T> {
    const made = Object.entries(this.nodes).map(([name, { daemon }]) => [name, make(daemon, name)]);
    return { perHost: Object.fromEntries(made) as { readonly [host: string]: T } };
  }
}
