// The daemon of a host as it is, read in one round trip: its program, its process, its files, and what
// an earlier change left.

import { createHash } from "node:crypto";
import { ErrorCode, SdkError } from "../../errors.ts";
import type { Machine } from "../machine.ts";
import { ask, type Said } from "../script.ts";
import type { DaemonSite } from "./files.ts";
import type { JsonMap } from "./option.ts";
import {
  daemonJsonTarget,
  dropIn,
  type Init,
  scriptHead,
  servicePath,
  transaction,
} from "./paths.ts";
import { parseJson } from "./render.ts";

export interface GuardResult {
  readonly status: "committed" | "restored" | "lost";
  readonly generation: string;
  readonly reason: string;
  readonly seconds: number;
  /** The daemon's last lines at the moment of the failure. */
  readonly words: string;
}

export interface ObservedDaemon {
  readonly init: Init | undefined;
  /** The program, absolute; undefined where Docker is not installed. */
  readonly dockerd: string | undefined;
  readonly version: string;
  readonly containerd: string | undefined;
  /** The running process, and how it was started. */
  readonly pid: number | undefined;
  readonly command: string;
  /** daemon.json as text; undefined where there is none. */
  readonly json: string | undefined;
  /** Whether daemon.json is our link. */
  readonly linked: boolean;
  readonly service: string | undefined;
  /** Files of the service that are not ours and say another start command. */
  readonly otherDropIns: readonly string[];
  readonly generation: string | undefined;
  /** SHA-256 by path below the generation's folder. */
  readonly hashes: ReadonlyMap<string, string>;
  readonly modes: ReadonlyMap<string, string>;
  readonly environment: string;
  /** The bridge that we made, as it is: its address is empty where it has none, or is gone. */
  readonly bridge: { readonly name: string; readonly address: string } | undefined;
  /** Whether the program was replaced since the daemon was started. */
  readonly outdated: boolean;
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  /** The URN of the resource whose configuration it is. */
  readonly owner: string | undefined;
  /** The change under way, if there is one. */
  readonly change: { readonly generation: string; readonly guarded: boolean } | undefined;
  /** How the last change ended. */
  readonly result: GuardResult | undefined;
}

const script = `${scriptHead}
T=${transaction}
if [ -d /run/systemd/system ]; then init=systemd service=${dropIn}
elif command -v runsvdir >/dev/null; then init=runit service=${servicePath("runit")}
else init= service=; fi
say init "$init"
dockerd=$(command -v dockerd) && say dockerd "$dockerd" && say version "$("$dockerd" --version)"
if [ "$init" = systemd ]; then
  systemctl cat containerd.service >/dev/null 2>&1 && say containerd /run/containerd/containerd.sock
  for file in /etc/systemd/system/docker.service.d/*.conf; do
    [ "$file" != "$service" ] && grep -qs '^ExecStart=.' "$file" && say "dropin.$(basename "$file" | tr -c 'a-z0-9\\n' _)" "$file"
  done
  pid=$(systemctl show -p MainPID --value docker.service 2>/dev/null)
else pid=$(cat /etc/sv/docker/supervise/pid 2>/dev/null); fi
is_dockerd() { [ -n "$1" ] && [ "$(cat "/proc/$1/comm" 2>/dev/null)" = dockerd ]; }
is_dockerd "$pid" || pid=$(cat /var/run/docker.pid 2>/dev/null)
is_dockerd "$pid" && case "$(readlink "/proc/$pid/exe")" in *deleted*) say outdated yes ;; esac
is_dockerd "$pid" && say pid "$pid" && say command "$(tr '\\0' ' ' < "/proc/$pid/cmdline")"
if [ -e "$J" ] || [ -L "$J" ]; then say64 json < "$J" 2>/dev/null || say json ''; fi
say link "$(readlink "$J" 2>/dev/null)"
[ -z "$service" ] || [ ! -f "$service" ] || say64 service < "$service"
say generation "$(readlink "$B/current" 2>/dev/null)"
if [ -d "$B/current/" ]; then
  for file in daemon.json bridge.sh environment tls/ca.pem tls/cert.pem tls/key.pem; do
    [ -f "$B/current/$file" ] || continue
    say "hash.$(echo "$file" | tr -c 'a-z.\\n' _)" "$(sha256sum < "$B/current/$file" | cut -c1-64)"
    say "mode.$(echo "$file" | tr -c 'a-z.\\n' _)" "$(stat -c %a "$B/current/$file")"
  done
  [ -f "$B/current/environment" ] && say64 environment < "$B/current/environment"
  [ -f "$B/current/tls/ca.pem" ] && say64 ca < "$B/current/tls/ca.pem"
  [ -f "$B/current/tls/cert.pem" ] && say64 cert < "$B/current/tls/cert.pem"
fi
if [ -f "$B/bridge" ]; then
  say bridge "$(cat "$B/bridge")"
  say bridgeaddress "$(ip -o -4 address show dev "$(cat "$B/bridge")" 2>/dev/null | tr -s ' ' | cut -d' ' -f4 | head -n 1)"
fi
[ -f "$B/owner" ] && say64 owner < "$B/owner"
if [ -f "$T/plan" ]; then
  say change "$(sed -n 's/^GEN=//p' "$T/plan")"
  flock -n "$B/lock" true && say guarded no || say guarded yes
fi
[ -f "$B/result" ] && say64 result < "$B/result"
exit 0
`;

/** The key under which a file's hash is said. */
function keyOf(path: string): string {
  return path.replace(/[^a-z.]/g, "_");
}

const ourFiles = [
  "daemon.json",
  "bridge.sh",
  "environment",
  "tls/ca.pem",
  "tls/cert.pem",
  "tls/key.pem",
];

function mapOf(said: Said, prefix: string): ReadonlyMap<string, string> {
  return new Map(
    ourFiles.flatMap((path) => {
      const value = said.get(`${prefix}.${keyOf(path)}`);
      return value === undefined ? [] : [[path, value] as const];
    }),
  );
}

/** The guard's result file. */
export function parseResult(text: string): GuardResult | undefined {
  const [head = "", ...words] = text.split("\n--\n");
  const values = new Map(
    head.split("\n").map((line) => {
      const at = line.indexOf("=");
      return [line.slice(0, at), line.slice(at + 1)] as const;
    }),
  );
  const status = values.get("status");
  if (status !== "committed" && status !== "restored" && status !== "lost") return undefined;
  return {
    status,
    generation: values.get("generation") ?? "",
    reason: values.get("reason") ?? "",
    seconds: Number(values.get("seconds") ?? 0),
    words: words.join("\n--\n").trim(),
  };
}

const textOf = (said: Said, key: string) => {
  const value = said.get(key);
  return value === undefined || value === "" ? undefined : value;
};

/** Reads it. */
export async function observeDaemon(
  machine: Machine,
  signal?: AbortSignal,
): Promise<ObservedDaemon> {
  const said = await ask(machine, script, {
    what: "look at the Docker daemon",
    ...(signal ? { signal } : {}),
  });
  const pid = Number(said.get("pid") ?? 0);
  const change = textOf(said, "change");
  return {
    init: textOf(said, "init") as Init | undefined,
    dockerd: textOf(said, "dockerd"),
    version: /version ([^ ,]+)/.exec(said.get("version") ?? "")?.[1] ?? "",
    containerd: textOf(said, "containerd"),
    pid: pid > 0 ? pid : undefined,
    command: (said.get("command") ?? "").trim(),
    json: said.get("json"),
    linked: said.get("link") === daemonJsonTarget,
    service: said.get("service"),
    otherDropIns: [...said].flatMap(([key, value]) => (key.startsWith("dropin.") ? [value] : [])),
    generation: textOf(said, "generation"),
    hashes: mapOf(said, "hash"),
    modes: mapOf(said, "mode"),
    environment: said.get("environment") ?? "",
    bridge:
      textOf(said, "bridge") === undefined
        ? undefined
        : { name: said.get("bridge") ?? "", address: said.get("bridgeaddress") ?? "" },
    outdated: said.get("outdated") === "yes",
    ca: said.get("ca"),
    cert: said.get("cert"),
    owner: textOf(said, "owner")?.trim(),
    change:
      change === undefined
        ? undefined
        : { generation: change, guarded: said.get("guarded") === "yes" },
    result: parseResult(said.get("result") ?? ""),
  };
}

/** What the files depend on; refuses a host without Docker or without something that keeps it running. */
export function siteOf(machine: Machine, seen: ObservedDaemon): DaemonSite {
  if (seen.dockerd === undefined) {
    throw new SdkError(ErrorCode.Missing, `Docker is not installed on ${machine.label}`, {
      fix: "declare a DockerEngine on the host first, or install Docker",
    });
  }
  if (seen.init === undefined) {
    throw new SdkError(
      ErrorCode.Missing,
      `nothing on ${machine.label} keeps services running: neither systemd nor runit is there`,
      { fix: "declare a DockerEngine on the host, which installs runit, or install it" },
    );
  }
  const { init, dockerd, version, containerd } = seen;
  return { init, dockerd, version, ...(containerd === undefined ? {} : { containerd }) };
}

/** daemon.json's content; empty where there is none or where it is no JSON. */
export function jsonOf(seen: ObservedDaemon): JsonMap {
  return parseJson(seen.json ?? "") ?? {};
}

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
