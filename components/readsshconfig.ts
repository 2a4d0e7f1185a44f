// A host as the user's own OpenSSH configuration describes it, as arguments of `Host`.

import * as pulumi from "@pulumi/pulumi";
import { readSshConfig as readConfig, type SshConfigHost } from "../sdk/ssh/user-config.ts";
import type { HostArgs, LoginArgs } from "./host.ts";

/** Arguments of {@link readSshConfig}. */
export interface ReadSshConfigArgs {
  /**
   * The configuration's file.
   * @defaultValue ~/.ssh/config
   */
  readonly path?: string;
  /**
   * Files of known host keys.
   * @defaultValue those that the configuration names, else ~/.ssh/known_hosts and the machine's own
   */
  readonly knownHosts?: readonly string[];
}

function loginArgs({ host, privateKey, jump: _, ...rest }: SshConfigHost): LoginArgs {
  return {
    ...rest,
    address: host,
    ...(privateKey === undefined ? {} : { privateKey: pulumi.secret(privateKey) }),
  };
}

/** The machines on the way, the nearest first. */
function jumpsOf({ jump }: SshConfigHost): readonly LoginArgs[] {
  return jump ? [...jumpsOf(jump), loginArgs(jump)] : [];
}

/**
 * The arguments of a `Host` that `ssh ALIAS` would reach: HostName, Port, User, IdentityFile (its
 * text, a secret), IdentityAgent, ProxyJump, and the key that known_hosts has of it. Reads files of
 * the user who runs the program, and runs no command that they name (`Match exec`, `ProxyCommand`).
 * A key with a passphrase needs it beside: `{ ...readSshConfig("web1"), passphrase }`.
 */
export function readSshConfig(alias: string, args: ReadSshConfigArgs = {}): HostArgs {
  const described = readConfig(alias, args);
  const jump = jumpsOf(described);
  return { ...loginArgs(described), ...(jump.length > 0 ? { jump } : {}) };
}
