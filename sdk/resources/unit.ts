// Made by `npm run generate` from sdk/provider/resources. Do not edit.

import * as pulumi from "@pulumi/pulumi";
import { QuietResource } from "../quiet-resource.ts";

/** Arguments of UnitResource. */
export interface UnitResourceArgs {
  /** The unit's name; without a kind it is a service. Changing it replaces the resource. */
  readonly name: pulumi.Input<string>;
  /**
   * A whole systemd unit. For hosts without systemd give `command`. Changing it updates in
   * place. Default: made from command; without that, a unit that is there already.
   */
  readonly content?: pulumi.Input<string>;
  /**
   * A shell command line that stays in the foreground. It is started again when it ends.
   * Changing it updates in place. Default: none.
   */
  readonly command?: pulumi.Input<string>;
  /** The user that `command` runs as. Changing it updates in place. Default: root. */
  readonly user?: pulumi.Input<string>;
  /**
   * The environment of `command`, by name. In a file that only root can read. Changing it
   * updates in place. Default: none.
   */
  readonly environment?: pulumi.Input<{ readonly [name: string]: pulumi.Input<string> }>;
  /** Whether it starts with the machine. Changing it updates in place. Default: true. */
  readonly enabled?: pulumi.Input<boolean>;
  /** Whether it runs. Changing it updates in place. Default: true. */
  readonly running?: pulumi.Input<boolean>;
  /**
   * What a running one is told when its files or triggers change. One of restart, reload.
   * Changing it alone changes nothing. Default: restart.
   */
  readonly onChange?: pulumi.Input<"restart" | "reload">;
  /**
   * Values that restart or reload it when they change, such as a file's fingerprint. Changing
   * it updates in place. Default: none.
   */
  readonly triggers?: pulumi.Input<readonly pulumi.Input<string>[]>;
}

/**
 * A supervised process of a host: a systemd unit, or a runit service where there is no systemd.
 * It is started, enabled, and restarted or reloaded when its files or triggers change; a
 * process that does not stay up is an error with its last lines. Deleting the resource removes
 * a unit that was made here, and puts back one that was there before.
 */
export class UnitResource extends QuietResource {
  /** The unit's name; without a kind it is a service. Changing it replaces the resource. */
  declare readonly name: pulumi.Output<string>;
  /**
   * A whole systemd unit. For hosts without systemd give `command`. Changing it updates in
   * place. Default: made from command; without that, a unit that is there already.
   */
  declare readonly content: pulumi.Output<string | undefined>;
  /**
   * A shell command line that stays in the foreground. It is started again when it ends.
   * Changing it updates in place. Default: none.
   */
  declare readonly command: pulumi.Output<string | undefined>;
  /** The user that `command` runs as. Changing it updates in place. Default: root. */
  declare readonly user: pulumi.Output<string | undefined>;
  /**
   * The environment of `command`, by name. In a file that only root can read. Changing it
   * updates in place. Default: none.
   */
  declare readonly environment: pulumi.Output<{ readonly [name: string]: string } | undefined>;
  /** Whether it starts with the machine. Changing it updates in place. Default: true. */
  declare readonly enabled: pulumi.Output<boolean | undefined>;
  /** Whether it runs. Changing it updates in place. Default: true. */
  declare readonly running: pulumi.Output<boolean | undefined>;
  /**
   * What a running one is told when its files or triggers change. One of restart, reload.
   * Changing it alone changes nothing. Default: restart.
   */
  declare readonly onChange: pulumi.Output<"restart" | "reload" | undefined>;
  /**
   * Values that restart or reload it when they change, such as a file's fingerprint. Changing
   * it updates in place. Default: none.
   */
  declare readonly triggers: pulumi.Output<readonly string[] | undefined>;

  constructor(
    name: string,
    args: UnitResourceArgs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    const props = {
      name: undefined,
      content: undefined,
      command: undefined,
      user: undefined,
      environment: undefined,
      enabled: undefined,
      running: undefined,
      onChange: undefined,
      triggers: undefined,
      ...(opts?.id === undefined ? args : {}),
    };
    super("dockwright:index:Unit", name, props, pulumi.mergeOptions({ additionalSecretOutputs: ["environment"] }, opts));
  }
}
