// A host's key on first contact: what it shows before anybody logs in. Whoever takes it over trusts
// the network for this one moment, so it is kept, and from then on nothing else is let through.

import { type ConnectionOptions, seeHostKey } from "./connection.ts";
import { hasNoCommonKey } from "./errors.ts";
import { algorithmsOf, fingerprint, formatHostKey, parseHostKey } from "./hostkey.ts";
import type { SshTarget } from "./types.ts";

/** Where a host is, before its key is known. */
export type UnknownHost = Pick<SshTarget, "host" | "port" | "jump">;

export interface LearntKey {
  /** As in known_hosts, without the name: `ssh-ed25519 AAAA...`. */
  readonly hostKey: string;
  /** `SHA256:...` */
  readonly fingerprint: string;
}

/** The key that the host shows: of the type of `like`, else of the best that it has. */
export async function learnHostKey(
  host: UnknownHost,
  options: ConnectionOptions & { readonly like?: string } = {},
): Promise<LearntKey> {
  const algorithms = options.like === undefined ? [] : algorithmsOf(parseHostKey(options.like));
  const key =
    algorithms.length === 0
      ? await seeHostKey(host, options)
      : await seeHostKey(host, options, algorithms).catch((error: unknown) => {
          if (!hasNoCommonKey(error)) throw error;
          return seeHostKey(host, options);
        });
  return { hostKey: formatHostKey(key), fingerprint: fingerprint(key) };
}
