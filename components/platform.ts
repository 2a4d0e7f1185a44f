// Where a service can run: a daemon, a pool of hosts, or a cluster. A pool decides where each replica
// goes; a cluster takes the whole spec and makes what its platform knows. Nothing here, and nothing
// that `Service` imports, knows a cloud.

import type * as pulumi from "@pulumi/pulumi";
import type { DaemonLike } from "./daemonlike.ts";
import type { Placed, PlaceRequest } from "./hostpool.ts";
import type { ServiceServer, ServiceSpec } from "./serviceargs.ts";

/** Several hosts, as a service sees them: a `HostPool`. */
export interface PoolLike {
  /** The hosts by name. Lost ones are not among them. */
  readonly hosts: {
    readonly [name: string]: {
      /** Its daemon. */
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

/** The kinds of cluster that a service can run on. */
export type ClusterKind = "swarm" | "ecs" | "kubernetes";

/** What a service asks of a cluster. */
export interface ServiceRequest {
  /** The service's name: the start of the names of all that is made for it. */
  readonly name: string;
  /** What shall run. What the platform cannot do is no longer in it: that was refused. */
  readonly spec: ServiceSpec;
  /** The service: the parent of all that is made for it. */
  readonly parent: pulumi.Resource;
}

/** What a cluster made of it. */
export interface ServiceRun {
  /** What the platform calls it: of the service itself, or of each task. */
  readonly names: pulumi.Input<readonly string[]>;
  /**
   * Where others reach it: `HOST:PORT` inside of the cluster's network, or a URL for what is open to
   * the outside.
   */
  readonly endpoints: pulumi.Input<readonly string[]>;
  /**
   * The replicas one by one, for a `Route` of Dockwright's proxy.
   * @defaultValue none: the platform itself spreads the requests
   */
  readonly servers?: pulumi.Input<readonly ServiceServer[]>;
}

/** A cluster that runs services by itself: Swarm, ECS, Kubernetes. */
export interface ClusterLike {
  /** Which platform it is: the column of the table of what each can do. */
  readonly clusterKind: ClusterKind;
  /** Makes the platform's own resources for a service. */
  runService(request: ServiceRequest): ServiceRun;
}

/** Where a service can run. */
export type Platform = DaemonLike | PoolLike | ClusterLike;

export function isPool(on: Platform): on is PoolLike {
  return "place" in on;
}

export function isCluster(on: Platform): on is ClusterLike {
  return "runService" in on;
}
