// Made by `npm run generate` from sdk/provider/resources. Do not edit.

import * as pulumi from "@pulumi/pulumi";
import { QuietResource } from "../quiet-resource.ts";
import type {
  DaemonConnection,
  DaemonConnectionArgs,
} from "./types.ts";

/** Arguments: SwarmNode. */
export interface SwarmNodeArgs {
  /**
   * What it is: managers keep the state and decide, and run tasks too. One of manager, worker.
   * Default: worker.
   */
  readonly role?: pulumi.Input<"manager" | "worker">;
  /**
   * The address at which the other nodes reach it. A node keeps the one that it joined with.
   */
  readonly address: pulumi.Input<string>;
  /**
   * The address for the traffic of overlay networks. A node keeps the one that it joined with.
   * Default: address.
   */
  readonly dataPathAddress?: pulumi.Input<string>;
  /**
   * The address, and the port after a colon, on which it listens for the other nodes. Default:
   * 0.0.0.0:2377.
   */
  readonly listenAddress?: pulumi.Input<string>;
  /**
   * Whether it takes tasks: `pause` gives it no new tasks, `drain` also moves off what it has.
   * One of active, pause, drain. Default: active.
   */
  readonly availability?: pulumi.Input<"active" | "pause" | "drain">;
  /** Labels by name: constraints of services call them `node.labels.NAME`. Default: none. */
  readonly labels?: pulumi.Input<{ readonly [name: string]: pulumi.Input<string> }>;
}

/** As it is: SwarmNode. */
export interface SwarmNode {
  /**
   * What it is: managers keep the state and decide, and run tasks too. One of manager, worker.
   * Default: worker.
   */
  readonly role?: "manager" | "worker";
  /**
   * The address at which the other nodes reach it. A node keeps the one that it joined with.
   */
  readonly address: string;
  /**
   * The address for the traffic of overlay networks. A node keeps the one that it joined with.
   * Default: address.
   */
  readonly dataPathAddress?: string;
  /**
   * The address, and the port after a colon, on which it listens for the other nodes. Default:
   * 0.0.0.0:2377.
   */
  readonly listenAddress?: string;
  /**
   * Whether it takes tasks: `pause` gives it no new tasks, `drain` also moves off what it has.
   * One of active, pause, drain. Default: active.
   */
  readonly availability?: "active" | "pause" | "drain";
  /** Labels by name: constraints of services call them `node.labels.NAME`. Default: none. */
  readonly labels?: { readonly [name: string]: string };
}

/** Arguments of SwarmResource. */
export interface SwarmResourceArgs {
  /** The nodes by name. Changing it updates in place. */
  readonly nodes: pulumi.Input<{ readonly [name: string]: pulumi.Input<SwarmNodeArgs> }>;
  /**
   * The networks, as CIDR, from which overlay networks get their subnets. It is fixed when the
   * swarm is made: a change is refused. Changing it updates in place. Default: 10.0.0.0/8.
   */
  readonly addressPools?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /**
   * The length of the prefix of a subnet out of addressPools. It is fixed when the swarm is
   * made: a change is refused. Changing it updates in place. Default: 24.
   */
  readonly subnetPrefix?: pulumi.Input<number>;
  /**
   * The UDP port for the traffic of overlay networks, 1024 to 49151. It is fixed when the swarm
   * is made: a change is refused. Changing it updates in place. Default: 4789.
   */
  readonly dataPathPort?: pulumi.Input<number>;
  /**
   * How long tasks may take to move off a node that leaves, in milliseconds. Then it leaves
   * anyway, with a warning. Changing it alone changes nothing. Default: 60000.
   */
  readonly drainTimeoutMs?: pulumi.Input<number>;
  /**
   * How the nodes' daemons are reached, by node: as a provider's configuration. Changing it
   * alone changes nothing.
   */
  readonly connections: pulumi.Input<{ readonly [name: string]: pulumi.Input<DaemonConnectionArgs> }>;
}

/**
 * A swarm over several daemons: made, joined, changed and left in an order that keeps a
 * majority of the managers. Join tokens are read from a manager when they are needed, and kept
 * nowhere.
 */
export class SwarmResource extends QuietResource {
  /** The nodes by name. Changing it updates in place. */
  declare readonly nodes: pulumi.Output<{ readonly [name: string]: SwarmNode }>;
  /**
   * The networks, as CIDR, from which overlay networks get their subnets. It is fixed when the
   * swarm is made: a change is refused. Changing it updates in place. Default: 10.0.0.0/8.
   */
  declare readonly addressPools: pulumi.Output<readonly string[] | undefined>;
  /**
   * The length of the prefix of a subnet out of addressPools. It is fixed when the swarm is
   * made: a change is refused. Changing it updates in place. Default: 24.
   */
  declare readonly subnetPrefix: pulumi.Output<number | undefined>;
  /**
   * The UDP port for the traffic of overlay networks, 1024 to 49151. It is fixed when the swarm
   * is made: a change is refused. Changing it updates in place. Default: 4789.
   */
  declare readonly dataPathPort: pulumi.Output<number | undefined>;
  /**
   * How long tasks may take to move off a node that leaves, in milliseconds. Then it leaves
   * anyway, with a warning. Changing it alone changes nothing. Default: 60000.
   */
  declare readonly drainTimeoutMs: pulumi.Output<number | undefined>;
  /**
   * How the nodes' daemons are reached, by node: as a provider's configuration. Changing it
   * alone changes nothing.
   */
  declare readonly connections: pulumi.Output<{ readonly [name: string]: DaemonConnection }>;
  /** The swarm's id. Changing it replaces the resource. */
  declare readonly swarmId: pulumi.Output<string>;
  /** The nodes' ids, by name. Changing it replaces the resource. */
  declare readonly nodeIds: pulumi.Output<{ readonly [name: string]: string }>;
  /** How nodes differed when they were last looked at. Changing it replaces the resource. */
  declare readonly drift: pulumi.Output<readonly string[]>;

  constructor(
    name: string,
    args: SwarmResourceArgs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    const props = {
      nodes: undefined,
      addressPools: undefined,
      subnetPrefix: undefined,
      dataPathPort: undefined,
      drainTimeoutMs: undefined,
      connections: undefined,
      swarmId: undefined,
      nodeIds: undefined,
      drift: undefined,
      ...(opts?.id === undefined ? args : {}),
    };
    super("dockwright:index:Swarm", name, props, opts);
  }
}
