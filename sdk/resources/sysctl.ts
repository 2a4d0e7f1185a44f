// Made by `npm run generate` from sdk/provider/resources. Do not edit.

import * as pulumi from "@pulumi/pulumi";
import { QuietResource } from "../quiet-resource.ts";

/** Arguments of SysctlResource. */
export interface SysctlResourceArgs {
  /**
   * The parameter, as sysctl writes it: `net.ipv4.ip_forward`. Changing it replaces the
   * resource.
   */
  readonly name: pulumi.Input<string>;
  /** Its value; several numbers apart by spaces. Changing it updates in place. */
  readonly value: pulumi.Input<string>;
}

/**
 * A kernel parameter of a host: set now, and by a file in /etc/sysctl.d at each start. Deleting
 * the resource puts the former value back.
 */
export class SysctlResource extends QuietResource {
  /**
   * The parameter, as sysctl writes it: `net.ipv4.ip_forward`. Changing it replaces the
   * resource.
   */
  declare readonly name: pulumi.Output<string>;
  /** Its value; several numbers apart by spaces. Changing it updates in place. */
  declare readonly value: pulumi.Output<string>;
  /** The value that the machine will start with. Changing it replaces the resource. */
  declare readonly kept: pulumi.Output<string>;

  constructor(
    name: string,
    args: SysctlResourceArgs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    const props = {
      name: undefined,
      value: undefined,
      kept: undefined,
      ...(opts?.id === undefined ? args : {}),
    };
    super("dockwright:index:Sysctl", name, props, opts);
  }
}
