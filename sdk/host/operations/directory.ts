// One folder: its mode and owners, and the folders above it where they are missing. When the resource
// goes, what was made here goes too, as far as it is empty by then.

import { ErrorCode, SdkError } from "../../errors.ts";
import { ask, runScript } from "../script.ts";
import type { Undone } from "./file.ts";
import {
  type Difference,
  noteKey,
  noteLibrary,
  refuseForeign,
  sameAccount,
  type Work,
} from "./operation.ts";

export interface DirectorySpec {
  readonly path: string;
  readonly mode: number;
  readonly owner: string;
  readonly group: string;
}

export interface ObservedDirectory {
  readonly kind: "none" | "folder" | "other";
  readonly mode: number;
  readonly owner: string;
  readonly ownerId: string;
  readonly group: string;
  readonly groupId: string;
  readonly notedBy: string | undefined;
}

const observeScript = `${noteLibrary}
note_of "$2"
say noted "$noted_by"
if [ -d "$1" ]; then
  say kind folder
  stat -L -c 'mode=%a
owner=%U
ownerid=%u
group=%G
groupid=%g' -- "$1"
elif [ -e "$1" ] || [ -L "$1" ]; then say kind other
else say kind none; fi
`;

export async function observeDirectory(work: Work, path: string): Promise<ObservedDirectory> {
  const said = await ask(work.machine, observeScript, {
    what: `look at ${path}`,
    args: [path, noteKey("directory", path)],
    ...(work.signal ? { signal: work.signal } : {}),
  });
  const text = (key: string) => said.get(key) ?? "";
  return {
    kind: text("kind") as ObservedDirectory["kind"],
    mode: Number.parseInt(text("mode") === "" ? "0" : text("mode"), 8),
    owner: text("owner"),
    ownerId: text("ownerid"),
    group: text("group"),
    groupId: text("groupid"),
    notedBy: text("noted") === "" ? undefined : text("noted"),
  };
}

export function planDirectory(spec: DirectorySpec, seen: ObservedDirectory): readonly Difference[] {
  if (seen.kind === "none") return [{ field: "path", from: "none", to: spec.path }];
  const differences: Difference[] = [];
  const differs = (field: string, from: string, to: string) =>
    differences.push({ field, from, to });
  if (seen.mode !== spec.mode) differs("mode", seen.mode.toString(8), spec.mode.toString(8));
  if (!sameAccount(spec.owner, seen.owner, seen.ownerId)) differs("owner", seen.owner, spec.owner);
  if (!sameAccount(spec.group, seen.group, seen.groupId)) differs("group", seen.group, spec.group);
  return differences;
}

/** The note lists the folders that were missing, the innermost first. */
const changeScript = `set -eu
${noteLibrary}
path=$1
note_of "$2"
write_note() {
  if [ -d "$path" ]; then stat -L -c '%a %u:%g' -- "$path" >"$1/attributes"
  else
    missing=$path
    while [ ! -d "$missing" ]; do printf '%s\\n' "$missing"; missing=$(dirname -- "$missing"); done >"$1/made"
  fi
}
remember "$3"
umask 022
mkdir -p -- "$path"
chown -- "$5" "$path"
chmod -- "$4" "$path"
`;

/** Makes the folder as declared; gives what was changed. */
export async function ensureDirectory(
  work: Work,
  spec: DirectorySpec,
): Promise<readonly Difference[]> {
  const seen = await observeDirectory(work, spec.path);
  refuseForeign(work, seen.notedBy, spec.path);
  if (seen.kind === "other") {
    const words = `${spec.path} on ${work.machine.label} is there, and is no folder`;
    throw new SdkError(ErrorCode.Refused, words, { fix: "remove it, or declare another path" });
  }
  const differences = planDirectory(spec, seen);
  if (differences.length === 0 && seen.notedBy === work.owner) return differences;
  await runScript(work.machine, changeScript, {
    what: `make the folder ${spec.path}`,
    args: [
      spec.path,
      noteKey("directory", spec.path),
      work.owner,
      spec.mode.toString(8),
      `${spec.owner}:${spec.group}`,
    ],
    ...(work.signal ? { signal: work.signal } : {}),
  });
  return differences;
}

const undoScript = `set -eu
${noteLibrary}
note_of "$2"
if [ ! -d "$note" ]; then echo kept; exit 0; fi
if [ -e "$note/made" ]; then
  while IFS= read -r made; do rmdir -- "$made" 2>/dev/null || [ ! -d "$made" ] || break; done <"$note/made"
  if [ -d "$1" ]; then echo kept; else echo removed; fi
elif [ -d "$1" ]; then
  read -r mode owners <"$note/attributes"
  chown -- "$owners" "$1"
  chmod -- "$mode" "$1"
  echo restored
fi
forget
`;

/** Removes the folder where it was made here and is empty; `kept` where it is not. */
export async function undoDirectory(work: Work, path: string): Promise<Undone> {
  const said = await runScript(work.machine, undoScript, {
    what: `undo ${path}`,
    args: [path, noteKey("directory", path)],
  });
  return said.trim() === "" ? "removed" : (said.trim() as Undone);
}
