// Made by `npm run generate` from sdk/provider/resources. Do not edit.

import * as pulumi from "@pulumi/pulumi";
import { QuietResource } from "../quiet-resource.ts";

/** Arguments of DirectoryResource. */
export interface DirectoryResourceArgs {
  /**
   * The absolute path. Folders above it are made where they are missing. Changing it replaces
   * the resource.
   */
  readonly path: pulumi.Input<string>;
  /** As in chmod, in octal digits. Changing it updates in place. Default: 0755. */
  readonly mode?: pulumi.Input<string>;
  /** A user's name or number. Changing it updates in place. Default: root. */
  readonly owner?: pulumi.Input<string>;
  /** A group's name or number. Changing it updates in place. Default: root. */
  readonly group?: pulumi.Input<string>;
}

/**
 * A folder on a host: its mode and owners. Deleting the resource removes a folder that was made
 * here, where it is empty by then; one that was there before gets its former mode and owners.
 */
export class DirectoryResource extends QuietResource {
  /**
   * The absolute path. Folders above it are made where they are missing. Changing it replaces
   * the resource.
   */
  declare readonly path: pulumi.Output<string>;
  /** As in chmod, in octal digits. Changing it updates in place. Default: 0755. */
  declare readonly mode: pulumi.Output<string | undefined>;
  /** A user's name or number. Changing it updates in place. Default: root. */
  declare readonly owner: pulumi.Output<string | undefined>;
  /** A group's name or number. Changing it updates in place. Default: root. */
  declare readonly group: pulumi.Output<string | undefined>;

  constructor(
    name: string,
    args: DirectoryResourceArgs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    const props = {
      path: undefined,
      mode: undefined,
      owner: undefined,
      group: undefined,
      ...(opts?.id === undefined ? args : {}),
    };
    super("dockwright:index:Directory", name, props, opts);
  }
}
