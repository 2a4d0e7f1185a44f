// A bridge network on one daemon.

import type * as pulumi from "@pulumi/pulumi";
import { NetworkResource, type NetworkResourceArgs } from "../sdk/resources/network.ts";
import type { DaemonLike, NetworkLike } from "./daemonlike.ts";

/** Arguments of {@link Bridge}. */
export interface BridgeArgs extends Omit<NetworkResourceArgs, "driver" | "encrypted"> {
  /** The daemon it is on. A change replaces it. */
  readonly daemon: DaemonLike;
}

/** A bridge network. Containers on it find each other by name. */
export class Bridge extends NetworkResource implements NetworkLike {
  constructor(name: string, args: BridgeArgs, opts?: pulumi.CustomResourceOptions) {
    const { daemon, ...rest } = args;
    super(name, rest, { provider: daemon.provider, ...opts });
  }
}
