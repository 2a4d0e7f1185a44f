// Made by `npm run generate` from sdk/provider/resources. Do not edit.

import * as pulumi from "@pulumi/pulumi";
import { QuietResource } from "../quiet-resource.ts";

/** Arguments of PackageResource. */
export interface PackageResourceArgs {
  /** The package's name. Changing it replaces the resource. */
  readonly name: pulumi.Input<string>;
  /**
   * Exactly this version, as `apt-cache madison` writes it. An older one is installed too.
   * Changing it updates in place. Default: the newest when it is installed, and any from then
   * on.
   */
  readonly version?: pulumi.Input<string>;
  /**
   * Whether upgrades of the system leave it at its version. Changing it updates in place.
   * Default: left as it is.
   */
  readonly hold?: pulumi.Input<boolean>;
  /**
   * Whether what it recommends is installed with it. Changing it alone changes nothing.
   * Default: false.
   */
  readonly recommends?: pulumi.Input<boolean>;
}

/**
 * A package of a host of the Debian family, installed by apt. Deleting the resource removes a
 * package that was installed here, with what came along and nothing needs any more; one that
 * something else needs by then is kept, and said to be.
 */
export class PackageResource extends QuietResource {
  /** The package's name. Changing it replaces the resource. */
  declare readonly name: pulumi.Output<string>;
  /**
   * Exactly this version, as `apt-cache madison` writes it. An older one is installed too.
   * Changing it updates in place. Default: the newest when it is installed, and any from then
   * on.
   */
  declare readonly version: pulumi.Output<string | undefined>;
  /**
   * Whether upgrades of the system leave it at its version. Changing it updates in place.
   * Default: left as it is.
   */
  declare readonly hold: pulumi.Output<boolean | undefined>;
  /**
   * Whether what it recommends is installed with it. Changing it alone changes nothing.
   * Default: false.
   */
  declare readonly recommends: pulumi.Output<boolean | undefined>;
  /** The version that is installed. Changing it replaces the resource. */
  declare readonly installedVersion: pulumi.Output<string>;

  constructor(
    name: string,
    args: PackageResourceArgs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    const props = {
      name: undefined,
      version: undefined,
      hold: undefined,
      recommends: undefined,
      installedVersion: undefined,
      ...(opts?.id === undefined ? args : {}),
    };
    super("dockwright:index:Package", name, props, opts);
  }
}
