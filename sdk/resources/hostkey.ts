// Made by `npm run generate` from sdk/provider/resources. Do not edit.

import * as pulumi from "@pulumi/pulumi";
import { QuietResource } from "../quiet-resource.ts";
import type {
  SshJump,
  SshJumpArgs,
} from "./types.ts";

/** Arguments of HostKeyResource. */
export interface HostKeyResourceArgs {
  /**
   * The host's name or address. At another one the same key is expected. Changing it updates in
   * place.
   */
  readonly address: pulumi.Input<string>;
  /** The port of its sshd. Changing it updates in place. Default: 22. */
  readonly port?: pulumi.Input<number>;
  /**
   * The machines to go through, in the order of the way. Changing it updates in place. Default:
   * none.
   */
  readonly jumps?: pulumi.Input<readonly pulumi.Input<SshJumpArgs>[]>;
}

/**
 * A host's SSH key, learned on first contact and pinned from then on: a host that shows another
 * one is refused.
 */
export class HostKeyResource extends QuietResource {
  /**
   * The host's name or address. At another one the same key is expected. Changing it updates in
   * place.
   */
  declare readonly address: pulumi.Output<string>;
  /** The port of its sshd. Changing it updates in place. Default: 22. */
  declare readonly port: pulumi.Output<number | undefined>;
  /**
   * The machines to go through, in the order of the way. Changing it updates in place. Default:
   * none.
   */
  declare readonly jumps: pulumi.Output<readonly SshJump[] | undefined>;
  /**
   * The key as in known_hosts, without the name: `ssh-ed25519 AAAA...`. Changing it replaces
   * the resource.
   */
  declare readonly hostKey: pulumi.Output<string>;
  /** The key's fingerprint: `SHA256:...`. Changing it replaces the resource. */
  declare readonly fingerprint: pulumi.Output<string>;

  constructor(
    name: string,
    args: HostKeyResourceArgs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    const props = {
      address: undefined,
      port: undefined,
      jumps: undefined,
      hostKey: undefined,
      fingerprint: undefined,
      ...(opts?.id === undefined ? args : {}),
    };
    super("dockwright:index:HostKey", name, props, opts);
  }
}
