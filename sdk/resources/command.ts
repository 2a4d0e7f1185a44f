// Made by `npm run generate` from sdk/provider/resources. Do not edit.

import * as pulumi from "@pulumi/pulumi";
import { QuietResource } from "../quiet-resource.ts";

/** Arguments of CommandResource. */
export interface CommandResourceArgs {
  /**
   * A POSIX shell script, run as root. `set -e` is not set by itself. Changing it updates in
   * place.
   */
  readonly script: pulumi.Input<string>;
  /**
   * A path that is there once the work is done: the command is not run where it is. Changing it
   * updates in place. Default: none.
   */
  readonly creates?: pulumi.Input<string>;
  /**
   * A script that ends with 0 once the work is done. Changing it updates in place. Default:
   * none.
   */
  readonly unless?: pulumi.Input<string>;
  /**
   * A script that must end with 0 for the command to be run. Changing it updates in place.
   * Default: none.
   */
  readonly onlyIf?: pulumi.Input<string>;
  /**
   * Variables of the script, by name. Removed from the host when it has ended. Changing it
   * updates in place. Default: none.
   */
  readonly environment?: pulumi.Input<{ readonly [name: string]: pulumi.Input<string> }>;
  /**
   * Values that make it run again when they change. Changing it updates in place. Default:
   * none.
   */
  readonly triggers?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /**
   * How long it may run; then it is ended with all that it started. Changing it alone changes
   * nothing. Default: 1800000.
   */
  readonly timeoutMs?: pulumi.Input<number>;
  /**
   * A script that is run when the resource is deleted. Changing it updates in place. Default:
   * none.
   */
  readonly undo?: pulumi.Input<string>;
}

/**
 * A script that is run once on a host, and again when its script, environment or triggers
 * change. A run goes on when the connection is lost, and is found by the next update. A refresh
 * asks `creates` and `unless`: where the work is not there any more, the next update does it
 * again.
 */
export class CommandResource extends QuietResource {
  /**
   * A POSIX shell script, run as root. `set -e` is not set by itself. Changing it updates in
   * place.
   */
  declare readonly script: pulumi.Output<string>;
  /**
   * A path that is there once the work is done: the command is not run where it is. Changing it
   * updates in place. Default: none.
   */
  declare readonly creates: pulumi.Output<string | undefined>;
  /**
   * A script that ends with 0 once the work is done. Changing it updates in place. Default:
   * none.
   */
  declare readonly unless: pulumi.Output<string | undefined>;
  /**
   * A script that must end with 0 for the command to be run. Changing it updates in place.
   * Default: none.
   */
  declare readonly onlyIf: pulumi.Output<string | undefined>;
  /**
   * Variables of the script, by name. Removed from the host when it has ended. Changing it
   * updates in place. Default: none.
   */
  declare readonly environment: pulumi.Output<{ readonly [name: string]: string } | undefined>;
  /**
   * Values that make it run again when they change. Changing it updates in place. Default:
   * none.
   */
  declare readonly triggers: pulumi.Output<readonly string[] | undefined>;
  /**
   * How long it may run; then it is ended with all that it started. Changing it alone changes
   * nothing. Default: 1800000.
   */
  declare readonly timeoutMs: pulumi.Output<number | undefined>;
  /**
   * A script that is run when the resource is deleted. Changing it updates in place. Default:
   * none.
   */
  declare readonly undo: pulumi.Output<string | undefined>;
  /**
   * The last 64 KiB of its output, without values of the environment. Changing it replaces the
   * resource.
   */
  declare readonly stdout: pulumi.Output<string>;
  /** Why it was not run; empty when it was. Changing it replaces the resource. */
  declare readonly skipped: pulumi.Output<string>;

  constructor(
    name: string,
    args: CommandResourceArgs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    const props = {
      script: undefined,
      creates: undefined,
      unless: undefined,
      onlyIf: undefined,
      environment: undefined,
      triggers: undefined,
      timeoutMs: undefined,
      undo: undefined,
      stdout: undefined,
      skipped: undefined,
      ...(opts?.id === undefined ? args : {}),
    };
    super("dockwright:index:Command", name, props, pulumi.mergeOptions({ additionalSecretOutputs: ["environment"] }, opts));
  }
}
