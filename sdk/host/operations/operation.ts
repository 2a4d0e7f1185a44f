// What the operations on a host share. Each observes by one script, plans without touching anything,
// and changes by one script that first notes what was there: the note makes the undo, and because it
// is written once and by the host itself, a run that was killed in the middle does not spoil it.

import { createHash } from "node:crypto";
import { ErrorCode, SdkError } from "../../errors.ts";
import type { Machine } from "../machine.ts";

/** On whose behalf something is done, and where. */
export interface Work {
  readonly machine: Machine;
  /** The URN of the resource: notes on the host say whose they are. */
  readonly owner: string;
  readonly signal?: AbortSignal;
  /** Lines to the person who watches. */
  readonly log?: (line: string) => void;
}

/** A place in which the real thing differs from its declaration. */
export interface Difference {
  readonly field: string;
  readonly from: string;
  readonly to: string;
}

/** One text as one word of a shell. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Where the note of an object is: a folder that only root can read. */
export function noteKey(kind: string, id: string): string {
  const hash = createHash("sha256").update(id).digest("hex").slice(0, 16);
  const readable = id.replace(/[^A-Za-z0-9.-]+/g, "_").slice(-40);
  return `${kind}${readable.startsWith("_") ? "" : "_"}${readable}-${hash}`;
}

/**
 * Shell functions. `note_of KEY` sets `note` (a folder, which may not be there) and `noted_by`.
 * `remember OWNER` lets the function `write_note` fill a folder, once; `forget` removes it.
 */
export const noteLibrary = `notes=/var/lib/dockwright/notes
note_of() {
  note=$notes/$1
  noted_by=$(cat "$note/owner" 2>/dev/null || :)
}
remember() {
  if [ ! -d "$note" ]; then
    ( umask 077; mkdir -p "$notes"; rm -rf "$note.new"; mkdir "$note.new" )
    write_note "$note.new"
    mv -T "$note.new" "$note"
  fi
  printf '%s' "$1" >"$note/owner.new"
  mv "$note/owner.new" "$note/owner"
}
forget() { rm -rf "$note"; }
`;

/** The project and stack part of a URN. */
function programOf(urn: string): string {
  return urn.split("::").slice(0, 2).join("::");
}

/**
 * Refuses what a resource of another program manages. Within a program a resource may have got
 * another name; the engine sees to it there that two do not fight.
 */
export function refuseForeign(work: Work, notedBy: string | undefined, what: string): void {
  if (!notedBy || programOf(notedBy) === programOf(work.owner)) return;
  throw new SdkError(
    ErrorCode.Foreign,
    `${what} on ${work.machine.label} is managed by another program's resource (${notedBy})`,
    { fix: "declare it in one of the two programs only, and remove it from the other first" },
  );
}

/** The differences as a person reads them: `mode 600 -> 644`. */
export function describeDifferences(differences: readonly Difference[]): string {
  return differences.map(({ field, from, to }) => `${field} ${from} -> ${to}`).join(", ");
}

/** Whether a declared user or group, by name or number, is the one that is there. */
export function sameAccount(declared: string, name: string, id: string): boolean {
  return declared === name || declared === id;
}
