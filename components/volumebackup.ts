// A backup of a volume of one daemon, in a file of the machine that runs the program.

import type * as pulumi from "@pulumi/pulumi";
import {
  VolumeBackupResource,
  type VolumeBackupResourceArgs,
} from "../sdk/resources/volumebackup.ts";
import type { DaemonLike, VolumeLike } from "./daemonlike.ts";

/** Arguments of {@link VolumeBackup}. */
export interface VolumeBackupArgs extends Omit<VolumeBackupResourceArgs, "volume"> {
  /** The daemon that has the volume. */
  readonly daemon: DaemonLike;
  /** The volume. */
  readonly volume: VolumeLike;
}

/** A backup, taken once and whenever a trigger changes. A Volume's `restoreFrom` makes a volume of it. */
export class VolumeBackup extends VolumeBackupResource {
  constructor(name: string, args: VolumeBackupArgs, opts?: pulumi.CustomResourceOptions) {
    const { daemon, volume, ...rest } = args;
    const all = { ...rest, volume: volume.volumeName };
    super(name, all, { provider: daemon.provider, ...opts });
  }
}
