// Made by `npm run generate` from sdk/provider/resources. Do not edit.

import * as pulumi from "@pulumi/pulumi";
import { QuietResource } from "../quiet-resource.ts";

/** Arguments of FileResource. */
export interface FileResourceArgs {
  /** The absolute path. Changing it replaces the resource. */
  readonly path: pulumi.Input<string>;
  /**
   * The text. With `values`, `{{name}}` in it stands for the value of that name. Changing it
   * updates in place. Default: contentBase64, else nothing.
   */
  readonly content?: pulumi.Input<string>;
  /**
   * The bytes as base64, in place of `content`. Changing it updates in place. Default: content.
   */
  readonly contentBase64?: pulumi.Input<string>;
  /**
   * Values for the places in `content`, by name. A place without a value is an error. Changing
   * it updates in place. Default: none, and `{{` is text like any other.
   */
  readonly values?: pulumi.Input<{ readonly [name: string]: pulumi.Input<string> }>;
  /** As in chmod, in octal digits. Changing it updates in place. Default: 0644. */
  readonly mode?: pulumi.Input<string>;
  /** A user's name or number. Changing it updates in place. Default: root. */
  readonly owner?: pulumi.Input<string>;
  /** A group's name or number. Changing it updates in place. Default: root. */
  readonly group?: pulumi.Input<string>;
}

/**
 * A file on a host: its bytes, mode and owners. It is replaced atomically; what was at its path
 * before comes back when the resource is deleted, and a file that was not there is removed.
 */
export class FileResource extends QuietResource {
  /** The absolute path. Changing it replaces the resource. */
  declare readonly path: pulumi.Output<string>;
  /**
   * The text. With `values`, `{{name}}` in it stands for the value of that name. Changing it
   * updates in place. Default: contentBase64, else nothing.
   */
  declare readonly content: pulumi.Output<string | undefined>;
  /**
   * The bytes as base64, in place of `content`. Changing it updates in place. Default: content.
   */
  declare readonly contentBase64: pulumi.Output<string | undefined>;
  /**
   * Values for the places in `content`, by name. A place without a value is an error. Changing
   * it updates in place. Default: none, and `{{` is text like any other.
   */
  declare readonly values: pulumi.Output<{ readonly [name: string]: string } | undefined>;
  /** As in chmod, in octal digits. Changing it updates in place. Default: 0644. */
  declare readonly mode: pulumi.Output<string | undefined>;
  /** A user's name or number. Changing it updates in place. Default: root. */
  declare readonly owner: pulumi.Output<string | undefined>;
  /** A group's name or number. Changing it updates in place. Default: root. */
  declare readonly group: pulumi.Output<string | undefined>;
  /**
   * Changes with the content: a trigger for what must take it up. Changing it replaces the
   * resource.
   */
  declare readonly fingerprint: pulumi.Output<string>;

  constructor(
    name: string,
    args: FileResourceArgs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    const props = {
      path: undefined,
      content: undefined,
      contentBase64: undefined,
      values: undefined,
      mode: undefined,
      owner: undefined,
      group: undefined,
      fingerprint: undefined,
      ...(opts?.id === undefined ? args : {}),
    };
    super("dockwright:index:File", name, props, opts);
  }
}
