// Made by `npm run generate` from sdk/provider/resources. Do not edit.

import * as pulumi from "@pulumi/pulumi";
import { QuietResource } from "../quiet-resource.ts";

/** Arguments of RebootResource. */
export interface RebootResourceArgs {
  /**
   * Values that make it reboot again when they change. Changing it updates in place. Default:
   * none.
   */
  readonly triggers?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /**
   * Whether it reboots only where the system asks for it (/run/reboot-required). Changing it
   * alone changes nothing. Default: false.
   */
  readonly onlyIfRequired?: pulumi.Input<boolean>;
  /** How long its return is waited for. Changing it alone changes nothing. Default: 600000. */
  readonly timeoutMs?: pulumi.Input<number>;
}

/**
 * Reboots a host once, and again when its triggers change; waits until it is back, by its boot
 * id. A machine that cannot reboot (a container, namespaces) is refused. Deleting the resource
 * does nothing to the host.
 */
export class RebootResource extends QuietResource {
  /**
   * Values that make it reboot again when they change. Changing it updates in place. Default:
   * none.
   */
  declare readonly triggers: pulumi.Output<readonly string[] | undefined>;
  /**
   * Whether it reboots only where the system asks for it (/run/reboot-required). Changing it
   * alone changes nothing. Default: false.
   */
  declare readonly onlyIfRequired: pulumi.Output<boolean | undefined>;
  /** How long its return is waited for. Changing it alone changes nothing. Default: 600000. */
  declare readonly timeoutMs: pulumi.Output<number | undefined>;
  /** The kernel's boot id afterwards. Changing it replaces the resource. */
  declare readonly bootId: pulumi.Output<string>;
  /** Whether a reboot was needed. Changing it replaces the resource. */
  declare readonly rebooted: pulumi.Output<boolean>;

  constructor(
    name: string,
    args: RebootResourceArgs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    const props = {
      triggers: undefined,
      onlyIfRequired: undefined,
      timeoutMs: undefined,
      bootId: undefined,
      rebooted: undefined,
      ...(opts?.id === undefined ? args : {}),
    };
    super("dockwright:index:Reboot", name, props, opts);
  }
}
