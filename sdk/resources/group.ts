// Made by `npm run generate` from sdk/provider/resources. Do not edit.

import * as pulumi from "@pulumi/pulumi";
import { QuietResource } from "../quiet-resource.ts";

/** Arguments of GroupResource. */
export interface GroupResourceArgs {
  /** The group's name. Changing it replaces the resource. */
  readonly name: pulumi.Input<string>;
  /** Its number. Changing it updates in place. Default: a free one. */
  readonly gid?: pulumi.Input<number>;
  /**
   * Whether its number is one of the system's. Changing it alone changes nothing. Default:
   * false.
   */
  readonly system?: pulumi.Input<boolean>;
}

/** A group of a host's users. Deleting the resource removes a group that was made here. */
export class GroupResource extends QuietResource {
  /** The group's name. Changing it replaces the resource. */
  declare readonly name: pulumi.Output<string>;
  /** Its number. Changing it updates in place. Default: a free one. */
  declare readonly gid: pulumi.Output<number | undefined>;
  /**
   * Whether its number is one of the system's. Changing it alone changes nothing. Default:
   * false.
   */
  declare readonly system: pulumi.Output<boolean | undefined>;
  /** The group's number. Changing it replaces the resource. */
  declare readonly usedGid: pulumi.Output<number>;

  constructor(
    name: string,
    args: GroupResourceArgs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    const props = {
      name: undefined,
      gid: undefined,
      system: undefined,
      usedGid: undefined,
      ...(opts?.id === undefined ? args : {}),
    };
    super("dockwright:index:Group", name, props, opts);
  }
}
