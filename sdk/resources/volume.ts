// Made by `npm run generate` from sdk/provider/resources. Do not edit.

import * as pulumi from "@pulumi/pulumi";
import { QuietResource } from "../quiet-resource.ts";

/** Arguments of VolumeResource. */
export interface VolumeResourceArgs {
  /**
   * The volume's name on the daemon. Changing it replaces the resource. Default: the resource's
   * name and a hash of its URN.
   */
  readonly name?: pulumi.Input<string>;
  /** The volume driver. Changing it replaces the resource. Default: local. */
  readonly driver?: pulumi.Input<string>;
  /** Options of the driver, by name. Changing it replaces the resource. Default: none. */
  readonly driverOptions?: pulumi.Input<{ readonly [name: string]: pulumi.Input<string> }>;
  /** Labels by name. Changing it replaces the resource. Default: none. */
  readonly labels?: pulumi.Input<{ readonly [name: string]: pulumi.Input<string> }>;
  /**
   * A file that a VolumeBackup wrote, relative to the program: a volume that is made is filled
   * from it. One that is there already is left as it is. Changing it alone changes nothing.
   * Default: none: a new volume is empty.
   */
  readonly restoreFrom?: pulumi.Input<string>;
  /**
   * Whether deleting the resource deletes the data. Changing it updates in place. Default:
   * false.
   */
  readonly delete?: pulumi.Input<boolean>;
}

/**
 * A volume of the daemon. It is kept when the resource is deleted: destroy succeeds and says
 * its name, and the next update of the same stack takes it back with its data. `delete: true`
 * removes it.
 */
export class VolumeResource extends QuietResource {
  /**
   * The volume's name on the daemon. Changing it replaces the resource. Default: the resource's
   * name and a hash of its URN.
   */
  declare readonly name: pulumi.Output<string>;
  /** The volume driver. Changing it replaces the resource. Default: local. */
  declare readonly driver: pulumi.Output<string | undefined>;
  /** Options of the driver, by name. Changing it replaces the resource. Default: none. */
  declare readonly driverOptions: pulumi.Output<{ readonly [name: string]: string } | undefined>;
  /** Labels by name. Changing it replaces the resource. Default: none. */
  declare readonly labels: pulumi.Output<{ readonly [name: string]: string } | undefined>;
  /**
   * A file that a VolumeBackup wrote, relative to the program: a volume that is made is filled
   * from it. One that is there already is left as it is. Changing it alone changes nothing.
   * Default: none: a new volume is empty.
   */
  declare readonly restoreFrom: pulumi.Output<string | undefined>;
  /**
   * Whether deleting the resource deletes the data. Changing it updates in place. Default:
   * false.
   */
  declare readonly delete: pulumi.Output<boolean | undefined>;
  /** The volume's name on the daemon. Changing it replaces the resource. */
  declare readonly volumeName: pulumi.Output<string>;
  /** Where its data lies on the daemon's host. Changing it replaces the resource. */
  declare readonly mountpoint: pulumi.Output<string>;

  constructor(
    name: string,
    args: VolumeResourceArgs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    const props = {
      name: undefined,
      driver: undefined,
      driverOptions: undefined,
      labels: undefined,
      restoreFrom: undefined,
      delete: undefined,
      volumeName: undefined,
      mountpoint: undefined,
      ...(opts?.id === undefined ? args : {}),
    };
    super("dockwright:index:Volume", name, props, opts);
  }
}
