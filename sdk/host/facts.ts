// What there is to know of a machine before anything is done to it: one script, one round trip, and
// a pure parser of what it prints. What a system does not tell is empty or 0, never an error, so that
// facts can be had of any system, also of those that nothing here can provision.

import type { Machine } from "./machine.ts";
import { parseSaid, runScript, type Said, sayLibrary } from "./script.ts";

export type OsFamily = "debian" | "rhel" | "alpine" | "suse" | "arch" | "other";
export type InitSystem = "systemd" | "runit" | "openrc" | "sysv" | "none";
export type IptablesFlavour = "nft" | "legacy" | "none";

export interface OsFacts {
  /** As in /etc/os-release: `debian`. */
  readonly id: string;
  /** `12`; empty where a system has none. */
  readonly version: string;
  /** `bookworm`; empty where a system has none. */
  readonly codename: string;
  readonly family: OsFamily;
  /** For people: `Debian GNU/Linux 12 (bookworm)`. */
  readonly name: string;
}

export interface DiskFacts {
  readonly mount: string;
  readonly sizeBytes: number;
  readonly freeBytes: number;
}

export interface KernelFeatures {
  readonly overlay: boolean;
  readonly bridgeNetfilter: boolean;
  readonly userNamespaces: boolean;
  readonly iptables: IptablesFlavour;
}

export interface Facts {
  readonly os: OsFacts;
  /** In Docker's words: `amd64`, `arm64`. */
  readonly architecture: string;
  readonly kernel: string;
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly disks: readonly DiskFacts[];
  readonly init: InitSystem;
  /** 1 or 2; 0 where there are no control groups. */
  readonly cgroupVersion: number;
  readonly features: KernelFeatures;
  /** Empty where Docker is not installed. */
  readonly dockerVersion: string;
  /** Empty where no daemon answers. */
  readonly dockerApiVersion: string;
  readonly hostname: string;
  /** Addresses of its own interfaces, without those of containers and of the loopback. */
  readonly addresses: readonly string[];
  /** Another one after each start of the kernel. */
  readonly bootId: string;
  /** How far its clock is before (+) or behind (-) ours, to half a second or so. */
  readonly clockSkewMs: number;
  /** Whether the machine is one that can be started anew: no container, no namespaces. */
  readonly canReboot: boolean;
}

const dockerApiScript = String.raw`
socket=/var/run/docker.sock
if [ -S "$socket" ]; then
  if command -v perl >/dev/null 2>&1; then
    perl -MIO::Socket::UNIX -e '
      alarm 5;
      my $s = IO::Socket::UNIX->new(Peer => $ARGV[0]) or exit;
      print $s "GET /version HTTP/1.0\r\nHost: docker\r\n\r\n";
      local $/; print <$s>;' "$socket" 2>/dev/null
  else
    curl -s -m 5 --unix-socket "$socket" http://docker/version 2>/dev/null ||
      timeout 5 docker version --format '{"ApiVersion":"{{.Server.APIVersion}}"}' 2>/dev/null
  fi | tr -d '\r\n' | sed -n 's/.*"ApiVersion":"\([0-9.]*\)".*/docker.api=\1/p'
  echo
fi
`;

const initScript = `
one=$(cat /proc/1/comm 2>/dev/null)
running() { for f in /proc/[0-9]*/comm; do read -r n <"$f" 2>/dev/null && [ "$n" = "$1" ] && return 0; done; return 1; }
if [ -d /run/systemd/system ]; then say init systemd
elif [ -d /run/openrc ] && command -v openrc-run >/dev/null; then say init openrc
elif command -v runsvdir >/dev/null && { running runsvdir || [ "$one" != init ]; }; then say init runit
elif [ "$one" = init ] && [ -d /etc/init.d ]; then say init sysv
else say init none; fi
`;

/** Prints one line a fact; each is asked for by itself, so that what fails is only missing. */
export const factsScript = `${sayLibrary}
say date "$(date +%s.%N)"
say64 osrelease </etc/os-release 2>/dev/null || say osrelease ""
say machine "$(uname -m)"
say kernel "$(uname -r)"
say hostname "$(hostname 2>/dev/null || cat /proc/sys/kernel/hostname)"
say cpus "$(nproc 2>/dev/null || grep -c ^processor /proc/cpuinfo)"
say memory "$(sed -n 's/^MemTotal: *\\([0-9]*\\) kB/\\1/p' /proc/meminfo)"
df -Pk 2>/dev/null | say64 df
say boot "$(cat /proc/sys/kernel/random/boot_id)"
${initScript}
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then say cgroup 2
elif grep -q cgroup /proc/mounts; then say cgroup 1
else say cgroup 0; fi
has() { "$@" >/dev/null 2>&1 && echo yes; }
loadable() { has modprobe -n -q "$1"; }
say overlay "$(has grep -qw overlay /proc/filesystems || loadable overlay)"
say bridge "$(has test -e /proc/sys/net/bridge || loadable br_netfilter)"
say userns "$(test -e /proc/self/ns/user && cat /proc/sys/user/max_user_namespaces 2>/dev/null)"
say iptables "$(iptables --version 2>/dev/null)"
if command -v ip >/dev/null; then ip -o address show scope global 2>/dev/null | say64 ip
else say hosti "$(hostname -I 2>/dev/null)"; fi
say docker "$({ dockerd --version || docker --version; } 2>/dev/null)"
${dockerApiScript}
say kthreadd "$(cat /proc/2/comm 2>/dev/null)"
say container "$({ test -e /.dockerenv || test -e /run/.containerenv; } && echo yes)"
`;

/** Parses /etc/os-release (os-release(5)): values as a shell would take them. */
export function parseOsRelease(text: string): OsFacts {
  const values = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [, key, raw] = /^\s*([A-Z_0-9]+)=(.*)$/.exec(line) ?? [];
    if (key === undefined || raw === undefined) continue;
    const inner = /^"(.*)"\s*$|^'(.*)'\s*$/.exec(raw);
    values.set(key, (inner?.[1] ?? inner?.[2] ?? raw).trim().replace(/\\(["$`\\])/g, "$1"));
  }
  const of = (key: string) => values.get(key) ?? "";
  const id = of("ID") === "" ? "unknown" : of("ID").toLowerCase();
  return {
    id,
    version: of("VERSION_ID"),
    codename: of("VERSION_CODENAME"),
    family: familyOf([id, ...of("ID_LIKE").toLowerCase().split(/\s+/)]),
    name: of("PRETTY_NAME") === "" ? id : of("PRETTY_NAME"),
  };
}

const families: readonly (readonly [OsFamily, readonly string[]])[] = [
  ["debian", ["debian", "ubuntu"]],
  ["rhel", ["rhel", "fedora", "centos", "rocky", "almalinux", "amzn", "ol"]],
  ["alpine", ["alpine"]],
  ["suse", ["suse", "opensuse", "sles", "opensuse-leap", "opensuse-tumbleweed"]],
  ["arch", ["arch"]],
];

function familyOf(ids: readonly string[]): OsFamily {
  const found = families.find(([, members]) => ids.some((id) => members.includes(id)));
  return found?.[0] ?? "other";
}

const architectures: Readonly<Record<string, string>> = {
  x86_64: "amd64",
  aarch64: "arm64",
  armv7l: "arm",
  i686: "386",
};

/** Disks out of `df -Pk`: what lies on a device, and the root wherever it lies. */
export function parseDisks(df: string): readonly DiskFacts[] {
  const seen = new Set<string>();
  return df.split("\n").flatMap((line) => {
    const [, source, blocks, , free, mount] =
      /^(\S.*?)\s+(\d+)\s+(\d+)\s+(-?\d+)\s+\S+\s+(\/.*)$/.exec(line) ?? [];
    if (source === undefined || mount === undefined) return [];
    const real = mount === "/" || /^\/dev\/(?!loop)/.test(source);
    // The same device again is a bind mount.
    if (!real || (seen.has(source) && mount !== "/")) return [];
    seen.add(source);
    return [{ mount, sizeBytes: Number(blocks) * 1024, freeBytes: Number(free) * 1024 }];
  });
}

const notOwn = /^(lo|docker\d*|br-[0-9a-f]+|veth\w*|cni\d*|virbr\d*)(@|$)/;

function parseAddresses(said: Said): readonly string[] {
  const lines = (said.get("ip") ?? "").split("\n");
  const found = lines.flatMap((line) => {
    const [, device, address] = /^\d+:\s+(\S+)\s+inet6?\s+([0-9a-fA-F.:]+)\//.exec(line) ?? [];
    return device === undefined || address === undefined || notOwn.test(device) ? [] : [address];
  });
  const named = (said.get("hosti") ?? "").split(/\s+/).filter((address) => address !== "");
  return [...found, ...named].sort();
}

function parseIptables(version: string): IptablesFlavour {
  if (version === "") return "none";
  return version.includes("nf_tables") ? "nft" : "legacy";
}

const inits: readonly string[] = ["systemd", "runit", "openrc", "sysv"];

/** What the script printed, as facts. `nowMs` is our clock when it ran. */
export function parseFacts(stdout: string, nowMs: number): Facts {
  const said = parseSaid(stdout);
  const text = (key: string) => (said.get(key) ?? "").trim();
  const number = (key: string) => (/^\d+$/.test(text(key)) ? Number(text(key)) : 0);
  const machine = text("machine");
  const seconds = Number(/^\d+(\.\d+)?/.exec(text("date"))?.[0] ?? Number.NaN);
  return {
    os: parseOsRelease(text("osrelease")),
    architecture: architectures[machine] ?? machine,
    kernel: text("kernel"),
    cpus: number("cpus"),
    memoryBytes: number("memory") * 1024,
    disks: parseDisks(said.get("df") ?? ""),
    init: inits.includes(text("init")) ? (text("init") as InitSystem) : "none",
    cgroupVersion: number("cgroup"),
    features: {
      overlay: text("overlay") === "yes",
      bridgeNetfilter: text("bridge") === "yes",
      userNamespaces: number("userns") > 0,
      iptables: parseIptables(text("iptables")),
    },
    dockerVersion: /version\s+([^\s,]+)/.exec(text("docker"))?.[1] ?? "",
    dockerApiVersion: text("docker.api"),
    hostname: text("hostname"),
    addresses: parseAddresses(said),
    bootId: text("boot"),
    clockSkewMs: Number.isNaN(seconds) ? 0 : Math.round((seconds * 1000 - nowMs) / 100) * 100 + 0,
    canReboot: text("kthreadd") === "kthreadd" && text("container") !== "yes",
  };
}

/** A clock is judged against ours in the middle of the call. */
export async function gatherFacts(machine: Machine, signal?: AbortSignal): Promise<Facts> {
  const before = Date.now();
  const stdout = await runScript(machine, factsScript, {
    what: "read the facts",
    timeoutMs: 60_000,
    ...(signal ? { signal } : {}),
  });
  return parseFacts(stdout, (before + Date.now()) / 2);
}

const clockToleranceMs = 5_000;
const diskTolerance = 0.1;

/**
 * The facts of now, without what always moves a little: free space within a tenth of the disk, and
 * the clock within 5 s, stay what they were. So a refresh tells what has changed, and nothing else.
 */
export function settleFacts(before: Facts, now: Facts): Facts {
  const disks = now.disks.map((disk) => {
    const old = before.disks.find(({ mount }) => mount === disk.mount);
    if (!old || old.sizeBytes !== disk.sizeBytes) return disk;
    const moved = Math.abs(old.freeBytes - disk.freeBytes);
    return moved > disk.sizeBytes * diskTolerance ? disk : old;
  });
  const skewed = Math.abs(now.clockSkewMs - before.clockSkewMs) > clockToleranceMs;
  return { ...now, disks, clockSkewMs: skewed ? now.clockSkewMs : before.clockSkewMs };
}
