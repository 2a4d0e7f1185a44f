// A supervised process: a systemd unit, or a runit service where there is no systemd. Its files, whether
// it starts with the machine, and whether it runs. What has been written and not yet taken up by a
// running process is noted on the host, so that a run that was cut off there is finished by the next.

import { ErrorCode, SdkError } from "../../errors.ts";
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
import {
  logCommand,
  type ReadDefinition,
  readDefinition,
  type Supervisor,
  type UnitFile,
  type UnitSpec,
  unitFiles,
  unitName,
  unitPaths,
} from "./unit-files.ts";

export interface ObservedUnit {
  readonly supervisor: Supervisor | "none";
  /** Whether the supervisor knows a unit of that name, whoever wrote it. */
  readonly exists: boolean;
  readonly files: ReadonlyMap<string, string>;
  readonly definition: ReadDefinition;
  readonly enabled: boolean;
  readonly running: boolean;
  /** Files were changed, and the running process does not know yet. */
  readonly pending: boolean;
  readonly notedBy: string | undefined;
}

export type UnitStep = "write" | "enable" | "disable" | "start" | "stop" | "restart" | "reload";

export interface UnitPlan {
  readonly differences: readonly Difference[];
  readonly steps: readonly UnitStep[];
}

/** $1 the name, $2 the unit's name for systemd, $3 the note. */
const observeScript = `${noteLibrary}
note_of "$3"
say noted "$noted_by"
[ ! -e "$note/pending" ] || say pending yes
show() { [ ! -f "$1" ] || printf 'file.%s=%s\\n' "$(printf '%s' "$1" | base64 | tr -d '\\n=' | tr '+/' '._')" "$(base64 <"$1" | tr -d '\\n')"; }
if [ -d /run/systemd/system ]; then
  say supervisor systemd
  [ "$(systemctl show -P LoadState -- "$2")" = not-found ] || say exists yes
  state=$(systemctl show -P ActiveState -- "$2")
  case $state in active|reloading|activating) say running yes ;; esac
  case $(systemctl is-enabled -- "$2" 2>/dev/null) in enabled|enabled-runtime|static|alias|indirect) say enabled yes ;; esac
  show "/etc/systemd/system/$2"; show "/etc/dockwright/units/$1.env"
elif command -v runsvdir >/dev/null; then
  say supervisor runit
  [ ! -d "/etc/sv/$1" ] || say exists yes
  [ ! -e "/etc/service/$1" ] || [ -e "/etc/sv/$1/down" ] || say enabled yes
  case $(sv status "/etc/service/$1" 2>/dev/null) in run:*) say running yes ;; esac
  for each in "/etc/sv/$1/run" "/etc/sv/$1/log/run" "/etc/sv/$1/env/"*; do show "$each"; done
else say supervisor none; fi
`;

function pathOf(key: string): string {
  const text = key.slice("file.".length).replaceAll(".", "+").replaceAll("_", "/");
  return Buffer.from(text, "base64").toString("utf8");
}

export async function observeUnit(work: Work, name: string): Promise<ObservedUnit> {
  const said = await ask(work.machine, observeScript, {
    what: `look at the unit ${name}`,
    args: [name, unitName(name), noteKey("unit", name)],
    ...(work.signal ? { signal: work.signal } : {}),
  });
  const supervisor = (said.get("supervisor") ?? "none") as ObservedUnit["supervisor"];
  const files = new Map<string, string>();
  for (const [key, value] of said) {
    if (key.startsWith("file."))
      files.set(pathOf(key), Buffer.from(value, "base64").toString("utf8"));
  }
  const noted = said.get("noted");
  return {
    supervisor,
    exists: said.get("exists") === "yes",
    files,
    definition: supervisor === "none" ? {} : readDefinition(name, supervisor, files),
    enabled: said.get("enabled") === "yes",
    running: said.get("running") === "yes",
    pending: said.get("pending") === "yes",
    notedBy: noted === "" ? undefined : noted,
  };
}

/** The files whose text differs, and those of ours that the description has no more. */
function changedFiles(files: readonly UnitFile[], seen: ObservedUnit): readonly string[] {
  if (files.length === 0) return [];
  const wanted = new Map(files.map(({ path, content }) => [path, content]));
  const written = files.filter(({ path, content }) => seen.files.get(path) !== content);
  const stale = [...seen.files.keys()].filter((path) => !wanted.has(path));
  return [...written.map(({ path }) => path), ...stale];
}

export function planUnit(spec: UnitSpec, seen: ObservedUnit, triggered: boolean): UnitPlan {
  if (seen.supervisor === "none") return { differences: [], steps: [] };
  const changed = changedFiles(unitFiles(spec, seen.supervisor), seen);
  const differences: Difference[] = changed.map((path) => ({
    field: spec.content === undefined ? "command" : "content",
    from: seen.files.has(path) ? `another ${path}` : "none",
    to: path,
  }));
  const steps: UnitStep[] = changed.length > 0 ? ["write"] : [];
  if (seen.enabled !== spec.enabled) {
    differences.push({ field: "enabled", from: String(seen.enabled), to: String(spec.enabled) });
    steps.push(spec.enabled ? "enable" : "disable");
  }
  if (seen.running !== spec.running) {
    differences.push({ field: "running", from: String(seen.running), to: String(spec.running) });
    steps.push(spec.running ? "start" : "stop");
  } else if (spec.running && (changed.length > 0 || seen.pending || triggered)) {
    steps.push(spec.onChange);
  }
  return { differences, steps };
}

function refuseUnfit(work: Work, spec: UnitSpec, seen: ObservedUnit): void {
  const where = work.machine.label;
  if (seen.supervisor === "none") {
    throw new SdkError(
      ErrorCode.Refused,
      `${where} has neither systemd nor runit to supervise ${spec.name}`,
      {
        fix: "install the package runit, and let this depend on it",
      },
    );
  }
  if (seen.supervisor === "runit" && spec.content !== undefined) {
    const words = `${where} has no systemd, and content of ${spec.name} is a systemd unit`;
    throw new SdkError(ErrorCode.Refused, words, { fix: "give command instead: it is for both" });
  }
  if (!seen.exists && spec.content === undefined && spec.command === undefined) {
    throw new SdkError(ErrorCode.Refused, `${where} has no unit ${spec.name}`, {
      fix: "give command or content, or let this depend on the package that brings it",
    });
  }
}

const stepLines: Readonly<
  Record<Supervisor, Readonly<Record<Exclude<UnitStep, "write">, string>>>
> = {
  systemd: {
    enable: 'systemctl enable -q -- "$unit"',
    disable: 'systemctl disable -q -- "$unit"',
    start: 'systemctl start -- "$unit"',
    stop: 'systemctl stop -- "$unit"',
    restart: 'systemctl restart -- "$unit"',
    reload: 'systemctl reload-or-restart -- "$unit"',
  },
  runit: {
    // runsv starts at once what has no such file, and whether it runs is another step.
    enable: ': >"/etc/sv/$name/down"; supervise; rm -f "/etc/sv/$name/down"',
    disable: ': >"/etc/sv/$name/down"',
    start: 'supervise; sv start "/etc/service/$name"',
    stop: 'supervise; sv stop "/etc/service/$name"',
    restart: 'supervise; sv restart "/etc/service/$name"',
    reload: 'supervise; sv hup "/etc/service/$name"',
  },
};

/** Where runsvdir does not run yet, nothing is supervised: it is started for good. */
const runitLibrary = `
supervise() {
  mkdir -p /etc/service
  [ -e "/etc/service/$name" ] || ln -s "/etc/sv/$name" "/etc/service/$name"
  pgrep -x runsvdir >/dev/null 2>&1 || pidof runsvdir >/dev/null 2>&1 ||
    setsid runsvdir -P /etc/service </dev/null >/dev/null 2>&1 &
  left=80
  until sv status "/etc/service/$name" >/dev/null 2>&1; do
    left=$((left - 1)); [ "$left" -gt 0 ] || { echo "runsvdir does not take up $name" >&2; return 1; }
    sleep 0.1
  done
}
`;

/** Files come through standard input: `PATH MODE BASE64`, a line each; then an empty line. */
function changeScript(supervisor: Supervisor, steps: readonly UnitStep[]): string {
  const lines = steps.map((step) => (step === "write" ? "" : stepLines[supervisor][step]));
  const running = steps.some((step) => ["restart", "reload", "start"].includes(step));
  return `set -eu
${noteLibrary}
name=$1 unit=$2 paths=$5 existed=$6 state=$7
note_of "$3"
write_note() {
  mkdir "$1/files"
  for path in $paths; do
    [ ! -f "$path" ] || cp -p -- "$path" "$1/files/$(printf '%s' "$path" | tr / %)"
  done
  [ "$existed" = yes ] || : >"$1/absent"
  printf '%s' "$state" >"$1/state"
}
remember "$4"
${supervisor === "runit" ? runitLibrary : ""}
${steps.includes("write") ? writeLines(supervisor) : ""}
${lines.join("\n")}
${running ? checkLines(supervisor) : ""}
rm -f "$note/pending"
`;
}

function writeLines(supervisor: Supervisor): string {
  return `: >"$note/pending"
umask 022
${supervisor === "runit" ? 'rm -rf "/etc/sv/$name/env"' : 'rm -f "/etc/dockwright/units/$name.env"'}
while read -r path mode content && [ -n "$path" ]; do
  mkdir -p "$(dirname "$path")"
  ( umask 077; printf '%s' "$content" | base64 -d >"$path.new" )
  chmod "$mode" "$path.new"
  mv -fT "$path.new" "$path"
done
${supervisor === "systemd" ? "systemctl daemon-reload" : ""}`;
}

/** A process that ends at once is started again and again: what runs after a second counts. */
function checkLines(supervisor: Supervisor): string {
  const check =
    supervisor === "systemd"
      ? 'case $(systemctl show -P ActiveState -- "$unit") in active|reloading) true ;; *) [ "$(systemctl show -P Type -- "$unit")" = oneshot ] ;; esac'
      : 'case $(sv status "/etc/service/$name") in run:*) [ -n "$process" ] && [ "$(cat "/etc/service/$name/supervise/pid")" = "$process" ] ;; *) false ;; esac';
  const before =
    supervisor === "runit" ? 'sleep 0.2; process=$(cat "/etc/service/$name/supervise/pid")\n' : "";
  return `${before}sleep 1
alive() { ${check}; }
alive || { echo "it does not stay up" >&2; exit 66; }`;
}

/** Makes the unit as declared; gives what was changed and done. */
export async function ensureUnit(
  work: Work,
  spec: UnitSpec,
  triggered: boolean,
): Promise<UnitPlan> {
  const seen = await observeUnit(work, spec.name);
  refuseForeign(work, seen.notedBy, `the unit ${spec.name}`);
  refuseUnfit(work, spec, seen);
  const plan = planUnit(spec, seen, triggered);
  if (seen.supervisor === "none") return plan;
  if (plan.steps.length === 0 && seen.notedBy === work.owner) return plan;
  const { supervisor } = seen;
  const files = unitFiles(spec, supervisor);
  const lines = files.map(
    ({ path, mode, content }) => `${path} ${mode} ${Buffer.from(content).toString("base64")}\n`,
  );
  const args = [
    spec.name,
    unitName(spec.name),
    noteKey("unit", spec.name),
    work.owner,
    unitPaths(spec.name, supervisor).join(" "),
    seen.exists ? "yes" : "no",
    `${seen.enabled ? "enabled" : "disabled"} ${seen.running ? "running" : "stopped"}`,
  ];
  await runSteps(work, spec, supervisor, {
    script: changeScript(supervisor, plan.steps),
    args,
    input: `${lines.join("")}\n`,
  });
  return plan;
}

async function runSteps(
  work: Work,
  { name }: UnitSpec,
  supervisor: Supervisor,
  call: { readonly script: string; readonly args: readonly string[]; readonly input: string },
): Promise<void> {
  const how = { ...(work.signal ? { signal: work.signal } : {}), timeoutMs: 180_000 };
  try {
    await runScript(work.machine, call.script, {
      what: `bring the unit ${name} to its declared state`,
      args: call.args,
      input: call.input,
      ...how,
    });
  } catch (error) {
    if (!(error instanceof SdkError) || error.code !== ErrorCode.CommandFailed) throw error;
    const { stdout } = await work.machine.run(`${logCommand(name, supervisor)} 2>/dev/null`, how);
    if (stdout.trim() === "") throw error;
    throw new SdkError(error.code, `${error.message}\nits last lines:\n${stdout.trimEnd()}`);
  }
}

const undoScript = `set -eu
${noteLibrary}
name=$1 unit=$2
note_of "$3"
if [ ! -d "$note" ]; then echo kept; exit 0; fi
state=$(cat "$note/state")
put_back() {
  for path in $4; do
    copy="$note/files/$(printf '%s' "$path" | tr / %)"
    if [ -f "$copy" ]; then cp -p -- "$copy" "$path"; else rm -f -- "$path"; fi
  done
}
if [ -d /run/systemd/system ]; then
  if [ -e "$note/absent" ]; then
    systemctl disable -q --now -- "$unit" 2>/dev/null || :
    rm -f "/etc/systemd/system/$unit" "/etc/dockwright/units/$name.env"
    systemctl daemon-reload
    echo removed
  else
    put_back "$@"
    systemctl daemon-reload
    case $state in enabled*) systemctl enable -q -- "$unit" ;; *) systemctl disable -q -- "$unit" ;; esac
    case $state in *running) systemctl start -- "$unit" ;; *) systemctl stop -- "$unit" ;; esac
    echo restored
  fi
elif [ -e "$note/absent" ]; then
  if [ -e "/etc/service/$name" ]; then
    # "exit" ends the supervisor of a service and of its log, once the link is gone.
    sv force-stop "/etc/service/$name" >/dev/null 2>&1 || :
    sv exit "/etc/service/$name" >/dev/null 2>&1 || :
    rm -f "/etc/service/$name"
    left=50
    while sv status "/etc/sv/$name" >/dev/null 2>&1 && [ "$left" -gt 0 ]; do left=$((left - 1)); sleep 0.1; done
  fi
  rm -rf "/etc/sv/$name"
  echo removed
else
  put_back "$@"
  case $state in enabled*) rm -f "/etc/sv/$name/down" ;; *) : >"/etc/sv/$name/down" ;; esac
  case $state in
    *running) sv restart "/etc/service/$name" >/dev/null || : ;;
    *) sv stop "/etc/service/$name" >/dev/null || : ;;
  esac
  echo restored
fi
forget
`;

/** Takes the unit away where it was made here; else puts back what was there before. */
export async function undoUnit(work: Work, name: string): Promise<Undone> {
  const paths = [...unitPaths(name, "systemd"), ...unitPaths(name, "runit")];
  const said = await runScript(work.machine, undoScript, {
    what: `remove the unit ${quote(name)}`,
    args: [name, unitName(name), noteKey("unit", name), paths.join(" ")],
    timeoutMs: 180_000,
  });
  return said.trim() as Undone;
}
