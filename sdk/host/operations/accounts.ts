// Groups and users by the shadow tools (groupadd, useradd and their like). Only what is declared is
// compared and changed. An account that was made here goes with its resource; one that was there
// before stays, with the keys that it had.

import { ask, runScript } from "../script.ts";
import type { Undone } from "./file.ts";
import {
  type Difference,
  noteKey,
  noteLibrary,
  quote,
  refuseForeign,
  type Work,
} from "./operation.ts";

export interface GroupSpec {
  readonly name: string;
  readonly gid?: number;
  readonly system?: boolean;
}

export interface ObservedGroup {
  readonly exists: boolean;
  readonly gid: number;
  readonly notedBy: string | undefined;
}

export interface UserSpec {
  readonly name: string;
  readonly uid?: number;
  /** The primary group, by name. */
  readonly group?: string;
  /** All further groups. */
  readonly groups?: readonly string[];
  readonly home?: string;
  readonly shell?: string;
  readonly comment?: string;
  readonly system?: boolean;
  /** All lines of its authorized_keys. */
  readonly authorizedKeys?: readonly string[];
}

export interface ObservedUser {
  readonly exists: boolean;
  readonly uid: number;
  readonly group: string;
  readonly groups: readonly string[];
  readonly home: string;
  readonly shell: string;
  readonly comment: string;
  readonly authorizedKeys: readonly string[];
  readonly notedBy: string | undefined;
}

const observeGroupScript = `${noteLibrary}
note_of "$2"
say noted "$noted_by"
if line=$(getent group -- "$1"); then say line "$line"; fi
`;

const signalOf = (work: Work) => (work.signal ? { signal: work.signal } : {});
const orNothing = (text: string | undefined) => (text === "" ? undefined : text);

export async function observeGroup(work: Work, name: string): Promise<ObservedGroup> {
  const said = await ask(work.machine, observeGroupScript, {
    what: `look at the group ${name}`,
    args: [name, noteKey("group", name)],
    ...signalOf(work),
  });
  const line = said.get("line");
  return {
    exists: line !== undefined,
    gid: Number(line?.split(":")[2] ?? 0),
    notedBy: orNothing(said.get("noted")),
  };
}

export function planGroup(spec: GroupSpec, seen: ObservedGroup): readonly Difference[] {
  if (!seen.exists) return [{ field: "name", from: "none", to: spec.name }];
  if (spec.gid === undefined || spec.gid === seen.gid) return [];
  return [{ field: "gid", from: String(seen.gid), to: String(spec.gid) }];
}

/** The note holds the database's line from before, or nothing. */
const noteAccount = (database: "group" | "passwd") => `set -eu
${noteLibrary}
name=$1
note_of "$2"
write_note() { getent ${database} -- "$name" >"$1/before" || : >"$1/absent"; }
remember "$3"
`;

export async function ensureGroup(work: Work, spec: GroupSpec): Promise<readonly Difference[]> {
  const seen = await observeGroup(work, spec.name);
  refuseForeign(work, seen.notedBy, `the group ${spec.name}`);
  const differences = planGroup(spec, seen);
  if (differences.length === 0 && seen.notedBy === work.owner) return differences;
  const gid = spec.gid === undefined ? "" : `-g ${spec.gid}`;
  const change = seen.exists
    ? gid === ""
      ? ":"
      : `groupmod ${gid} -- "$1"`
    : `groupadd ${spec.system ? "-r" : ""} ${gid} -- "$1"`;
  await runScript(work.machine, `${noteAccount("group")}${change} >&2\n`, {
    what: `make the group ${spec.name}`,
    args: [spec.name, noteKey("group", spec.name), work.owner],
    ...signalOf(work),
  });
  return differences;
}

const undoGroupScript = `set -eu
${noteLibrary}
note_of "$2"
if [ -e "$note/absent" ]; then
  if getent group -- "$1" >/dev/null; then groupdel -- "$1" >&2; fi
  echo removed
else echo kept; fi
forget
`;

export async function undoGroup(work: Work, name: string): Promise<Undone> {
  const said = await runScript(work.machine, undoGroupScript, {
    what: `remove the group ${name}`,
    args: [name, noteKey("group", name)],
    fix: "see which user has it as primary group (getent passwd), and remove that one first",
  });
  return said.trim() as Undone;
}

const observeUserScript = `${noteLibrary}
note_of "$2"
say noted "$noted_by"
if line=$(getent passwd -- "$1"); then
  say line "$line"
  say primary "$(id -gn -- "$1")"
  say groups "$(id -Gn -- "$1")"
  home=$(printf '%s' "$line" | cut -d: -f6)
  [ ! -r "$home/.ssh/authorized_keys" ] || say64 keys <"$home/.ssh/authorized_keys"
fi
`;

export async function observeUser(work: Work, name: string): Promise<ObservedUser> {
  const said = await ask(work.machine, observeUserScript, {
    what: `look at the user ${name}`,
    args: [name, noteKey("user", name)],
    ...signalOf(work),
  });
  const line = said.get("line");
  const [, , uid = "0", , comment = "", home = "", shell = ""] = line?.split(":") ?? [];
  const group = said.get("primary") ?? "";
  const keys = (said.get("keys") ?? "").split("\n").map((key) => key.trim());
  return {
    exists: line !== undefined,
    uid: Number(uid),
    group,
    groups: (said.get("groups") ?? "")
      .split(" ")
      .filter((each) => each !== "" && each !== group)
      .sort(),
    home,
    shell,
    comment,
    authorizedKeys: keys.filter((key) => key !== "" && !key.startsWith("#")),
    notedBy: orNothing(said.get("noted")),
  };
}

/** Whether two lists have the same members, in whatever order. */
export function sameMembers(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.toSorted().join("\n") === b.toSorted().join("\n");
}

const plainFields = ["uid", "group", "home", "shell", "comment"] as const;
const listFields = ["groups", "authorizedKeys"] as const;

export function planUser(spec: UserSpec, seen: ObservedUser): readonly Difference[] {
  if (!seen.exists) return [{ field: "name", from: "none", to: spec.name }];
  const plain = plainFields.flatMap((field) => {
    const want = spec[field];
    const from = seen[field];
    return want === undefined || want === from
      ? []
      : [{ field, from: String(from), to: String(want) }];
  });
  const lists = listFields.flatMap((field) => {
    const want = spec[field];
    if (want === undefined || sameMembers(want, seen[field])) return [];
    return [{ field, from: `${seen[field].length} entries`, to: `${want.length} entries` }];
  });
  return [...plain, ...lists];
}

const options = {
  uid: "-u",
  group: "-g",
  home: "-d",
  shell: "-s",
  comment: "-c",
} as const;

/** The options of useradd or usermod for some fields. */
function accountOptions(spec: UserSpec, fields: readonly string[]): readonly string[] {
  const plain = plainFields.flatMap((field) => {
    const value = spec[field];
    return value === undefined || !fields.includes(field)
      ? []
      : [options[field], quote(String(value))];
  });
  const groups =
    spec.groups && fields.includes("groups") ? ["-G", quote(spec.groups.join(","))] : [];
  return [...plain, ...groups];
}

/** The line that makes or changes the account. */
function accountCommand(spec: UserSpec, seen: ObservedUser, changed: readonly string[]): string {
  if (seen.exists) {
    const words = accountOptions(spec, changed);
    return words.length === 0 ? ":" : `usermod ${words.join(" ")} -- "$1"`;
  }
  const shell =
    spec.shell === undefined ? ["-s", spec.system ? "/usr/sbin/nologin" : "/bin/bash"] : [];
  const kind = spec.system ? ["-r"] : ["-m"];
  const words = [...kind, ...shell, ...accountOptions(spec, [...plainFields, "groups"])];
  // useradd refuses to make a group that is there, and makes none where it is told one.
  const own =
    spec.group === undefined ? 'own=; getent group -- "$1" >/dev/null && own="-g $1"' : "own=";
  return `${own}\nuseradd ${words.join(" ")} $own -- "$1"`;
}

/**
 * Written as the user itself: a folder that a user may write to can lead root astray by links.
 * `setpriv` (util-linux) and not `su`: no session is opened.
 */
const keysScript = `
home=$(getent passwd -- "$1" | cut -d: -f6)
[ -d "$home" ] || { echo "the home $home is not there" >&2; exit 1; }
if [ -e "$note/before" ] && [ ! -e "$note/keys" ]; then
  cp -- "$home/.ssh/authorized_keys" "$note/keys" 2>/dev/null || : >"$note/keys"
fi
setpriv --reuid "$(id -u -- "$1")" --regid "$(id -g -- "$1")" --clear-groups /bin/sh -c '
  set -eu; umask 077; cd "$1"; mkdir -p .ssh; chmod 700 .ssh
  cat >.ssh/authorized_keys.new; mv -fT .ssh/authorized_keys.new .ssh/authorized_keys' sh "$home"
`;

export async function ensureUser(work: Work, spec: UserSpec): Promise<readonly Difference[]> {
  const seen = await observeUser(work, spec.name);
  refuseForeign(work, seen.notedBy, `the user ${spec.name}`);
  const differences = planUser(spec, seen);
  if (differences.length === 0 && seen.notedBy === work.owner) return differences;
  const changed = differences.map(({ field }) => field);
  const keys =
    spec.authorizedKeys !== undefined && (!seen.exists || changed.includes("authorizedKeys"));
  const account = `${accountCommand(spec, seen, changed)} >&2\n`;
  const script = `${noteAccount("passwd")}${account}${keys ? keysScript : ""}`;
  await runScript(work.machine, script, {
    what: `make the user ${spec.name}`,
    args: [spec.name, noteKey("user", spec.name), work.owner],
    input: keys ? (spec.authorizedKeys ?? []).map((key) => `${key}\n`).join("") : "",
    ...signalOf(work),
  });
  return differences;
}

/** A home is data: it stays unless told otherwise. */
const undoUserScript = `set -eu
${noteLibrary}
note_of "$2"
line=$(getent passwd -- "$1" || :)
if [ -e "$note/absent" ]; then
  if [ -n "$line" ]; then userdel $3 -- "$1" >&2; fi
  echo removed
elif [ -n "$line" ] && [ -e "$note/keys" ]; then
  home=$(printf '%s' "$line" | cut -d: -f6)
  setpriv --reuid "$(id -u -- "$1")" --regid "$(id -g -- "$1")" --clear-groups /bin/sh -c '
    set -eu; umask 077; cd "$1"; cat >.ssh/authorized_keys.new
    mv -fT .ssh/authorized_keys.new .ssh/authorized_keys' sh "$home" <"$note/keys"
  echo restored
else echo kept; fi
forget
`;

export async function undoUser(work: Work, name: string, deleteHome: boolean): Promise<Undone> {
  const said = await runScript(work.machine, undoUserScript, {
    what: `remove the user ${name}`,
    args: [name, noteKey("user", name), deleteHome ? "-r" : ""],
    fix: "end the processes that it still has (pgrep -u), and try again",
  });
  return said.trim() as Undone;
}
