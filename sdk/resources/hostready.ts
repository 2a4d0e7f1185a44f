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

/** Arguments: Ssh. */
export interface SshArgs {
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
  /** The user's password for sudo, where the user is not root and sudo asks. Default: none. */
  readonly sudoPassword?: pulumi.Input<string>;
  /** The machines to go through, in the order of the way. Default: none. */
  readonly jumps?: pulumi.Input<readonly pulumi.Input<SshJumpArgs>[]>;
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

/** As it is: Ssh. */
export interface Ssh {
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
  /** The user's password for sudo, where the user is not root and sudo asks. Default: none. */
  readonly sudoPassword?: string;
  /** The machines to go through, in the order of the way. Default: none. */
  readonly jumps?: readonly SshJump[];
}

/** Arguments of HostReadyResource. */
export interface HostReadyResourceArgs {
  /** The host, and how to log in. Changing it updates in place. */
  readonly ssh: pulumi.Input<SshArgs>;
  /**
   * What a cloud-init that failed means: an error, or a warning. One of fail, continue.
   * Changing it alone changes nothing. Default: fail.
   */
  readonly onCloudInitError?: pulumi.Input<"fail" | "continue">;
}

/**
 * Waits until a host can be worked on: sshd answers, the user is let in and may become root,
 * cloud-init has ended. What follows goes through its outputs. `customTimeouts` bounds it; 15
 * minutes unless said otherwise.
 */
export class HostReadyResource extends QuietResource {
  /** The host, and how to log in. Changing it updates in place. */
  declare readonly ssh: pulumi.Output<Ssh>;
  /**
   * What a cloud-init that failed means: an error, or a warning. One of fail, continue.
   * Changing it alone changes nothing. Default: fail.
   */
  declare readonly onCloudInitError: pulumi.Output<"fail" | "continue" | undefined>;
  /**
   * The key that the host has shown, which is the pinned one. Changing it replaces the
   * resource.
   */
  declare readonly hostKey: pulumi.Output<string>;
  /** The key's fingerprint: `SHA256:...`. Changing it replaces the resource. */
  declare readonly fingerprint: pulumi.Output<string>;
  /**
   * How cloud-init ended; degraded: with errors that it recovered from. One of absent, done,
   * degraded, failed. Changing it replaces the resource.
   */
  declare readonly cloudInit: pulumi.Output<"absent" | "done" | "degraded" | "failed">;

  constructor(
    name: string,
    args: HostReadyResourceArgs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    const props = {
      ssh: undefined,
      onCloudInitError: undefined,
      hostKey: undefined,
      fingerprint: undefined,
      cloudInit: undefined,
      ...(opts?.id === undefined ? args : {}),
    };
    super("dockwright:index:HostReady", name, props, opts);
  }
}
