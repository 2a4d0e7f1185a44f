// Physical names. They are made from the inputs, not from a random seed: a create that is tried again
// finds what a killed one left, and a revert finds the container of the earlier release still there.

import { createHash, scryptSync } from "node:crypto";
import { canonicalJson } from "./values.ts";
import type { Properties } from "./wire.ts";

/** The label that says whose an object is: the URN of the resource that made it. */
export const urnLabel = "dockwright.urn";
/**
 * The label that tells stacks of one project and name apart which live in different backends: a
 * random word that the state of the provider keeps (see `owner.ts`).
 */
export const ownerLabel = "dockwright.owner";
/** The label with the hash of the inputs an object was made from. */
export const specLabel = "dockwright.spec";

export interface Identity {
  readonly urn: string;
  readonly stack: string;
  readonly project: string;
  /** The name that the program gave the resource. */
  readonly logicalName: string;
}

/** Parses `urn:pulumi:<stack>::<project>::<types>::<name>`; a name may itself contain `::`. */
export function parseUrn(urn: string): Identity {
  const [stack = "", project = "", , ...name] = urn.replace(/^urn:pulumi:/, "").split("::");
  return { urn, stack, project, logicalName: name.join("::") };
}

/**
 * The first 8 hexadecimal digits of a hash over owner and inputs. Secrets enter through scrypt: the
 * name is public, and must not be a cheap way to try passwords.
 */
export function specHash(urn: string, { values, secrets }: Properties): string {
  const text = canonicalJson(values);
  const hash = createHash("sha256").update(urn).update("\0");
  if (secrets.size > 0) hash.update(scryptSync(text, urn, 32, { N: 4096 }));
  else hash.update(text);
  return hash.digest("hex").slice(0, 8);
}

/**
 * The part of a name that people read, at most 48 characters: what Docker allows in a container's
 * name and in a part of a repository's, where separators stand alone and only inside.
 */
export function readableName(logicalName: string): string {
  const cleaned = logicalName
    .toLowerCase()
    .replace(/[^a-z0-9_.-]+|[_.-]{2,}/g, "-")
    .replace(/[-_.]{2,}/g, "-")
    .replace(/^[^a-z0-9]+/, "")
    .slice(0, 48)
    .replace(/[^a-z0-9]+$/, "");
  return cleaned === "" ? "x" : cleaned;
}

/** The label of an image that was built here: the reference it was given. */
export const contentLabel = "dockwright.content";
