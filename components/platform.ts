// Where a service can run: a daemon, or a pool of hosts. A pool decides where each replica goes.

import type * as pulumi from "@pulumi/pulumi";
import type { DaemonLike } from "./daemonlike.ts";
import type { Placed, PlaceRequest } from "./hostpool.ts";

/** Several hosts, as a service sees them: a `HostPool`. */
export interface PoolLike {
  /** The hosts by name. Lost ones are not among them. */
  readonly hosts: {
    readonly [name: string]: {
      readonly daemon: DaemonLike;
      /** Where other hosts reach what its containers publish. */
      readonly address?: pulumi.Input<string> | undefined;
    };
  };
  /**
   * Hosts that are lost, by name: nothing contacts them.
   * @defaultValue none
   */
  readonly lostHosts?: readonly string[];
  /** A provider instance for what is of no host. */
  readonly provider: pulumi.ProviderResource;
  /** Finds a host for each replica. */
  place(request: PlaceRequest): pulumi.Output<readonly Placed[]>;
}

export function isPool(on: DaemonLike | PoolLike): on is PoolLike {
  return "place" in on;
}
