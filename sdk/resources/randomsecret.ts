// Made by `npm run generate` from sdk/provider/resources. Do not edit.

import * as pulumi from "@pulumi/pulumi";
import { QuietResource } from "../quiet-resource.ts";

/** Arguments of RandomSecretResource. */
export interface RandomSecretResourceArgs {
  /** How many characters it has. Changing it replaces the resource. Default: 32. */
  readonly length?: pulumi.Input<number>;
  /**
   * What it is made of. One of alphanumeric, hex, printable. Changing it replaces the resource.
   * Default: alphanumeric.
   */
  readonly characters?: pulumi.Input<"alphanumeric" | "hex" | "printable">;
  /**
   * Any values; when one changes, a new secret is made. Changing it replaces the resource.
   * Default: none.
   */
  readonly keepers?: pulumi.Input<{ readonly [name: string]: pulumi.Input<string> }>;
}

/**
 * A password or token made from the system's random source. It is made once, kept in the state
 * as a secret, and made anew only when an input changes.
 */
export class RandomSecretResource extends QuietResource {
  /** How many characters it has. Changing it replaces the resource. Default: 32. */
  declare readonly length: pulumi.Output<number | undefined>;
  /**
   * What it is made of. One of alphanumeric, hex, printable. Changing it replaces the resource.
   * Default: alphanumeric.
   */
  declare readonly characters: pulumi.Output<"alphanumeric" | "hex" | "printable" | undefined>;
  /**
   * Any values; when one changes, a new secret is made. Changing it replaces the resource.
   * Default: none.
   */
  declare readonly keepers: pulumi.Output<{ readonly [name: string]: string } | undefined>;
  /** The secret. Changing it replaces the resource. */
  declare readonly value: pulumi.Output<string>;

  constructor(
    name: string,
    args: RandomSecretResourceArgs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    const props = {
      length: undefined,
      characters: undefined,
      keepers: undefined,
      value: undefined,
      ...(opts?.id === undefined ? args : {}),
    };
    super("dockwright:index:RandomSecret", name, props, pulumi.mergeOptions({ additionalSecretOutputs: ["value"] }, opts));
  }
}
