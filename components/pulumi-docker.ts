/**
 * `dockwright/pulumi-docker`: a provider of @pulumi/docker for one of our daemons, for what is declared
 * with that package. It reaches the daemon its own way: over SSH it runs the machine's `ssh`, once a
 * connection, and needs the key as a file and the docker CLI on the host.
 *
 * @module dockwright/pulumi-docker
 */

import { Provider, type ProviderArgs } from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

/** A daemon as @pulumi/docker must know it: `LocalDaemon`, `Daemon` and `TlsDaemon` are such. */
export interface ReachableDaemon {
  /** `unix:///PATH`, `tcp://HOST:PORT` or `ssh://USER@HOST:PORT`. */
  readonly dockerHost: pulumi.Input<string>;
  /**
   * What the daemon's certificate is held against, as PEM. With tcp.
   * @defaultValue none
   */
  readonly ca?: pulumi.Input<string>;
  /**
   * The client's certificate, as PEM. With tcp.
   * @defaultValue none
   */
  readonly cert?: pulumi.Input<string>;
  /**
   * The client's private key, as PEM. With tcp.
   * @defaultValue none
   */
  readonly key?: pulumi.Input<string>;
}

/** What `ssh` is to use, where the daemon is reached by it. */
export interface SshFileArgs {
  /**
   * The file with the private key. The key itself would stand in the command line.
   * @defaultValue what `ssh` uses by itself: its agent, its configuration
   */
  readonly identityFile?: pulumi.Input<string>;
  /**
   * The host's public key, `ssh-ed25519 AAAA...`: a Host's `hostKey`. Another one is refused. Needs
   * OpenSSH 8.5.
   * @defaultValue the user's own known_hosts decides
   */
  readonly hostKey?: pulumi.Input<string>;
  /**
   * Further arguments of `ssh`.
   * @defaultValue none
   */
  readonly options?: readonly pulumi.Input<string>[];
}

/** What of the provider is not the daemon's. */
export interface DockerProviderArgs {
  /**
   * The provider's name in the stack.
   * @defaultValue docker
   */
  readonly name?: string;
  /**
   * How `ssh` is run, for a daemon at `ssh://`.
   * @defaultValue as the user's configuration has it
   */
  readonly ssh?: SshFileArgs;
  /**
   * Credentials for registries.
   * @defaultValue none: @pulumi/docker then pulls without
   */
  readonly registryAuth?: ProviderArgs["registryAuth"];
}

function sshOptions({ identityFile, hostKey, options = [] }: SshFileArgs): pulumi.Input<string>[] {
  const identity: readonly pulumi.Input<string>[] =
    identityFile === undefined ? [] : ["-i", identityFile, "-o", "IdentitiesOnly=yes"];
  const pinned: readonly pulumi.Input<string>[] =
    hostKey === undefined
      ? []
      : [
          ...["-o", "StrictHostKeyChecking=yes", "-o", "UserKnownHostsFile=/dev/null", "-o"],
          // %H is the name that `ssh` looks for, with its port where that is not 22.
          pulumi.interpolate`KnownHostsCommand=/bin/echo %H ${pulumi
            .output(hostKey)
            .apply((key) => key.split(" ").slice(0, 2).join(" "))}`,
        ];
  return ["-o", "BatchMode=yes", ...identity, ...pinned, ...options];
}

/** The arguments of @pulumi/docker's Provider for a daemon. */
export function dockerProviderArgs(
  daemon: ReachableDaemon,
  { ssh, registryAuth }: DockerProviderArgs = {},
): ProviderArgs {
  const { dockerHost, ca, cert, key } = daemon;
  const given = [ca, cert, key].filter((one) => one !== undefined).length;
  if (given !== 0 && given !== 3) {
    throw new pulumi.InputPropertyError({
      propertyPath: "daemon",
      reason: "has some of ca, cert and key; @pulumi/docker takes all three or none",
    });
  }
  // A daemon that is not at ssh:// gets none: there they would be for nothing.
  const sshOpts = pulumi
    .all([dockerHost, pulumi.all(sshOptions(ssh ?? {}))])
    .apply(([host, options]) => (host.startsWith("ssh://") ? options : []));
  return {
    host: dockerHost,
    sshOpts,
    ...(ca === undefined || cert === undefined || key === undefined
      ? {}
      : { caMaterial: ca, certMaterial: cert, keyMaterial: pulumi.secret(key) }),
    ...(registryAuth === undefined ? {} : { registryAuth }),
  };
}

/** A provider of @pulumi/docker for a daemon: give it as `provider` to what that package declares. */
export function dockerProvider(
  daemon: ReachableDaemon,
  args: DockerProviderArgs = {},
  opts?: pulumi.ResourceOptions,
): Provider {
  return new Provider(args.name ?? "docker", dockerProviderArgs(daemon, args), opts);
}
