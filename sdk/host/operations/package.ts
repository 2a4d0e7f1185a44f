// One package by apt: installed, at a version or at any, held or not. The machine's own apt runs are
// waited for; an installation goes on when the connection is lost. What was not there before goes with
// the resource, unless something else needs it by then. Systems without apt are refused by name.

import { createHash } from "node:crypto";
import { ErrorCode, SdkError } from "../../errors.ts";
import { parseOsRelease } from "../facts.ts";
import { ask, tailOf } from "../script.ts";
import type { Undone } from "./file.ts";
import { runJob } from "./job.ts";
import {
  type Difference,
  noteKey,
  noteLibrary,
  quote,
  refuseForeign,
  type Work,
} from "./operation.ts";

export interface PackageSpec {
  readonly name: string;
  /** Exactly this one, as `apt-cache madison` writes it. */
  readonly version?: string;
  readonly hold?: boolean;
  /** Whether what it recommends is installed with it. */
  readonly recommends?: boolean;
}

export interface ObservedPackage {
  readonly installed: boolean;
  readonly version: string;
  readonly held: boolean;
  readonly notedBy: string | undefined;
}

const timeoutMs = 30 * 60_000;
const lockTimeoutS = 900;

const observeScript = `${noteLibrary}
note_of "$2"
say noted "$noted_by"
if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
  say64 osrelease </etc/os-release
  exit 0
fi
say apt yes
dpkg-query -W -f '\${db:Status-Abbrev}|\${Version}\\n' -- "$1" 2>/dev/null | grep '^.i' | head -n 1 | sed 's/^/package=/'
`;

export async function observePackage(work: Work, name: string): Promise<ObservedPackage> {
  const said = await ask(work.machine, observeScript, {
    what: `look at the package ${name}`,
    args: [name, noteKey("package", name)],
    ...(work.signal ? { signal: work.signal } : {}),
  });
  if (said.get("apt") !== "yes") throw withoutApt(work, said.get("osrelease") ?? "");
  const [status = "", version = ""] = (said.get("package") ?? "").split("|");
  const noted = said.get("noted");
  return {
    installed: status.startsWith("i", 1),
    version,
    held: status.startsWith("h"),
    notedBy: noted === "" ? undefined : noted,
  };
}

function withoutApt(work: Work, osRelease: string): SdkError {
  const { name, family } = parseOsRelease(osRelease);
  return new SdkError(
    ErrorCode.Refused,
    `${work.machine.label} runs ${name} (family ${family}), and packages are provisioned on the Debian family only, by apt`,
  );
}

export function planPackage(spec: PackageSpec, seen: ObservedPackage): readonly Difference[] {
  if (!seen.installed) {
    return [{ field: "version", from: "none", to: spec.version ?? "the newest that is offered" }];
  }
  const differences: Difference[] = [];
  if (spec.version !== undefined && spec.version !== seen.version) {
    differences.push({ field: "version", from: seen.version, to: spec.version });
  }
  if (spec.hold !== undefined && spec.hold !== seen.held) {
    differences.push({ field: "hold", from: String(seen.held), to: String(spec.hold) });
  }
  return differences;
}

/**
 * Our own runs queue by a lock of our own, which no package's daemon may inherit. The lock of apt's
 * lists has no time-out, so an update is tried a few times.
 */
export const aptLibrary = `set -eu
export DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 APT_LISTCHANGES_FRONTEND=none LC_ALL=C.UTF-8
exec 8>/run/dockwright-apt.lock
flock 8
apt() {
  apt-get -y -q -o DPkg::Lock::Timeout=${lockTimeoutS} -o Dpkg::Use-Pty=0 \\
    -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@" 8>&- </dev/null
}
update() {
  tries=5
  until apt update; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || return 1
    sleep 3
  done
}
if [ -n "$(dpkg --audit)" ]; then dpkg --configure -a 8>&- </dev/null; fi
`;

function installScript(work: Work, spec: PackageSpec, seen: ObservedPackage): string {
  const wanted = spec.version === undefined ? spec.name : `${spec.name}=${spec.version}`;
  const extra = spec.recommends === true ? "" : "--no-install-recommends";
  const install = `apt install ${extra} --allow-downgrades --allow-change-held-packages ${quote(wanted)}`;
  const changes = !seen.installed || (spec.version !== undefined && spec.version !== seen.version);
  const hold =
    spec.hold === undefined
      ? ""
      : `apt-mark ${spec.hold ? "hold" : "unhold"} ${quote(spec.name)}\n`;
  return `${aptLibrary}${noteLibrary}
name=${quote(spec.name)}
list() { dpkg-query -W -f '\${db:Status-Abbrev} \${Package}\\n' | sed -n 's/^.i. *//p' | sort; }
note_of ${quote(noteKey("package", spec.name))}
write_note() { ${seen.installed ? `printf '%s' ${quote(seen.version)} >"$1/version"` : 'list >"$1/absent"; printf \'%s\' "$name" >"$1/name"'}; }
offered() { apt-cache show --no-all-versions -- ${quote(wanted)} 2>/dev/null | grep -q '^Package:'; }
if ${String(changes)}; then
  offered || update
  if ! offered; then
    echo "apt offers no ${wanted.replace(/[^\w.+:~=-]/g, "?")}; it offers:" >&2
    apt-cache madison -- "$name" >&2
    exit 65
  fi
  remember ${quote(work.owner)}
  ${install} || { update && ${install}; }
fi
remember ${quote(work.owner)}
${hold}if [ -e "$note/absent" ]; then list | comm -13 "$note/absent" - >"$note/added.new"; mv "$note/added.new" "$note/added"; fi
`;
}

function jobKey(verb: string, work: Work, name: string): string {
  const hash = createHash("sha256").update(`${work.owner}\0${name}`).digest("hex").slice(0, 16);
  return `${verb}-${hash}`;
}

/** Installs the package as declared; gives what was changed. */
export async function ensurePackage(
  work: Work,
  spec: PackageSpec,
): Promise<{ readonly differences: readonly Difference[]; readonly version: string }> {
  const seen = await observePackage(work, spec.name);
  refuseForeign(work, seen.notedBy, `the package ${spec.name}`);
  const differences = planPackage(spec, seen);
  if (differences.length === 0 && seen.notedBy === work.owner) {
    return { differences, version: seen.version };
  }
  await runApt(work, `install the package ${spec.name}`, {
    key: jobKey("install", work, spec.name),
    script: installScript(work, spec, seen),
  });
  const now = differences.length === 0 ? seen : await observePackage(work, spec.name);
  if (!now.installed) {
    const words = `apt installed something for ${spec.name} on ${work.machine.label}, but no package of that name`;
    throw new SdkError(ErrorCode.Refused, words, { fix: "declare the package that provides it" });
  }
  return { differences, version: now.version };
}

async function runApt(
  work: Work,
  what: string,
  job: { readonly key: string; readonly script: string },
): Promise<string> {
  const { code, stdout, stderr } = await runJob(work, { ...job, what, timeoutMs, again: true });
  if (code === 0) return stdout;
  const tail = tailOf(stderr.includes("apt offers no") ? stderr : `${stdout}\n${stderr}`, 20);
  throw new SdkError(
    ErrorCode.CommandFailed,
    `cannot ${what} on ${work.machine.label} (exit code ${code}):\n${tail}`,
  );
}

/**
 * What another needs stays: where that one is ours too, it goes with that one (the last of several that
 * are deleted takes all along). What came along goes when apt finds that nothing needs it any more.
 */
function removeScript(name: string): string {
  return `${aptLibrary}${noteLibrary}
name=${quote(name)}
would_remove() { apt-get -s -q "$@" 2>/dev/null | sed -n 's/^Remv \\([^ :]*\\).*/\\1/p'; }
note_of ${quote(noteKey("package", name))}
if [ ! -e "$note/absent" ]; then forget; echo dockwright: kept; exit 0; fi
if dpkg-query -W -f '\${db:Status-Abbrev}' -- "$name" 2>/dev/null | grep -q '^.i'; then
  others=$(would_remove remove -- "$name" | grep -vxF -- "\${name%%:*}" || :)
  for other in $others; do
    for its in "$notes"/package_*; do
      [ "$(cat "$its/name" 2>/dev/null)" = "$other" ] || continue
      apt-mark auto "$name"
      printf '%s\\n' "\${name%%:*}" | cat - "$note/added" >>"$its/added"
      forget; echo "dockwright: goes with $other"; exit 0
    done
  done
  came=$(cat "$notes"/package_*/added 2>/dev/null || :)
  for other in $others; do
    if ! printf '%s\\n' "$came" | grep -qxF -- "$other"; then
      forget; echo "dockwright: needed by $other"; exit 0
    fi
  done
  apt remove --allow-change-held-packages -- "$name"
  for other in $(would_remove autoremove); do
    if grep -qxF -- "$other" "$note/added" 2>/dev/null; then apt remove -- "$other"; fi
  done
fi
forget
echo dockwright: removed
`;
}

/** Removes the package where it was installed here and nothing else needs it. */
export async function undoPackage(
  work: Work,
  name: string,
): Promise<{ readonly undone: Undone; readonly neededBy?: string }> {
  const stdout = await runApt(work, `remove the package ${name}`, {
    key: jobKey("remove", work, name),
    script: removeScript(name),
  });
  const neededBy = /^dockwright: needed by (.*)$/m.exec(stdout)?.[1];
  if (neededBy !== undefined) return { undone: "kept", neededBy };
  return { undone: stdout.includes("dockwright: removed") ? "removed" : "kept" };
}
