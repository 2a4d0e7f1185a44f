// Whose an object on a daemon is. A URN names the same resource in every backend: two states of one
// project and stack name would take each other's objects for their own. So each provider gets a word
// when it is first checked, out of the backend's address (drawn, where that cannot be told); the state
// keeps it, before anything is made, and every object bears it. A create that is tried again finds its
// word in the state, though the backend has moved since; a stack that was destroyed and comes back gets
// the word that its volumes bear; another backend's state has another.
// An object without a word was made by hand, or before there were any: its URN alone decides.

import { createHash, randomBytes } from "node:crypto";
import { ownerLabel, urnLabel } from "./names.ts";
import type { Value, ValueMap } from "./values.ts";

/** Where the word stands among the provider's inputs. Programs do not see it. */
export const ownerKey = "__owner";

/** The word of an earlier check, else that of the backend. */
export function keptOwner(olds: ValueMap, backend: string | undefined): string {
  const old = ownerOf(olds);
  if (old !== undefined) return old;
  if (backend === undefined) return randomBytes(8).toString("hex");
  return createHash("sha256").update(`dockwright ${backend}`).digest("hex").slice(0, 16);
}

/** The word among a provider's inputs. */
export function ownerOf(config: ValueMap): string | undefined {
  const word: Value | undefined = config[ownerKey];
  return typeof word === "string" && word !== "" ? word : undefined;
}

interface Self {
  readonly urn: string;
  readonly owner: string | undefined;
}

type Labels = Readonly<Record<string, string>> | null | undefined;

/** The labels that say whose an object is. */
export function labelsOfOwner({ urn, owner }: Self): Record<string, string> {
  return { [urnLabel]: urn, ...(owner === undefined ? {} : { [ownerLabel]: owner }) };
}

/** `other stack`: of the same URN, in another backend's state. */
export type Belonging = "ours" | "other stack" | "foreign";

export function belonging({ urn, owner }: Self, labels: Labels): Belonging {
  if (labels?.[urnLabel] !== urn) return "foreign";
  const word = labels[ownerLabel];
  return word === undefined || owner === undefined || word === owner ? "ours" : "other stack";
}

/**
 * Whether the state that deletes an object may do so: it is its own, also under a name that the
 * program has since changed, or nobody's (imported).
 */
export function mayDelete({ urn, owner }: Self, labels: Labels): boolean {
  const [theirs, word] = [labels?.[urnLabel], labels?.[ownerLabel]];
  if (word !== undefined && owner !== undefined) return word === owner;
  return theirs === undefined || theirs === urn;
}
