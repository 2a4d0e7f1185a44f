// Docker on a host: from the distribution's packages, or from a repository of Docker's own kind whose key
// is checked by its fingerprint. Nothing is started by the packages: the configuration comes first. An engine that is
// there already is taken over only on request, and never replaced by being asked for.
// Specification: sources.list(5) (deb822), apt_preferences(5), policy-rc.d of Debian's invoke-rc.d.

import { ErrorCode, SdkError } from "../../errors.ts";
import { runJob } from "../operations/job.ts";
import { quote, refuseForeign, type Work } from "../operations/operation.ts";
import { aptLibrary } from "../operations/package.ts";
import { ask, tailOf } from "../script.ts";
import { scriptHead } from "./paths.ts";

export interface RepositorySpec {
  /** Such as https://download.docker.com/linux/debian. */
  readonly url: string;
  /** @defaultValue the codename of the host's system */
  readonly suite?: string | undefined;
  /** @defaultValue stable */
  readonly component?: string | undefined;
  /** The key that signs it, armored. */
  readonly key: string;
}

export interface EngineSpec {
  /** @defaultValue the distribution's own packages */
  readonly repository?: RepositorySpec | undefined;
  /** As apt writes it, or Docker's own part of it: 26.1.5. @defaultValue the newest offered */
  readonly version?: string | undefined;
  /** @defaultValue true */
  readonly hold?: boolean | undefined;
  readonly adopt?: boolean | undefined;
}

export interface ObservedEngine {
  /** The program; undefined where there is none. */
  readonly dockerd: string | undefined;
  /** Docker's own version. */
  readonly version: string;
  /** The package that has the program, its version, and whether apt may change it. */
  readonly packageName: string;
  readonly packageVersion: string;
  readonly held: boolean;
  /** The URN of the resource that installed or adopted it. */
  readonly owner: string | undefined;
  readonly source: string | undefined;
  readonly key: string | undefined;
  readonly isDebian: boolean;
  readonly system: string;
}

const timeoutMs = 30 * 60_000;
const keyFile = "/etc/apt/keyrings/dockwright-docker.asc";
const sourceFile = "/etc/apt/sources.list.d/dockwright-docker.sources";
const marker = "/var/lib/dockwright/docker-engine";

const observeScript = `${scriptHead}
dockerd=$(command -v dockerd) && say dockerd "$dockerd" && say version "$("$dockerd" --version)"
if [ -n "$dockerd" ] && command -v dpkg-query >/dev/null; then
  package=$(dpkg-query -S "$(readlink -f "$dockerd")" 2>/dev/null | sed -n 's/: .*//p' | head -n 1)
  if [ -n "$package" ]; then
    say package "$package"
    say packageversion "$(dpkg-query -W -f '\${Version}' "$package")"
    dpkg-query -W -f '\${db:Status-Abbrev}' "$package" | grep -q ^h && say held yes
  fi
fi
command -v apt-get >/dev/null && say apt yes
say system "$(. /etc/os-release 2>/dev/null; echo "\${PRETTY_NAME:-}")"
[ -f ${marker} ] && say64 owner < ${marker}
[ -f ${sourceFile} ] && say64 source < ${sourceFile}
[ -f ${keyFile} ] && say64 key < ${keyFile}
exit 0
`;

export async function observeEngine(work: Work): Promise<ObservedEngine> {
  const said = await ask(work.machine, observeScript, {
    what: "look at the Docker engine",
    ...(work.signal ? { signal: work.signal } : {}),
  });
  const text = (key: string) => said.get(key) ?? "";
  return {
    dockerd: said.get("dockerd"),
    version: /version ([^ ,]+)/.exec(text("version"))?.[1] ?? "",
    packageName: text("package"),
    packageVersion: text("packageversion"),
    held: text("held") === "yes",
    owner: said.get("owner")?.trim(),
    source: said.get("source"),
    key: said.get("key"),
    isDebian: text("apt") === "yes",
    system: text("system"),
  };
}

/** Whether a version of a package is the declared one: in whole, or in Docker's own part. */
export function isVersion(packageVersion: string, declared: string): boolean {
  const bare = packageVersion.replace(/^\d+:/, "");
  const rest = bare.startsWith(declared) ? bare.slice(declared.length) : undefined;
  return packageVersion === declared || rest === "" || /^[-+~]/.test(rest ?? "");
}

/** The repository as apt reads it; the codename stands for \`$suite\` of the script. */
export function sourceText({ url, component = "stable" }: RepositorySpec, suite: string): string {
  return `# Made by Dockwright.
Types: deb
URIs: ${url}
Suites: ${suite}
Components: ${component}
Signed-By: ${keyFile}
`;
}

function repositoryScript(repository: RepositorySpec | undefined): string {
  if (!repository) return `rm -f ${sourceFile} ${keyFile}\n`;
  const suite = repository.suite ?? "";
  return `suite=${quote(suite)}
[ -n "$suite" ] || suite=$(. /etc/os-release; echo "$VERSION_CODENAME")
mkdir -p /etc/apt/keyrings
printf '%s\\n' ${quote(repository.key.trim())} >${keyFile}.new
chmod 644 ${keyFile}.new
mv ${keyFile}.new ${keyFile}
printf '%s' ${quote(sourceText(repository, "@suite@"))} | sed "s/@suite@/$suite/" >${sourceFile}.new
chmod 644 ${sourceFile}.new
mv ${sourceFile}.new ${sourceFile}
# Its lists alone, and any doubt about them is an error: apt by itself would go on with those of before.
tries=3
until apt update -o Dir::Etc::sourcelist=${sourceFile} -o Dir::Etc::sourceparts=/dev/null \\
  -o APT::Get::List-Cleanup=0 -o APT::Update::Error-Mode=any; do
  tries=$((tries - 1))
  [ "$tries" -gt 0 ] || exit 66
  sleep 2
done
`;
}

/** Packages of an engine: the first has the daemon, the others are taken where they are offered. */
function packagesOf({ repository }: EngineSpec): readonly [string, ...string[]] {
  return repository ? ["docker-ce", "docker-ce-cli", "containerd.io"] : ["docker.io", "docker-cli"];
}

/**
 * The daemon must not start by itself: a first start without configuration makes docker0 where another
 * network may be, and on a host without systemd it would be nobody's child.
 */
const quiet = `policy=/usr/sbin/policy-rc.d made= before=
leave() {
  [ -z "$made" ] || rm -f $policy
  [ -z "$before" ] || put_back
}
trap leave EXIT
trap 'exit 1' HUP INT TERM
if [ ! -e $policy ]; then
  made=yes
  printf '#!/bin/sh\\nexit 101\\n' >$policy
  chmod 755 $policy
fi
`;

/** Until packages change, nothing of ours stays: what refuses the declaration finds the host as it was. */
const keep = `kept=/run/dockwright-docker-engine
ours="${marker} ${sourceFile} ${keyFile}"
rm -rf $kept && mkdir -m 700 $kept
for file in $ours; do [ ! -e $file ] || cp -a $file $kept/; done
put_back() {
  for file in $ours; do
    name=$kept/\${file##*/}
    if [ -e "$name" ]; then cp -a "$name" $file; else rm -f $file; fi
  done
  rm -rf $kept
}
before=$kept
`;

function installScript(work: Work, spec: EngineSpec): string {
  const [main, ...others] = packagesOf(spec);
  const hold = (spec.hold ?? true) ? "hold" : "unhold";
  return `${aptLibrary}${quiet}${keep}
main=${main} want=${quote(spec.version ?? "")}
mkdir -p /var/lib/dockwright
printf '%s\\n' ${quote(work.owner)} >${marker}.new
mv ${marker}.new ${marker}
${repositoryScript(spec.repository)}
offers() { apt-cache show --no-all-versions -- "$1" 2>/dev/null | grep -q '^Package:'; }
list() { apt-cache madison -- "$1" | tr -d ' ' | cut -d'|' -f2; }
resolve() {
  list "$main" | while read -r version; do
    bare=\${version#*:}
    case "$version" in "$want") echo "$version"; break ;; esac
    case "$bare" in "$want"|"$want"[-+~]*) echo "$version"; break ;; esac
  done
}
offers "$main" || update
pin=
if [ -n "$want" ]; then
  version=$(resolve)
  [ -n "$version" ] || { update; version=$(resolve); }
  if [ -z "$version" ]; then
    echo "apt offers no $main $want; it offers:" >&2
    apt-cache madison -- "$main" >&2
    exit 65
  fi
  pin="=$version"
fi
if ! offers "$main"; then echo "apt offers no $main" >&2; exit 65; fi
set -- "$main$pin"
held=$main
for other in ${others.join(" ")}; do
  offers "$other" || continue
  held="$held $other"
  if [ -n "$pin" ] && list "$other" | grep -qxF -- "$version"; then set -- "$@" "$other$pin"
  else set -- "$@" "$other"; fi
done
if [ ! -d /run/systemd/system ] && ! command -v runsvdir >/dev/null; then set -- "$@" runit; fi
command -v ip >/dev/null || set -- "$@" iproute2
before=
rm -rf $kept
apt-mark unhold $held >/dev/null 2>&1 || :
install() { apt install --no-install-recommends --allow-downgrades "$@"; }
install "$@" || { update && install "$@"; }
apt-mark ${hold} $held
`;
}

function refuseExisting(work: Work, seen: ObservedEngine, spec: EngineSpec): void {
  if (seen.dockerd === undefined || spec.adopt) return;
  refuseForeign(work, seen.owner, "the Docker engine");
  if (seen.owner !== undefined) return;
  const origin = seen.packageName === "" ? "" : ` (package ${seen.packageName})`;
  throw new SdkError(
    ErrorCode.Foreign,
    `Docker ${seen.version}${origin} is on ${work.machine.label} already, and was not installed by this resource`,
    { fix: "take it over with adopt: true, or remove it from the host" },
  );
}

/** Whether what is there is what is declared. */
function suffices(seen: ObservedEngine, spec: EngineSpec): boolean {
  if (seen.dockerd === undefined) return false;
  if (spec.version !== undefined && !isVersion(seen.packageVersion, spec.version)) return false;
  // An adopted engine keeps its origin as long as nothing asks for another version.
  if (seen.owner === undefined) return true;
  const { repository } = spec;
  const source = repository !== undefined && seen.source !== undefined;
  if (repository === undefined ? seen.source !== undefined : !source) return false;
  return (
    (seen.packageName === "" || seen.held === (spec.hold ?? true)) &&
    (repository === undefined ||
      (seen.source?.includes(`URIs: ${repository.url}\n`) === true &&
        seen.key?.trim() === repository.key.trim()))
  );
}

/** Installs what is declared, where it is not there; gives what is there now. */
export async function ensureEngine(work: Work, spec: EngineSpec): Promise<ObservedEngine> {
  const seen = await observeEngine(work);
  refuseExisting(work, seen, spec);
  if (suffices(seen, spec)) {
    if (seen.owner === work.owner) return seen;
    const hold = spec.hold ?? true;
    await claimEngine(work, seen, hold);
    return { ...seen, owner: work.owner, held: seen.packageName !== "" && hold };
  }
  if (!seen.isDebian) {
    throw new SdkError(
      ErrorCode.Refused,
      `${work.machine.label} runs ${seen.system}, and Docker is installed on the Debian family only, by apt`,
      { fix: "install Docker there by other means, and take it over with adopt: true" },
    );
  }
  const { code, stdout, stderr } = await runJob(work, {
    key: "docker-engine",
    what: "install Docker",
    script: installScript(work, spec),
    timeoutMs,
    again: true,
  });
  if (code !== 0) {
    throw new SdkError(
      ErrorCode.CommandFailed,
      `cannot install Docker on ${work.machine.label} (exit code ${code}):\n${tailOf(`${stdout}\n${stderr}`, 20)}`,
    );
  }
  const now = await observeEngine(work);
  if (now.dockerd === undefined) {
    throw new SdkError(
      ErrorCode.Refused,
      `the packages were installed on ${work.machine.label}, but there is no dockerd`,
      { fix: "check that the repository's docker-ce is Docker's" },
    );
  }
  return now;
}

/** Takes an engine over as it is; whether apt leaves it alone is as declared from then on. */
async function claimEngine(work: Work, seen: ObservedEngine, hold: boolean): Promise<void> {
  const script = `${scriptHead}
umask 022
mkdir -p /var/lib/dockwright && cat > ${marker}.new || exit 1
[ -z "$1" ] || apt-mark "$2" "$1" >&2 || exit 1
mv ${marker}.new ${marker}`;
  await ask(work.machine, script, {
    what: "take Docker over",
    args: [seen.packageName, hold ? "hold" : "unhold"],
    input: `${work.owner}\n`,
  });
}

/** Gives the engine up: its packages and data stay, and apt may change them again. */
export async function releaseEngine(work: Work): Promise<void> {
  const script = `${scriptHead}
[ "$(cat ${marker} 2>/dev/null)" = "$1" ] || exit 0
if command -v apt-mark >/dev/null; then
  for name in docker.io docker-cli docker-ce docker-ce-cli containerd.io; do
    apt-mark showhold "$name" 2>/dev/null | grep -q . && apt-mark unhold "$name" >&2
  done
fi
rm -f ${sourceFile} ${keyFile} ${marker}
`;
  await ask(work.machine, script, { what: "give Docker up", args: [work.owner] });
}
