// A network over all nodes of a swarm.

import type * as pulumi from "@pulumi/pulumi";
import { NetworkResource, type NetworkResourceArgs } from "../sdk/resources/network.ts";
import type { NetworkLike } from "./daemonlike.ts";
import type { SwarmLike } from "./swarmcluster.ts";

/** What a bridge has alone. */
type OfBridges = "driver" | "icc" | "masquerade" | "bridgeName" | "hostBinding";

/** Arguments of {@link Overlay}. */
export interface OverlayArgs extends Omit<NetworkResourceArgs, OfBridges> {
  /** The swarm. Another one replaces it. */
  readonly on: SwarmLike;
}

/**
 * A network over all nodes of a swarm. Tasks on it find services by name; a node takes part in it from its
 * first task on. Traffic between nodes is in the clear unless it is `encrypted`, which needs ESP in their
 * kernels: without, Docker makes the network all the same, and nothing goes from node to node.
 */
export class Overlay extends NetworkResource implements NetworkLike {
  constructor(name: string, args: OverlayArgs, opts?: pulumi.CustomResourceOptions) {
    const { on, ...rest } = args;
    super(name, { ...rest, driver: "overlay" }, { provider: on.provider, ...opts });
  }
}
