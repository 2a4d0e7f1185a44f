// What the callers of the SSH client name. RFC 4251 to 4254; OpenSSH's PROTOCOL for key lines.

/** How a machine is reached and how one proves to be allowed in. */
export interface SshTarget {
  /** Name or address. */
  readonly host: string;
  /** @defaultValue 22 */
  readonly port?: number;
  readonly user: string;
  /** An OpenSSH or PEM private key. Secret. */
  readonly privateKey?: string;
  /** The passphrase of `privateKey`. Secret. */
  readonly passphrase?: string;
  /** The socket of an SSH agent. @defaultValue none: keys of agents are used only when asked for */
  readonly agentSocket?: string;
  /** The host's public key as in known_hosts: `ssh-ed25519 AAAA...`. Nothing else is let through. */
  readonly hostKey: string;
  /** Password for sudo where the user is not root and sudo asks. Secret. */
  readonly sudoPassword?: string;
  /** The machine to go through. */
  readonly jump?: SshTarget;
}
