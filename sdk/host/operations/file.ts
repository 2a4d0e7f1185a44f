// One regular file: its bytes, mode and owners. Replaced atomically; what was there before is kept in
// the host's notes and comes back when the resource goes. A link or a folder at its path is refused.

import { createHash } from "node:crypto";
import { ErrorCode, SdkError } from "../../errors.ts";
import { ask, runScript } from "../script.ts";
import {
  type Difference,
  noteKey,
  noteLibrary,
  refuseForeign,
  sameAccount,
  type Work,
} from "./operation.ts";

export interface FileSpec {
  readonly path: string;
  readonly content: Uint8Array;
  /** As in chmod. */
  readonly mode: number;
  /** A name, or a number as text. */
  readonly owner: string;
  readonly group: string;
}

export interface ObservedFile {
  readonly kind: "none" | "file" | "folder" | "link" | "special";
  /** Undefined where it has the expected bytes, and where it is too large to be shown. */
  readonly content: Uint8Array | undefined;
  /** Whether its bytes are those expected. */
  readonly expected: boolean;
  readonly sizeBytes: number;
  readonly mode: number;
  readonly owner: string;
  readonly ownerId: string;
  readonly group: string;
  readonly groupId: string;
  /** Of a link. */
  readonly target: string;
  /** Whether the folder that it would be in is there. */
  readonly folder: boolean;
  /** The URN in the note, when there is one. */
  readonly notedBy: string | undefined;
}

/** Larger files are compared, not shown. */
export const largestShownBytes = 1024 * 1024;

/** The expected sum comes through standard input: of a short secret it would tell too much. */
const observeScript = `${noteLibrary}
note_of "$2"
say noted "$noted_by"
read -r want || :
[ ! -d "$(dirname -- "$1")" ] || say folder yes
if [ -L "$1" ]; then say kind link; say target "$(readlink -- "$1")"
elif [ -d "$1" ]; then say kind folder
elif [ -f "$1" ]; then
  say kind file
  sum=$(sha256sum <"$1")
  size=$(stat -c %s -- "$1")
  if [ "\${sum%% *}" = "$want" ]; then say expected yes
  elif [ "$size" -le ${largestShownBytes} ]; then
    printf 'content64='; base64 <"$1" | tr -d '\\n'; echo
  fi
elif [ -e "$1" ]; then say kind special
else say kind none; fi
[ ! -e "$1" ] || stat -c 'size=%s
mode=%a
owner=%U
ownerid=%u
group=%G
groupid=%g' -- "$1"
`;

const sumOf = (content: Uint8Array) => createHash("sha256").update(content).digest("hex");

/** What is at the path; `expected` are the bytes that need not be sent to be compared. */
export async function observeFile(
  work: Work,
  path: string,
  expected: Uint8Array | undefined,
): Promise<ObservedFile> {
  const said = await ask(work.machine, observeScript, {
    what: `look at ${path}`,
    args: [path, noteKey("file", path)],
    input: `${expected ? sumOf(expected) : "-"}\n`,
    ...(work.signal ? { signal: work.signal } : {}),
  });
  const text = (key: string) => said.get(key) ?? "";
  const same = text("expected") === "yes";
  const bytes = said.get("content64");
  return {
    kind: text("kind") as ObservedFile["kind"],
    content: same ? expected : bytes === undefined ? undefined : Buffer.from(bytes, "base64"),
    expected: same,
    sizeBytes: Number(text("size")),
    mode: Number.parseInt(text("mode") === "" ? "0" : text("mode"), 8),
    owner: text("owner"),
    ownerId: text("ownerid"),
    group: text("group"),
    groupId: text("groupid"),
    target: text("target"),
    folder: text("folder") === "yes",
    notedBy: text("noted") === "" ? undefined : text("noted"),
  };
}

/** What has to be changed; nothing when all is as declared. */
export function planFile(spec: FileSpec, seen: ObservedFile): readonly Difference[] {
  const differences: Difference[] = [];
  const differs = (field: string, from: string, to: string) =>
    differences.push({ field, from, to });
  if (seen.kind === "none")
    return [{ field: "content", from: "none", to: size(spec.content.length) }];
  if (!seen.expected) differs("content", size(seen.sizeBytes), size(spec.content.length));
  if (seen.mode !== spec.mode) differs("mode", seen.mode.toString(8), spec.mode.toString(8));
  if (!sameAccount(spec.owner, seen.owner, seen.ownerId)) differs("owner", seen.owner, spec.owner);
  if (!sameAccount(spec.group, seen.group, seen.groupId)) differs("group", seen.group, spec.group);
  return differences;
}

const size = (bytes: number) => `${bytes} bytes`;

/** Throws where no file can be written. */
function refuseUnfit(work: Work, path: string, seen: ObservedFile): void {
  const where = `on ${work.machine.label}`;
  const refuse = (words: string, fix: string) => {
    throw new SdkError(ErrorCode.Refused, `${path} ${where} ${words}`, { fix });
  };
  if (seen.kind === "link")
    refuse(`is a link to ${seen.target}`, `declare ${seen.target}, or remove the link`);
  if (seen.kind === "folder") refuse("is a folder", "declare a file of another path, or remove it");
  if (seen.kind === "special") refuse("is neither a file nor a folder", "declare another path");
  if (!seen.folder)
    refuse("cannot be: its folder is not there", "declare the folder, and let this depend on it");
}

/** Standard input is the content where $6 says so, and is not looked at otherwise. */
const changeScript = `set -eu
${noteLibrary}
path=$1
note_of "$2"
write_note() {
  if [ -e "$path" ]; then
    cp -p -- "$path" "$1/content"
    stat -c '%a %u:%g' -- "$path" >"$1/attributes"
  else : >"$1/absent"; fi
}
remember "$3"
if [ "$6" = content ]; then
  umask 077
  temporary=
  trap 'rm -f -- "$temporary"' EXIT
  trap 'exit 143' TERM
  beside=$(dirname -- "$path")/.dockwright.\${2##*-}
  temporary=$(trap '' TERM; mktemp -- "$beside.XXXXXX")
  cat >"$temporary"
  chown -- "$5" "$temporary"
  chmod -- "$4" "$temporary"
  sync "$temporary" 2>/dev/null || sync
  mv -fT -- "$temporary" "$path"
  trap - EXIT
  # What a write of this file left that was killed, or lost its machine.
  rm -f -- "$beside".*
else
  chown -- "$5" "$path"
  chmod -- "$4" "$path"
fi
`;

/** Makes the file as declared; gives what was changed. */
export async function ensureFile(work: Work, spec: FileSpec): Promise<readonly Difference[]> {
  const seen = await observeFile(work, spec.path, spec.content);
  refuseForeign(work, seen.notedBy, spec.path);
  refuseUnfit(work, spec.path, seen);
  const differences = planFile(spec, seen);
  // Also without a difference the note is written: from now on the file is this resource's.
  if (differences.length === 0 && seen.notedBy === work.owner) return differences;
  const rewrite = differences.some(({ field }) => field === "content");
  await runScript(work.machine, changeScript, {
    what: `write ${spec.path}`,
    args: [
      spec.path,
      noteKey("file", spec.path),
      work.owner,
      spec.mode.toString(8),
      `${spec.owner}:${spec.group}`,
      rewrite ? "content" : "attributes",
    ],
    input: rewrite ? spec.content : "",
    ...(work.signal ? { signal: work.signal } : {}),
  });
  return differences;
}

const undoScript = `set -eu
${noteLibrary}
note_of "$2"
if [ ! -d "$note" ]; then echo kept; exit 0; fi
if [ -e "$note/absent" ]; then
  [ -d "$1" ] && [ ! -L "$1" ] || rm -f -- "$1"
  echo removed
elif [ -d "$(dirname -- "$1")" ]; then
  read -r mode owners <"$note/attributes"
  temporary=
  trap 'rm -f -- "$temporary"' EXIT
  trap 'exit 143' TERM
  temporary=$(trap '' TERM; mktemp -- "$(dirname -- "$1")/.dockwright.XXXXXX")
  cat "$note/content" >"$temporary"
  chown -- "$owners" "$temporary"
  chmod -- "$mode" "$temporary"
  mv -fT -- "$temporary" "$1"
  trap - EXIT
  echo restored
fi
forget
`;

export type Undone = "removed" | "restored" | "kept";

/** Puts back what was there before; a file that was not made or changed here stays as it is. */
export async function undoFile(work: Work, path: string): Promise<Undone> {
  const said = await runScript(work.machine, undoScript, {
    what: `undo ${path}`,
    args: [path, noteKey("file", path)],
  });
  return said.trim() === "" ? "removed" : (said.trim() as Undone);
}
