// One kernel parameter: its value now, and a file in /etc/sysctl.d for the next start of the machine.

import { ErrorCode, SdkError } from "../../errors.ts";
import { ask, runScript } from "../script.ts";
import { type Difference, noteKey, noteLibrary, refuseForeign, type Work } from "./operation.ts";

export interface SysctlSpec {
  /** As sysctl(8) writes it: `net.ipv4.ip_forward`. */
  readonly name: string;
  readonly value: string;
}

export interface ObservedSysctl {
  /** Undefined where the kernel has no such parameter. */
  readonly value: string | undefined;
  /** The value that our file sets; undefined where there is none. */
  readonly kept: string | undefined;
  readonly notedBy: string | undefined;
}

/** Words apart by one space: the kernel prints tabs where people write spaces. */
export const normalValue = (value: string) => value.trim().split(/\s+/).join(" ");

/** Its file below /proc/sys. In names a slash stands for a dot of a device's name, as sysctl(8) says. */
export function sysctlPath(name: string): string {
  const swap = (text: string) => text.replace(/[./]/g, (sign) => (sign === "." ? "/" : "."));
  const firstSlash = name.indexOf("/");
  const firstDot = name.indexOf(".");
  const slashes = firstSlash >= 0 && (firstDot < 0 || firstSlash < firstDot);
  return `/proc/sys/${slashes ? name : swap(name)}`;
}

/** A late name, so that it wins over the distribution's. */
export const sysctlFile = (name: string) =>
  `/etc/sysctl.d/90-dockwright-${name.replaceAll("/", "_")}.conf`;

const argsOf = (name: string) => [sysctlPath(name), sysctlFile(name), noteKey("sysctl", name)];

const observeScript = `${noteLibrary}
note_of "$3"
say noted "$noted_by"
[ ! -r "$1" ] || say64 value <"$1"
[ ! -r "$2" ] || sed -n 's/^[^#=]*=/kept=/p' "$2"
`;

export async function observeSysctl(work: Work, name: string): Promise<ObservedSysctl> {
  const said = await ask(work.machine, observeScript, {
    what: `look at the kernel parameter ${name}`,
    args: argsOf(name),
    ...(work.signal ? { signal: work.signal } : {}),
  });
  const value = said.get("value");
  const kept = said.get("kept");
  const noted = said.get("noted");
  return {
    value: value === undefined ? undefined : normalValue(value),
    kept: kept === undefined ? undefined : normalValue(kept),
    notedBy: noted === "" ? undefined : noted,
  };
}

export function planSysctl(spec: SysctlSpec, seen: ObservedSysctl): readonly Difference[] {
  const want = normalValue(spec.value);
  const differences: Difference[] = [];
  if (seen.value !== want)
    differences.push({ field: "value", from: seen.value ?? "none", to: want });
  if (seen.kept !== want) differences.push({ field: "kept", from: seen.kept ?? "none", to: want });
  return differences;
}

const changeScript = `set -eu
${noteLibrary}
note_of "$3"
parameter=$1
write_note() { cat "$parameter" >"$1/value"; }
remember "$4"
printf '%s\\n' "$6" >"$1"
mkdir -p /etc/sysctl.d
umask 022
printf '# Written by Dockwright; it goes when the resource goes.\\n%s = %s\\n' "$5" "$6" >"$2.new"
mv -fT "$2.new" "$2"
`;

/** Sets the parameter as declared; gives what was changed. */
export async function ensureSysctl(work: Work, spec: SysctlSpec): Promise<readonly Difference[]> {
  const seen = await observeSysctl(work, spec.name);
  refuseForeign(work, seen.notedBy, `the kernel parameter ${spec.name}`);
  if (seen.value === undefined) {
    const words = `the kernel of ${work.machine.label} has no parameter ${spec.name}`;
    throw new SdkError(ErrorCode.Refused, words, {
      fix: "check the name, and load the kernel module that brings it",
    });
  }
  const differences = planSysctl(spec, seen);
  if (differences.length === 0 && seen.notedBy === work.owner) return differences;
  await runScript(work.machine, changeScript, {
    what: `set the kernel parameter ${spec.name}`,
    args: [...argsOf(spec.name), work.owner, spec.name, normalValue(spec.value)],
    ...(work.signal ? { signal: work.signal } : {}),
  });
  return differences;
}

const undoScript = `set -eu
${noteLibrary}
note_of "$3"
rm -f "$2"
if [ -d "$note" ]; then
  [ ! -e "$1" ] || cat "$note/value" >"$1"
  forget
fi
`;

/** Puts the former value back. */
export async function undoSysctl(work: Work, name: string): Promise<void> {
  await runScript(work.machine, undoScript, {
    what: `undo the kernel parameter ${name}`,
    args: argsOf(name),
  });
}
