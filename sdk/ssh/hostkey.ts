// Host keys as people and known_hosts write them: `ssh-ed25519 AAAA...`, and as they are compared by
// eye: SHA256:... (RFC 4253 6.6, RFC 4648, OpenSSH's fingerprints). Pure.

import { createHash } from "node:crypto";
import { ErrorCode, SdkError } from "../errors.ts";
import { SshError, SshProblem } from "./errors.ts";

export interface HostKey {
  readonly type: string;
  readonly blob: Buffer;
}

/** What a host may sign with. RFC 5656, 8332 and 8709. */
export type HostKeyAlgorithm =
  | "ssh-ed25519"
  | `ecdsa-sha2-nistp${256 | 384 | 521}`
  | `rsa-sha2-${256 | 512}`;

/** By key type, what a server may sign with. SHA-1 (the algorithm called ssh-rsa) is not taken. */
const algorithms: Readonly<Record<string, readonly HostKeyAlgorithm[]>> = {
  "ssh-ed25519": ["ssh-ed25519"],
  "ecdsa-sha2-nistp256": ["ecdsa-sha2-nistp256"],
  "ecdsa-sha2-nistp384": ["ecdsa-sha2-nistp384"],
  "ecdsa-sha2-nistp521": ["ecdsa-sha2-nistp521"],
  "ssh-rsa": ["rsa-sha2-512", "rsa-sha2-256"],
};

/** All that are taken, the best first: what an unknown host is asked with. */
export const anyAlgorithm: readonly HostKeyAlgorithm[] = Object.values(algorithms).flat();

const form = "write it as in known_hosts without the name: ssh-ed25519 AAAA...";

/** The type that a key's blob says it is of. */
export function typeOfBlob(blob: Uint8Array): string {
  const bytes = Buffer.from(blob);
  const length = bytes.length < 4 ? 0 : bytes.readUInt32BE(0);
  return bytes.subarray(4, 4 + length).toString("latin1");
}

/** What is wrong with a host key's text, if something is. */
export function hostKeyFault(text: string): string | undefined {
  const [type = "", base64 = ""] = text.trim().split(/\s+/);
  if (!Object.hasOwn(algorithms, type)) {
    return `is of no type that is taken (${Object.keys(algorithms).join(", ")}); ${form}`;
  }
  if (!/^[A-Za-z0-9+/]+=*$/.test(base64)) return `has no base64 after its type; ${form}`;
  const inner = typeOfBlob(Buffer.from(base64, "base64"));
  return inner === type ? undefined : `says ${type} and holds something else; ${form}`;
}

/** The key of `ssh-ed25519 AAAA... comment`. */
export function parseHostKey(text: string): HostKey {
  const fault = hostKeyFault(text);
  if (fault !== undefined) throw new SdkError(ErrorCode.BadInput, `the host key ${fault}`);
  const [type = "", base64 = ""] = text.trim().split(/\s+/);
  return { type, blob: Buffer.from(base64, "base64") };
}

export function formatHostKey({ type, blob }: HostKey): string {
  return `${type} ${blob.toString("base64")}`;
}

/** As `ssh-keygen -l` shows it. */
export function fingerprint({ blob }: HostKey): string {
  const digest = createHash("sha256").update(blob).digest("base64");
  return `SHA256:${digest.replace(/=+$/, "")}`;
}

export function algorithmsOf({ type }: HostKey): readonly HostKeyAlgorithm[] {
  return algorithms[type] ?? [];
}

/** The refusal of a host that shows another key than the one it is known by. */
export function hostKeyChanged(label: string, known: HostKey, shown: HostKey): SshError {
  return new SshError(
    SshProblem.HostKey,
    `${label} is not the host it was: its key is ${shown.type} ${fingerprint(shown)}, ` +
      `and ${known.type} ${fingerprint(known)} is pinned`,
    {
      fix: "find out why the key changed (a new machine at this address, or somebody in between); if that is right, pin the new key",
    },
  );
}
