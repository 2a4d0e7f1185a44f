// Made by `npm run generate` from sdk/provider/resources. Do not edit.

import * as pulumi from "@pulumi/pulumi";
import { QuietResource } from "../quiet-resource.ts";

/** Arguments of SwarmConfigResource. */
export interface SwarmConfigResourceArgs {
  /**
   * The config's name in the swarm. Changing it replaces the resource. Default: the resource's
   * name and a hash of its content.
   */
  readonly name?: pulumi.Input<string>;
  /** Its content, at most 1000 KiB. Changing it replaces the resource. */
  readonly data: pulumi.Input<string>;
  /** Labels by name. Changing it replaces the resource. Default: none. */
  readonly labels?: pulumi.Input<{ readonly [name: string]: pulumi.Input<string> }>;
}

/**
 * A config of a swarm, versioned by its content: another content is another config beside the
 * former one, which goes when no service has it any more.
 */
export class SwarmConfigResource extends QuietResource {
  /**
   * The config's name in the swarm. Changing it replaces the resource. Default: the resource's
   * name and a hash of its content.
   */
  declare readonly name: pulumi.Output<string>;
  /** Its content, at most 1000 KiB. Changing it replaces the resource. */
  declare readonly data: pulumi.Output<string>;
  /** Labels by name. Changing it replaces the resource. Default: none. */
  declare readonly labels: pulumi.Output<{ readonly [name: string]: string } | undefined>;
  /** The config's id. Changing it replaces the resource. */
  declare readonly objectId: pulumi.Output<string>;
  /** The config's name in the swarm. Changing it replaces the resource. */
  declare readonly objectName: pulumi.Output<string>;

  constructor(
    name: string,
    args: SwarmConfigResourceArgs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    const props = {
      name: undefined,
      data: undefined,
      labels: undefined,
      objectId: undefined,
      objectName: undefined,
      ...(opts?.id === undefined ? args : {}),
    };
    super("dockwright:index:SwarmConfig", name, props, opts);
  }
}
