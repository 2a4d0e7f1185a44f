// How a machine is reached over SSH, as fields: of a provider's configuration, and of the resources
// that look at a host before there is a provider for it. Jump hosts are a list, the first one first,
// because a type that has itself inside can be no field.

import { hostKeyFault } from "../ssh/hostkey.ts";
import type { SshTarget } from "../ssh/types.ts";
import { f, type Plain } from "./fields.ts";
import { isMap, memberOf, unknown, type Value } from "./values.ts";

const checkPort = (value: number) =>
  value >= 1 && value <= 65_535 ? undefined : "write a port, 1 to 65535";
const checkName = (value: string) =>
  /^[^\s@/]+$/.test(value) ? undefined : "write a name or an address, such as 203.0.113.10";

/** What every machine on the way has. A change leads to the same machine by another way. */
const loginFields = {
  host: f.string({ doc: "The host's name or address.", required: true, check: checkName }),
  port: f.integer({ doc: "The port of its sshd.", default: "22", check: checkPort }),
  user: f.string({ doc: "The user to log in as.", required: true }),
  privateKey: f.string({
    doc: "The user's private key: the text of an OpenSSH or PEM file.",
    default: "none: then agentSocket is needed",
    secret: true,
  }),
  passphrase: f.string({
    doc: "The passphrase of the private key.",
    default: "none",
    secret: true,
  }),
  agentSocket: f.string({
    doc: "The socket of an SSH agent that has the key, or `SSH_AUTH_SOCK` for the one that this variable names when the update runs.",
    default: "none: keys of an agent are used only when asked for",
  }),
  hostKey: f.string({
    doc: "The host's public key as in known_hosts: `ssh-ed25519 AAAA...`. Another key is refused.",
    required: true,
    check: (value) => hostKeyFault(value),
  }),
} as const;

export const sshJumpFields = loginFields;
export const jumpsField = f.list(
  f.object("SshJump", sshJumpFields, { doc: "A machine on the way.", required: true }),
  { doc: "The machines to go through, in the order of the way.", default: "none" },
);

export const sshFields = {
  ...loginFields,
  sudoPassword: f.string({
    doc: "The user's password for sudo, where the user is not root and sudo asks.",
    default: "none",
    secret: true,
  }),
  jumps: jumpsField,
} as const;

export type SshValues = Plain<typeof sshFields>;
export type SshJumpValues = Plain<typeof sshJumpFields>;

/** The way through the machines: the last one is connected to from the one before it. */
export function chainJumps(jumps: readonly SshJumpValues[] | undefined): SshTarget | undefined {
  return jumps?.reduce<SshTarget | undefined>(
    (jump, values) => ({ ...values, ...(jump ? { jump } : {}) }),
    undefined,
  );
}

export function sshTarget({ jumps, ...values }: SshValues): SshTarget {
  const jump = chainJumps(jumps);
  return { ...values, ...(jump ? { jump } : {}) };
}

/** The members of `ssh` that a preview does not know yet. */
export function unknownPlace(ssh: Value | undefined): string | undefined {
  if (ssh === unknown) return "ssh";
  if (!isMap(ssh)) return undefined;
  for (const name of Object.keys(ssh)) {
    if (memberOf(ssh, name) === unknown) return `ssh.${name}`;
  }
  return undefined;
}
