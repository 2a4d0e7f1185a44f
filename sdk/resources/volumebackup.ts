// Made by `npm run generate` from sdk/provider/resources. Do not edit.

import * as pulumi from "@pulumi/pulumi";
import { QuietResource } from "../quiet-resource.ts";

/** Arguments of VolumeBackupResource. */
export interface VolumeBackupResourceArgs {
  /** The volume's name on the daemon. Changing it replaces the resource. */
  readonly volume: pulumi.Input<string>;
  /**
   * The file, relative to the program. Its folder must be there. With a name that ends in `.gz`
   * it is compressed. Readable by its owner alone. Changing it replaces the resource.
   */
  readonly path: pulumi.Input<string>;
  /**
   * What happens to running containers that use the volume: they are paused meanwhile (what a
   * power cut would leave: enough for a database that recovers), or stopped and started again,
   * or nothing. One of pause, stop, none. Changing it alone changes nothing. Default: pause.
   */
  readonly consistency?: pulumi.Input<"pause" | "stop" | "none">;
  /**
   * Values whose change takes the backup again, in place of the former file. Changing it
   * replaces the resource. Default: none.
   */
  readonly triggers?: pulumi.Input<{ readonly [name: string]: pulumi.Input<string> }>;
  /**
   * Whether deleting the resource deletes the file. Changing it updates in place. Default:
   * false.
   */
  readonly delete?: pulumi.Input<boolean>;
}

/**
 * A backup of a volume: a tar with all that is in it, modes and owners, in a file of the
 * machine that runs the update. Volume's `restoreFrom` makes a volume of it. It is taken again
 * when a trigger changes or the file is gone; the file stays when the resource goes, unless
 * `delete` says otherwise.
 */
export class VolumeBackupResource extends QuietResource {
  /** The volume's name on the daemon. Changing it replaces the resource. */
  declare readonly volume: pulumi.Output<string>;
  /**
   * The file, relative to the program. Its folder must be there. With a name that ends in `.gz`
   * it is compressed. Readable by its owner alone. Changing it replaces the resource.
   */
  declare readonly path: pulumi.Output<string>;
  /**
   * What happens to running containers that use the volume: they are paused meanwhile (what a
   * power cut would leave: enough for a database that recovers), or stopped and started again,
   * or nothing. One of pause, stop, none. Changing it alone changes nothing. Default: pause.
   */
  declare readonly consistency: pulumi.Output<"pause" | "stop" | "none" | undefined>;
  /**
   * Values whose change takes the backup again, in place of the former file. Changing it
   * replaces the resource. Default: none.
   */
  declare readonly triggers: pulumi.Output<{ readonly [name: string]: string } | undefined>;
  /**
   * Whether deleting the resource deletes the file. Changing it updates in place. Default:
   * false.
   */
  declare readonly delete: pulumi.Output<boolean | undefined>;
  /** The file's size, in bytes. Changing it replaces the resource. */
  declare readonly sizeBytes: pulumi.Output<number>;
  /** The file's SHA-256, in hexadecimal. Changing it replaces the resource. */
  declare readonly sha256: pulumi.Output<string>;
  /** When it was taken, as ISO 8601. Changing it replaces the resource. */
  declare readonly takenAt: pulumi.Output<string>;

  constructor(
    name: string,
    args: VolumeBackupResourceArgs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    const props = {
      volume: undefined,
      path: undefined,
      consistency: undefined,
      triggers: undefined,
      delete: undefined,
      sizeBytes: undefined,
      sha256: undefined,
      takenAt: undefined,
      ...(opts?.id === undefined ? args : {}),
    };
    super("dockwright:index:VolumeBackup", name, props, opts);
  }
}
