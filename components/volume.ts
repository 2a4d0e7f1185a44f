// A volume on one daemon; kept when the resource goes, unless `delete` says otherwise.

import type * as pulumi from "@pulumi/pulumi";
import { VolumeResource, type VolumeResourceArgs } from "../sdk/resources/volume.ts";
import type { DaemonLike, VolumeLike } from "./daemonlike.ts";

export interface VolumeArgs extends VolumeResourceArgs {
  /** The daemon it is on. A change replaces it. */
  readonly daemon: DaemonLike;
}

/** A volume. Its data outlives containers and stacks. */
export class Volume extends VolumeResource implements VolumeLike {
  constructor(name: string, args: VolumeArgs, opts?: pulumi.CustomResourceOptions) {
    const { daemon, ...rest } = args;
    super(name, rest, { provider: daemon.provider, ...opts });
  }
}
