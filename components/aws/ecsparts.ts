// What a service has to know of its cluster, and what of it is ECS's alone.

import type * as pulumi from "@pulumi/pulumi";
import type { ServiceSpec } from "../serviceargs.ts";
import type { Capacity } from "./ecscapacity.ts";
import type { EcsClusterArgs } from "./ecscluster.ts";
import type { Ingress } from "./ingress.ts";
import type { Statement } from "./policy.ts";

/** What a service has to know of its cluster. */
export interface EcsClusterParts {
  /** The cluster's arguments. */
  readonly args: EcsClusterArgs;
  /** The cluster's ARN. */
  readonly arn: pulumi.Output<string>;
  /** The cluster's name. */
  readonly name: pulumi.Output<string>;
  /** The security group of the tasks. */
  readonly tasks: pulumi.Output<string>;
  /** The ARN of the namespace by which services find each other. */
  readonly namespace: pulumi.Output<string>;
  /** What tasks run on; undefined is Fargate. */
  readonly capacity: Capacity | undefined;
  /** What answers from outside; undefined where none was declared. */
  readonly ingress: Ingress | undefined;
}

/**
 * A container beside the service's own, in the same task: they reach each other at 127.0.0.1, and begin
 * and end together. Its members are those of a service, and do the same.
 */
export interface EcsSidecar
  extends Pick<
    ServiceSpec,
    | "image"
    | "command"
    | "entrypoint"
    | "env"
    | "secretEnv"
    | "workingDir"
    | "user"
    | "init"
    | "stopGraceMs"
    | "labels"
    | "tmpfs"
    | "healthCheck"
    | "memoryBytes"
    | "memoryReservationBytes"
    | "cpus"
    | "ulimits"
    | "capAdd"
    | "capDrop"
    | "readOnly"
    | "volumes"
  > {}

/** What of a service is ECS's alone: `on: cluster.with({ ... })`. */
export interface EcsServiceOptions {
  /**
   * What the containers themselves may do in AWS. A change updates in place.
   * @defaultValue nothing
   */
  readonly taskPolicy?: readonly Statement[];
  /**
   * Secrets that exist, by the variable's name: ARNs of Secrets Manager or of parameters of SSM. A
   * change is another revision.
   * @defaultValue none
   */
  readonly secretArns?: { readonly [name: string]: pulumi.Input<string> };
  /**
   * Containers beside the service's own in each task, by name. It begins once they have: once they are
   * well, where they have a `healthCheck`. The task has the size of all. A change is another revision.
   * @defaultValue none
   */
  readonly sidecars?: { readonly [name: string]: EcsSidecar };
  /**
   * Whether `aws ecs execute-command` may enter the containers. A change is another deployment.
   * @defaultValue false
   */
  readonly exec?: boolean;
  /**
   * How many of ten tasks run on Fargate Spot, which AWS may end. A change is another deployment, and
   * where it is given any other change of the service is one too, that of `replicas` as well; to take
   * it back write 0, since leaving it out replaces the service.
   * @defaultValue 0
   */
  readonly spotOfTen?: number;
  /**
   * With `rollout: { strategy: "blueGreen" }`: how long the old tasks stay beside the new ones that
   * have the requests, in minutes.
   * @defaultValue 0
   */
  readonly bakeMinutes?: number;
  /**
   * How long the log is kept, in days. A change updates in place.
   * @defaultValue 30
   */
  readonly logDays?: pulumi.Input<number>;
  /**
   * The task's own disk, in GiB, 21 to 200. A change is another revision.
   * @defaultValue Fargate's 20
   */
  readonly ephemeralGiB?: number;
}
