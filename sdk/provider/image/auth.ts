// Registry credentials at the moment of use: those that the program gives, else those of Docker's own
// configuration. Short-lived tokens are asked for anew each time; nothing is kept.

import type { RegistryAuth } from "../../docker/types.ts";
import type { AuthValue } from "./fields.ts";

/** The Engine's form of what the program gives. */
export function givenAuth({ username, password, identityToken }: AuthValue): RegistryAuth {
  if (identityToken !== undefined) return { identitytoken: identityToken };
  return { ...(username === undefined ? {} : { username }), ...(password ? { password } : {}) };
}

/** The credentials for the registry of a reference; undefined where there are none. */
export async function authFor(
  ref: string,
  given: AuthValue | undefined,
): Promise<RegistryAuth | undefined> {
  if (given) return givenAuth(given);
  const { findAuth } = await import("../../docker/auth.ts");
  return findAuth(ref);
}
