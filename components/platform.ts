// Where a service can run: a daemon, or a pool of hosts. A pool decides where each replica goes.

import type * as pulumi from "@pulumi/pulumi";
import type { DaemonLike } from "./daemonlike.ts";

/** Where the replicas of a service may be. */
export type PlacementArgs = object;

/** What a pool is asked for. */
export interface PlaceRequest {
  /** The service's name, unique in the pool. */
  readonly service: string;
  readonly replicas: number;
  /** What each replica takes of a host's capacity. */
  readonly cpus?: number;
  readonly memoryBytes?: number;
  /** Fixed ports of the host that each replica takes. */
  readonly hostPorts?: readonly number[];
  readonly placement?: PlacementArgs;
  readonly parent: pulumi.Resource;
}

/** A replica's place: of the first, 1, on a host. */
export interface PlacedReplica {
  readonly replica: number;
  readonly host: string;
}

/** Several hosts, as a service sees them: a `HostPool`. */
export interface PoolLike {
  /** The hosts by name. Lost ones are not among them. */
  readonly hosts: {
    readonly [name: string]: {
      readonly daemon: DaemonLike;
      /** Where other hosts reach what its containers publish. */
      readonly address?: pulumi.Input<string>;
    };
  };
  /** A provider instance for what is of no host. */
  readonly provider: pulumi.ProviderResource;
  place(request: PlaceRequest): pulumi.Output<readonly PlacedReplica[]>;
}

export function isPool(on: DaemonLike | PoolLike): on is PoolLike {
  return "place" in on;
}
