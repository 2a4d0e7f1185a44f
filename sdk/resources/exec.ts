// Made by `npm run generate` from sdk/provider/resources. Do not edit.

import * as pulumi from "@pulumi/pulumi";
import { QuietResource } from "../quiet-resource.ts";

/** Arguments of ExecResource. */
export interface ExecResourceArgs {
  /**
   * The container, by its id: another container is another run. It must run. Changing it
   * updates in place.
   */
  readonly container: pulumi.Input<string>;
  /**
   * The program and its arguments; there is no shell unless it is one. Never put a secret here:
   * arguments are public on the host. Give it as `env` or `stdin`. Changing it updates in
   * place.
   */
  readonly command: pulumi.Input<readonly pulumi.Input<string>[]>;
  /**
   * Environment variables by name, added to the container's. Only the command, and its guards,
   * have them. Changing it updates in place. Default: none.
   */
  readonly env?: pulumi.Input<{ readonly [name: string]: pulumi.Input<string> }>;
  /**
   * The user, and group, that it runs as: `NAME`, `UID`, `UID:GID`. Changing it updates in
   * place. Default: the container's.
   */
  readonly user?: pulumi.Input<string>;
  /**
   * The working directory, as an absolute path. Changing it updates in place. Default: the
   * container's.
   */
  readonly workingDir?: pulumi.Input<string>;
  /** Runs it with all capabilities. Changing it updates in place. Default: false. */
  readonly privileged?: pulumi.Input<boolean>;
  /**
   * What it finds on its standard input, which then ends. Changing it updates in place.
   * Default: nothing.
   */
  readonly stdin?: pulumi.Input<string>;
  /**
   * A path in the container that is there once the work is done: the command is not run where
   * it is. What lies in a tmpfs of the container is not seen. Changing it updates in place.
   * Default: none.
   */
  readonly creates?: pulumi.Input<string>;
  /**
   * A command that ends with 0 once the work is done. It runs in the container in the same way.
   * Changing it updates in place. Default: none.
   */
  readonly unless?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /**
   * A command that must end with 0 for the command to be run. Changing it updates in place.
   * Default: none.
   */
  readonly onlyIf?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /**
   * Values that make it run again when they change. Changing it updates in place. Default:
   * none.
   */
  readonly triggers?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /**
   * How long it may run, in milliseconds; then the update fails. Docker cannot end a command in
   * a container: it may go on. Changing it alone changes nothing. Default: 1800000.
   */
  readonly timeoutMs?: pulumi.Input<number>;
}

/**
 * A command that is run in a running container (docker exec), and again when the container is
 * replaced, when the command changes, or a trigger. An exit code other than 0 fails the update,
 * and the next one runs it again. Docker keeps no record of such a run: one that was cut off
 * may be done twice, so give `creates` or `unless`, or take a task where it must be once. A
 * refresh asks `creates` and `unless`: where the work is not there any more, the next update
 * does it again. Deleting it does nothing.
 */
export class ExecResource extends QuietResource {
  /**
   * The container, by its id: another container is another run. It must run. Changing it
   * updates in place.
   */
  declare readonly container: pulumi.Output<string>;
  /**
   * The program and its arguments; there is no shell unless it is one. Never put a secret here:
   * arguments are public on the host. Give it as `env` or `stdin`. Changing it updates in
   * place.
   */
  declare readonly command: pulumi.Output<readonly string[]>;
  /**
   * Environment variables by name, added to the container's. Only the command, and its guards,
   * have them. Changing it updates in place. Default: none.
   */
  declare readonly env: pulumi.Output<{ readonly [name: string]: string } | undefined>;
  /**
   * The user, and group, that it runs as: `NAME`, `UID`, `UID:GID`. Changing it updates in
   * place. Default: the container's.
   */
  declare readonly user: pulumi.Output<string | undefined>;
  /**
   * The working directory, as an absolute path. Changing it updates in place. Default: the
   * container's.
   */
  declare readonly workingDir: pulumi.Output<string | undefined>;
  /** Runs it with all capabilities. Changing it updates in place. Default: false. */
  declare readonly privileged: pulumi.Output<boolean | undefined>;
  /**
   * What it finds on its standard input, which then ends. Changing it updates in place.
   * Default: nothing.
   */
  declare readonly stdin: pulumi.Output<string | undefined>;
  /**
   * A path in the container that is there once the work is done: the command is not run where
   * it is. What lies in a tmpfs of the container is not seen. Changing it updates in place.
   * Default: none.
   */
  declare readonly creates: pulumi.Output<string | undefined>;
  /**
   * A command that ends with 0 once the work is done. It runs in the container in the same way.
   * Changing it updates in place. Default: none.
   */
  declare readonly unless: pulumi.Output<readonly string[] | undefined>;
  /**
   * A command that must end with 0 for the command to be run. Changing it updates in place.
   * Default: none.
   */
  declare readonly onlyIf: pulumi.Output<readonly string[] | undefined>;
  /**
   * Values that make it run again when they change. Changing it updates in place. Default:
   * none.
   */
  declare readonly triggers: pulumi.Output<readonly string[] | undefined>;
  /**
   * How long it may run, in milliseconds; then the update fails. Docker cannot end a command in
   * a container: it may go on. Changing it alone changes nothing. Default: 1800000.
   */
  declare readonly timeoutMs: pulumi.Output<number | undefined>;
  /** Its exit code: 0, since another fails the update. Changing it replaces the resource. */
  declare readonly exitCode: pulumi.Output<number>;
  /**
   * The last 64 KiB of its standard output, without secrets. Changing it replaces the resource.
   */
  declare readonly stdout: pulumi.Output<string>;
  /**
   * The last 64 KiB of its standard error, without secrets. Changing it replaces the resource.
   */
  declare readonly stderr: pulumi.Output<string>;
  /** Why it was not run; empty when it was. Changing it replaces the resource. */
  declare readonly skipped: pulumi.Output<string>;

  constructor(
    name: string,
    args: ExecResourceArgs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    const props = {
      container: undefined,
      command: undefined,
      env: undefined,
      user: undefined,
      workingDir: undefined,
      privileged: undefined,
      stdin: undefined,
      creates: undefined,
      unless: undefined,
      onlyIf: undefined,
      triggers: undefined,
      timeoutMs: undefined,
      exitCode: undefined,
      stdout: undefined,
      stderr: undefined,
      skipped: undefined,
      ...(opts?.id === undefined ? args : {}),
    };
    super("dockwright:index:Exec", name, props, pulumi.mergeOptions({ additionalSecretOutputs: ["env", "stdin"] }, opts));
  }
}
