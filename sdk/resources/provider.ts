// Made by `npm run generate` from sdk/provider/resources. Do not edit.

import * as pulumi from "@pulumi/pulumi";
import { withSecrets } from "../secret-args.ts";

/** Arguments: SshJump. */
export interface SshJumpArgs {
  /** The host's name or address. Changing it updates in place. */
  readonly host: pulumi.Input<string>;
  /** The port of its sshd. Changing it updates in place. Default: 22. */
  readonly port?: pulumi.Input<number>;
  /** The user to log in as. Changing it updates in place. */
  readonly user: pulumi.Input<string>;
  /**
   * The user's private key: the text of an OpenSSH or PEM file. Changing it updates in place.
   * Default: none: then agentSocket is needed.
   */
  readonly privateKey?: pulumi.Input<string>;
  /** The passphrase of the private key. Changing it updates in place. Default: none. */
  readonly passphrase?: pulumi.Input<string>;
  /**
   * The socket of an SSH agent that has the key, or `SSH_AUTH_SOCK` for the one that this
   * variable names when the update runs. Changing it updates in place. Default: none: keys of
   * an agent are used only when asked for.
   */
  readonly agentSocket?: pulumi.Input<string>;
  /**
   * The host's public key as in known_hosts: `ssh-ed25519 AAAA...`. Another key is refused.
   * Changing it updates in place.
   */
  readonly hostKey: pulumi.Input<string>;
}

/** Arguments: Ssh. */
export interface SshArgs {
  /** The host's name or address. Changing it updates in place. */
  readonly host: pulumi.Input<string>;
  /** The port of its sshd. Changing it updates in place. Default: 22. */
  readonly port?: pulumi.Input<number>;
  /** The user to log in as. Changing it updates in place. */
  readonly user: pulumi.Input<string>;
  /**
   * The user's private key: the text of an OpenSSH or PEM file. Changing it updates in place.
   * Default: none: then agentSocket is needed.
   */
  readonly privateKey?: pulumi.Input<string>;
  /** The passphrase of the private key. Changing it updates in place. Default: none. */
  readonly passphrase?: pulumi.Input<string>;
  /**
   * The socket of an SSH agent that has the key, or `SSH_AUTH_SOCK` for the one that this
   * variable names when the update runs. Changing it updates in place. Default: none: keys of
   * an agent are used only when asked for.
   */
  readonly agentSocket?: pulumi.Input<string>;
  /**
   * The host's public key as in known_hosts: `ssh-ed25519 AAAA...`. Another key is refused.
   * Changing it updates in place.
   */
  readonly hostKey: pulumi.Input<string>;
  /**
   * The user's password for sudo, where the user is not root and sudo asks. Changing it updates
   * in place. Default: none.
   */
  readonly sudoPassword?: pulumi.Input<string>;
  /**
   * The machines to go through, in the order of the way. Changing it updates in place. Default:
   * none.
   */
  readonly jumps?: readonly SshJumpArgs[];
}

/** Arguments: DaemonConnection. */
export interface DaemonConnectionArgs {
  /**
   * The daemon's address, as in DOCKER_HOST: `unix:///PATH` (on the machine of `ssh`, where
   * that is given), or `tcp://HOST:PORT` with mutual TLS. Changing it updates in place.
   * Default: with ssh unix:///var/run/docker.sock, else DOCKER_HOST of the environment, else
   * that.
   */
  readonly host?: pulumi.Input<string>;
  /**
   * The certificate of the authority that signed the daemon's certificate, as PEM. Required for
   * tcp. Changing it updates in place. Default: none.
   */
  readonly ca?: pulumi.Input<string>;
  /**
   * The client's certificate, as PEM. Required for tcp. Changing it updates in place. Default:
   * none.
   */
  readonly cert?: pulumi.Input<string>;
  /**
   * The client's private key, as PEM. Required for tcp. Changing it updates in place. Default:
   * none.
   */
  readonly key?: pulumi.Input<string>;
  /**
   * The name of a context of the Docker CLI, of the user who runs the update: its address and
   * TLS files are used. Changing it updates in place. Default: none.
   */
  readonly dockerContext?: pulumi.Input<string>;
  /**
   * The machine, reached over SSH. Host resources work on it; so does Docker, over its socket,
   * unless `host` says tcp. Changing it updates in place. Default: the machine that the plugin
   * runs on.
   */
  readonly ssh?: SshArgs;
}

/** Arguments of ProviderResource. */
export interface ProviderResourceArgs {
  /**
   * The daemon's address, as in DOCKER_HOST: `unix:///PATH` (on the machine of `ssh`, where
   * that is given), or `tcp://HOST:PORT` with mutual TLS. Changing it updates in place.
   * Default: with ssh unix:///var/run/docker.sock, else DOCKER_HOST of the environment, else
   * that.
   */
  readonly host?: pulumi.Input<string>;
  /**
   * The certificate of the authority that signed the daemon's certificate, as PEM. Required for
   * tcp. Changing it updates in place. Default: none.
   */
  readonly ca?: pulumi.Input<string>;
  /**
   * The client's certificate, as PEM. Required for tcp. Changing it updates in place. Default:
   * none.
   */
  readonly cert?: pulumi.Input<string>;
  /**
   * The client's private key, as PEM. Required for tcp. Changing it updates in place. Default:
   * none.
   */
  readonly key?: pulumi.Input<string>;
  /**
   * The name of a context of the Docker CLI, of the user who runs the update: its address and
   * TLS files are used. Changing it updates in place. Default: none.
   */
  readonly dockerContext?: pulumi.Input<string>;
  /**
   * The machine, reached over SSH. Host resources work on it; so does Docker, over its socket,
   * unless `host` says tcp. Changing it updates in place. Default: the machine that the plugin
   * runs on.
   */
  readonly ssh?: SshArgs;
  /**
   * The managers of a swarm, by name: the daemon is whichever of them answers and can manage.
   * In place of a connection to one daemon. Changing it updates in place. Default: none.
   */
  readonly managers?: pulumi.Input<{ readonly [name: string]: DaemonConnectionArgs }>;
  /**
   * The id of the swarm that the managers have to be of. Required with managers. Changing it
   * updates in place. Default: none.
   */
  readonly swarmId?: pulumi.Input<string>;
  /**
   * Whether the machine is lost. Nothing contacts it then: what is recorded stays as it is,
   * what goes is forgotten, and nothing is made there. Changing it updates in place. Default:
   * false.
   */
  readonly lost?: pulumi.Input<boolean>;
}

const secretPlaces = [
  "key",
  "ssh.privateKey",
  "ssh.passphrase",
  "ssh.sudoPassword",
  "ssh.jumps.*.privateKey",
  "ssh.jumps.*.passphrase",
];

/** A machine and its Docker daemon, and the credentials for them, which stand in the state once. */
export class ProviderResource extends pulumi.ProviderResource {
  /** The configuration, for what works on several machines at once. */
  readonly connection: ProviderResourceArgs;

  constructor(name: string, args: ProviderResourceArgs, opts?: pulumi.ResourceOptions) {
    super("dockwright", name, withSecrets(args, secretPlaces), opts);
    this.connection = args;
  }
}
