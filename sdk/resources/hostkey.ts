// Made by `npm run generate` from sdk/provider/resources. Do not edit.

import * as pulumi from "@pulumi/pulumi";
import { QuietResource } from "../quiet-resource.ts";

/** Arguments: SshJump. */
export interface SshJumpArgs {
  /** The host's name or address. */
  readonly host: pulumi.Input<string>;
  /** The port of its sshd. Default: 22. */
  readonly port?: pulumi.Input<number>;
  /** The user to log in as. */
  readonly user: pulumi.Input<string>;
  /**
   * The user's private key: the text of an OpenSSH or PEM file. Default: none: then agentSocket
   * is needed.
   */
  readonly privateKey?: pulumi.Input<string>;
  /** The passphrase of the private key. Default: none. */
  readonly passphrase?: pulumi.Input<string>;
  /**
   * The socket of an SSH agent that has the key, or `SSH_AUTH_SOCK` for the one that this
   * variable names when the update runs. Default: none: keys of an agent are used only when
   * asked for.
   */
  readonly agentSocket?: pulumi.Input<string>;
  /** The host's public key as in known_hosts: `ssh-ed25519 AAAA...`. Another key is refused. */
  readonly hostKey: pulumi.Input<string>;
}

/** As it is: SshJump. */
export interface SshJump {
  /** The host's name or address. */
  readonly host: string;
  /** The port of its sshd. Default: 22. */
  readonly port?: number;
  /** The user to log in as. */
  readonly user: string;
  /**
   * The user's private key: the text of an OpenSSH or PEM file. Default: none: then agentSocket
   * is needed.
   */
  readonly privateKey?: string;
  /** The passphrase of the private key. Default: none. */
  readonly passphrase?: string;
  /**
   * The socket of an SSH agent that has the key, or `SSH_AUTH_SOCK` for the one that this
   * variable names when the update runs. Default: none: keys of an agent are used only when
   * asked for.
   */
  readonly agentSocket?: string;
  /** The host's public key as in known_hosts: `ssh-ed25519 AAAA...`. Another key is refused. */
  readonly hostKey: string;
}

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
