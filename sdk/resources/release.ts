// Made by `npm run generate` from sdk/provider/resources. Do not edit.

import * as pulumi from "@pulumi/pulumi";
import { QuietResource } from "../quiet-resource.ts";
import type {
  DaemonConnection,
  DaemonConnectionArgs,
} from "./types.ts";

/** Arguments: ReleaseContainer. */
export interface ReleaseContainerArgs {
  /** The container's name. */
  readonly name: pulumi.Input<string>;
  /** The host that it is on, as in connections. Default: the daemon of the provider. */
  readonly host?: pulumi.Input<string>;
  /** The id of the image that it runs. */
  readonly imageId: pulumi.Input<string>;
}

/** Arguments: ReleaseImageRef. */
export interface ReleaseImageRefArgs {
  /** What the daemon knows the image by. */
  readonly ref: pulumi.Input<string>;
  /** The host that it is on, as in connections. Default: the daemon of the provider. */
  readonly host?: pulumi.Input<string>;
}

/** Arguments: ReleaseRollout. */
export interface ReleaseRolloutArgs {
  /** How long it took, in milliseconds. */
  readonly durationMs: pulumi.Input<number>;
  /** Requests that ended by themselves. */
  readonly drained: pulumi.Input<number>;
  /** Requests that were cut at the deadline. */
  readonly cut: pulumi.Input<number>;
  /** Upgraded connections and event streams that were closed, to connect again. Default: 0. */
  readonly moved?: pulumi.Input<number>;
  /** What was done, in order. */
  readonly steps: pulumi.Input<readonly pulumi.Input<string>[]>;
}

/** As it is: ReleaseContainer. */
export interface ReleaseContainer {
  /** The container's name. */
  readonly name: string;
  /** The host that it is on, as in connections. Default: the daemon of the provider. */
  readonly host?: string;
  /** The id of the image that it runs. */
  readonly imageId: string;
}

/** As it is: ReleaseImageRef. */
export interface ReleaseImageRef {
  /** What the daemon knows the image by. */
  readonly ref: string;
  /** The host that it is on, as in connections. Default: the daemon of the provider. */
  readonly host?: string;
}

/** As it is: ReleaseRollout. */
export interface ReleaseRollout {
  /** How long it took, in milliseconds. */
  readonly durationMs: number;
  /** Requests that ended by themselves. */
  readonly drained: number;
  /** Requests that were cut at the deadline. */
  readonly cut: number;
  /** Upgraded connections and event streams that were closed, to connect again. Default: 0. */
  readonly moved?: number;
  /** What was done, in order. */
  readonly steps: readonly string[];
}

/** As it is: ReleaseImage. */
export interface ReleaseImage {
  /** The host that it is on, as in connections. Default: the daemon of the provider. */
  readonly host?: string;
  /** What the daemon knew the image by. */
  readonly ref: string;
  /** The image's id, `sha256:...`. */
  readonly imageId: string;
  /** The tag that keeps it from going. */
  readonly tag: string;
}

/** As it is: ReleaseSummary. */
export interface ReleaseSummary {
  /** Its number, from 1. */
  readonly number: number;
  /** When it was made, as ISO 8601. */
  readonly at: string;
  /** Who made it: the actor that CI names, else USER@HOST. */
  readonly by: string;
  /** A hash of what it runs, secrets included. */
  readonly hash: string;
  /** The release that it brought back. Default: none. */
  readonly rollbackOf?: number;
  /** Its images, by host. */
  readonly images: readonly ReleaseImage[];
  /** The containers that ran it. */
  readonly containers: readonly ReleaseContainer[];
  /** How its rollout went. Default: none. */
  readonly rollout?: ReleaseRollout;
}

/** As it is: ReleaseRecord. */
export interface ReleaseRecord {
  /** Its number, from 1. */
  readonly number: number;
  /** When it was made, as ISO 8601. */
  readonly at: string;
  /** Who made it: the actor that CI names, else USER@HOST. */
  readonly by: string;
  /** A hash of what it runs, secrets included. */
  readonly hash: string;
  /** The release that it brought back. Default: none. */
  readonly rollbackOf?: number;
  /** Its images, by host. */
  readonly images: readonly ReleaseImage[];
  /** The containers that ran it. */
  readonly containers: readonly ReleaseContainer[];
  /** How its rollout went. Default: none. */
  readonly rollout?: ReleaseRollout;
  /** What it ran, as JSON. */
  readonly spec: string;
}

/** Arguments of ReleaseResource. */
export interface ReleaseResourceArgs {
  /** The service's name. Changing it updates in place. */
  readonly service: pulumi.Input<string>;
  /**
   * What the service runs: its arguments, as JSON. A change is another release. Changing it
   * updates in place.
   */
  readonly spec: pulumi.Input<string>;
  /** The containers that run it. Changing it updates in place. */
  readonly containers: pulumi.Input<readonly pulumi.Input<ReleaseContainerArgs>[]>;
  /** The image on each host that it may run on. Changing it updates in place. */
  readonly images: pulumi.Input<readonly pulumi.Input<ReleaseImageRefArgs>[]>;
  /**
   * The number of the release that it brings back. Changing it updates in place. Default: none:
   * it is what the program says.
   */
  readonly rollbackOf?: pulumi.Input<number>;
  /**
   * How many releases are kept, with their images. Changing it updates in place. Default: 5.
   */
  readonly keep?: pulumi.Input<number>;
  /**
   * How the rollout went that brought it. Changing it alone changes nothing. Default: none:
   * there was nothing to exchange in an order of its own.
   */
  readonly rollout?: pulumi.Input<ReleaseRolloutArgs>;
  /**
   * How the hosts are reached, by host: as a provider's configuration. Changing it alone
   * changes nothing. Default: none: all is on the daemon of the provider.
   */
  readonly connections?: pulumi.Input<{ readonly [name: string]: pulumi.Input<DaemonConnectionArgs> }>;
  /**
   * Hosts that are gone: nothing contacts them. Changing it alone changes nothing. Default:
   * none.
   */
  readonly lost?: pulumi.Input<readonly pulumi.Input<string>[]>;
}

/**
 * The releases of a service. Each change of what the service runs is one, with a number, the
 * time, who made it, its images and how its rollout went; an update that changes nothing makes
 * none. The last ones are kept in the state, with all it takes to bring one back, as secrets;
 * their images are tagged `dockwright-release/PROJECT/STACK/SERVICE:NUMBER`, so that they stay.
 * A release cannot be imported.
 */
export class ReleaseResource extends QuietResource {
  /** The service's name. Changing it updates in place. */
  declare readonly service: pulumi.Output<string>;
  /**
   * What the service runs: its arguments, as JSON. A change is another release. Changing it
   * updates in place.
   */
  declare readonly spec: pulumi.Output<string>;
  /** The containers that run it. Changing it updates in place. */
  declare readonly containers: pulumi.Output<readonly ReleaseContainer[]>;
  /** The image on each host that it may run on. Changing it updates in place. */
  declare readonly images: pulumi.Output<readonly ReleaseImageRef[]>;
  /**
   * The number of the release that it brings back. Changing it updates in place. Default: none:
   * it is what the program says.
   */
  declare readonly rollbackOf: pulumi.Output<number | undefined>;
  /**
   * How many releases are kept, with their images. Changing it updates in place. Default: 5.
   */
  declare readonly keep: pulumi.Output<number | undefined>;
  /**
   * How the rollout went that brought it. Changing it alone changes nothing. Default: none:
   * there was nothing to exchange in an order of its own.
   */
  declare readonly rollout: pulumi.Output<ReleaseRollout | undefined>;
  /**
   * How the hosts are reached, by host: as a provider's configuration. Changing it alone
   * changes nothing. Default: none: all is on the daemon of the provider.
   */
  declare readonly connections: pulumi.Output<{ readonly [name: string]: DaemonConnection } | undefined>;
  /**
   * Hosts that are gone: nothing contacts them. Changing it alone changes nothing. Default:
   * none.
   */
  declare readonly lost: pulumi.Output<readonly string[] | undefined>;
  /** The number of the release that runs, from 1. Changing it replaces the resource. */
  declare readonly number: pulumi.Output<number>;
  /** The release that runs. Changing it replaces the resource. */
  declare readonly current: pulumi.Output<ReleaseSummary>;
  /** The releases that are kept, the newest first. Changing it replaces the resource. */
  declare readonly releases: pulumi.Output<readonly ReleaseRecord[]>;
  /**
   * Images of kept releases that were not there when they were last looked for. Changing it
   * replaces the resource.
   */
  declare readonly missing: pulumi.Output<readonly string[]>;

  constructor(
    name: string,
    args: ReleaseResourceArgs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    const props = {
      service: undefined,
      spec: undefined,
      containers: undefined,
      images: undefined,
      rollbackOf: undefined,
      keep: undefined,
      rollout: undefined,
      connections: undefined,
      lost: undefined,
      number: undefined,
      current: undefined,
      releases: undefined,
      missing: undefined,
      ...(opts?.id === undefined ? args : {}),
    };
    super("dockwright:index:Release", name, props, pulumi.mergeOptions({ additionalSecretOutputs: ["spec"] }, opts));
  }
}
