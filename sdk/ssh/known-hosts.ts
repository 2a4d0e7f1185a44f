// Host keys out of known_hosts files: names in plain text or hashed, with ports, globs and negations.
// A key that is marked as revoked is refused; certificates of host authorities are not, because the
// SSH client cannot check them. Specification: sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT". Pure.

import { createHmac } from "node:crypto";
import { hostKeyFault } from "./hostkey.ts";

export interface KnownHost {
  /** The keys of the host as `ssh-ed25519 AAAA...`, those that are stronger first. */
  readonly keys: readonly string[];
  readonly revoked: readonly string[];
}

const preference = [
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "ssh-rsa",
];

/** How known_hosts names a host on a port. */
export function knownName(host: string, port = 22): string {
  return port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`;
}

function matchesHash(pattern: string, name: string): boolean {
  const [, salt = "", hash = ""] = /^\|1\|([^|]+)\|(.+)$/.exec(pattern) ?? [];
  const digest = createHmac("sha1", Buffer.from(salt, "base64")).update(name).digest("base64");
  return hash !== "" && digest === hash;
}

function matchesGlob(pattern: string, name: string): boolean {
  const source = pattern
    .toLowerCase()
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "s").test(name);
}

/** Whether the first field of a line names the host: one negation that matches is enough for no. */
export function matchesNames(field: string, name: string): boolean {
  if (field.startsWith("|")) return matchesHash(field, name);
  const patterns = field.split(",");
  if (patterns.some((one) => one.startsWith("!") && matchesGlob(one.slice(1), name))) return false;
  return patterns.some((one) => !one.startsWith("!") && matchesGlob(one, name));
}

/** What a known_hosts text says of a host. */
export function findKnownHost(text: string, host: string, port = 22): KnownHost {
  const name = knownName(host, port);
  const keys: string[] = [];
  const revoked: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    const fields = line.trim().split(/\s+/);
    const marker = fields[0]?.startsWith("@") ? fields.shift() : undefined;
    const [names = "", type = "", base64 = ""] = fields;
    if (names === "" || names.startsWith("#") || marker === "@cert-authority") continue;
    const key = `${type} ${base64}`;
    if (hostKeyFault(key) !== undefined || !matchesNames(names, name)) continue;
    (marker === "@revoked" ? revoked : keys).push(key);
  }
  const rank = (key: string) => preference.indexOf(key.split(" ")[0] ?? "");
  return {
    keys: keys.filter((key) => !revoked.includes(key)).sort((a, b) => rank(a) - rank(b)),
    revoked,
  };
}
