// What an audit looks at on a live host, read and never written: one script as root, and the
// daemon's own words about itself and its containers.
import type { DockerClient } from "../../sdk/docker/client.ts";
import type { ContainerInspect, DaemonInfo } from "../../sdk/docker/types.ts";
import type { Machine } from "../../sdk/host/machine.ts";
import { ask, type Said } from "../../sdk/host/script.ts";

/** A file or a folder as it is. */
export interface FileFact {
  readonly path: string;
  readonly folder: boolean;
  readonly owner: string;
  readonly group: string;
  /** Octal digits. */
  readonly mode: string;
}

export interface HostFacts {
  /** For messages. */
  readonly label: string;
  readonly files: readonly FileFact[];
  /** Members of the group docker. */
  readonly dockerUsers: readonly string[];
  /** The rules that the kernel's audit follows, as text; empty where there are none. */
  readonly auditRules: string;
  /** Paths that ought to be audited and are there. */
  readonly auditable: readonly string[];
  /** Whether the daemon's data is on a file system of its own. */
  readonly ownPartition: boolean;
  /** The file daemon.json, with the options of the daemon's command line laid over it. */
  readonly daemon: Readonly<Record<string, unknown>>;
  /** The daemon's certificate, as PEM; empty where it has none. */
  readonly certificate: string;
  readonly info: DaemonInfo;
  readonly containers: readonly ContainerInspect[];
  /** Images that no container uses. */
  readonly unusedImages: number;
}

const places = [
  "/etc/docker",
  "/etc/docker/daemon.json",
  "/etc/default/docker",
  "/etc/sysconfig/docker",
  "/run/docker.sock",
  "/run/containerd/containerd.sock",
];
const patterns = [
  "/etc/docker/*.pem",
  "/etc/docker/tls/*.pem",
  "/etc/docker/tls/*/*.pem",
  "/etc/docker/certs.d/*/*",
  "/etc/systemd/system/docker.service",
  "/etc/systemd/system/docker.socket",
  "/etc/systemd/system/docker.service.d/*",
  "/lib/systemd/system/docker.service",
  "/lib/systemd/system/docker.socket",
];
const audited = [
  "/usr/bin/dockerd",
  "/usr/sbin/dockerd",
  "/run/containerd",
  "/var/lib/docker",
  "/etc/docker",
  "/lib/systemd/system/docker.service",
  "/lib/systemd/system/docker.socket",
  "/run/containerd/containerd.sock",
  "/etc/default/docker",
  "/etc/docker/daemon.json",
  "/etc/containerd/config.toml",
  "/usr/bin/containerd",
  "/usr/bin/containerd-shim",
  "/usr/bin/containerd-shim-runc-v2",
  "/usr/bin/runc",
  "/usr/sbin/runc",
];

const script = `
root=$1
for f in ${[...places, ...patterns].join(" ")}; do
  [ -e "$f" ] && stat -L -c '%n|%F|%U|%G|%a' "$f"
done | say64 files
for f in ${audited.join(" ")}; do [ -e "$f" ] && echo "$f"; done | say64 auditable
{ auditctl -l 2>/dev/null || cat /etc/audit/rules.d/*.rules /etc/audit/audit.rules 2>/dev/null; } | say64 rules
getent group docker | cut -d: -f4 | say64 users
say partition "$(stat -c %d "$root" 2>/dev/null),$(stat -c %d "$root/.." 2>/dev/null)"
cat /etc/docker/daemon.json 2>/dev/null | say64 daemon
pid=$(cat /run/docker.pid 2>/dev/null || pidof dockerd | cut -d' ' -f1)
args=
[ -n "$pid" ] && [ -r "/proc/$pid/cmdline" ] && args=$(tr '\\0' '\\n' <"/proc/$pid/cmdline")
printf '%s' "$args" | say64 args
certificate=$(printf '%s' "$args" | sed -n 's/^--tlscert=//p')
[ -n "$certificate" ] || certificate=$(sed -n 's/.*"tlscert" *: *"\\([^"]*\\)".*/\\1/p' /etc/docker/daemon.json 2>/dev/null | head -n 1)
[ -n "$certificate" ] && cat "$certificate" 2>/dev/null | say64 certificate
true
`;

function linesOf(said: Said, key: string): readonly string[] {
  return (said.get(key) ?? "").split("\n").filter((line) => line !== "");
}

function fileFact(line: string): readonly FileFact[] {
  const [path, kind, owner, group, mode] = line.split("|");
  if (!path || owner === undefined || group === undefined || mode === undefined) return [];
  return [{ path, folder: kind === "directory", owner, group, mode: mode.padStart(4, "0") }];
}

/** Names of options that may come more than once are lists in daemon.json, and in the plural. */
const plurals: Readonly<Record<string, string>> = {
  H: "hosts",
  host: "hosts",
  "insecure-registry": "insecure-registries",
  "authorization-plugin": "authorization-plugins",
  "storage-opt": "storage-opts",
  "log-opt": "log-opts",
  "default-ulimit": "default-ulimits",
};

function valueOf(text: string | undefined): unknown {
  if (text === undefined || text === "true") return true;
  return text === "false" ? false : text;
}

/** The options of a daemon's command line, by the names that they have in daemon.json. */
export function optionsOf(args: readonly string[]): Readonly<Record<string, unknown>> {
  const options: Record<string, unknown> = {};
  for (const [index, arg] of args.entries()) {
    const [, name, given] = /^--?([A-Za-z][\w-]*)(?:=(.*))?$/s.exec(arg) ?? [];
    if (name === undefined) continue;
    const next = args[index + 1];
    const value = given ?? (next === undefined || next.startsWith("-") ? undefined : next);
    const plural = plurals[name];
    const before = plural === undefined ? [] : (options[plural] ?? []);
    if (plural === undefined) options[name] = valueOf(value);
    else if (Array.isArray(before)) options[plural] = [...before, value];
  }
  return options;
}

function parseConfig(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = text === "" ? {} : JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    // A daemon that runs has read another one; what it says itself counts.
    return {};
  }
}

/** Reads a host. Needs root there, and a daemon that answers. */
export async function readHost(machine: Machine, docker: DockerClient): Promise<HostFacts> {
  const info = await docker.system.info();
  const [said, summaries, images] = await Promise.all([
    ask(machine, script, { what: "read what an audit needs", args: [info.DockerRootDir] }),
    docker.containers.list({ all: true }),
    docker.images.list(),
  ]);
  const containers = await Promise.all(summaries.map(({ Id }) => docker.containers.inspect(Id)));
  const used = new Set(summaries.map(({ ImageID }) => ImageID));
  const [own, above] = (said.get("partition") ?? "").split(",");
  return {
    label: machine.label,
    info,
    files: linesOf(said, "files").flatMap(fileFact),
    dockerUsers: linesOf(said, "users").flatMap((line) => line.split(",")),
    auditRules: said.get("rules") ?? "",
    auditable: linesOf(said, "auditable"),
    ownPartition: own !== above,
    daemon: {
      ...parseConfig(said.get("daemon") ?? ""),
      ...optionsOf(linesOf(said, "args").slice(1)),
    },
    certificate: said.get("certificate") ?? "",
    containers: containers.filter((one) => one !== undefined),
    unusedImages: images.filter(({ Id }) => !used.has(Id)).length,
  };
}
