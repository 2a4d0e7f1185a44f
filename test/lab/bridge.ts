// The network of a lab: one bridge, a veth pair to each host, and NAT to wherever this machine
// gets. Its addresses are out of a range for benchmarks (RFC 2544), which no real network uses. The
// firewall rules carry the bridge's name and are taken away again; no other rule is touched.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

const execute = promisify(execFile);

async function run(command: string, ...args: readonly string[]): Promise<string> {
  return (await execute(command, args)).stdout;
}

/** The address of a host, or of the bridge (1). Networks of one root use 198.18.0.0/16. */
export const addressIn = (lab: number, host: number) => `198.19.${lab}.${host}`;

type Rule = readonly [table: string, chain: string, ...rest: string[]];

const rulesOf = (lab: number, bridge: string): readonly Rule[] => [
  ["nat", "POSTROUTING", "-s", `${addressIn(lab, 0)}/24`, "!", "-o", bridge, "-j", "MASQUERADE"],
  ["filter", "FORWARD", "-i", bridge, "-j", "ACCEPT"],
  ["filter", "FORWARD", "-o", bridge, "-j", "ACCEPT"],
];

const rule = ([table, chain, ...rest]: Rule, verb: "-I" | "-D") =>
  run("iptables", "-w", "-t", table, verb, chain, ...rest);

export async function makeBridge(lab: number, bridge: string): Promise<void> {
  if ((await readFile("/proc/sys/net/ipv4/ip_forward", "utf8")).trim() !== "1") {
    throw new Error("this machine forwards no packets: sysctl -w net.ipv4.ip_forward=1");
  }
  await run("ip", "link", "add", bridge, "type", "bridge");
  await run("ip", "address", "add", `${addressIn(lab, 1)}/24`, "dev", bridge);
  await run("ip", "link", "set", bridge, "up");
  for (const each of rulesOf(lab, bridge)) await rule(each, "-I");
}

/** Takes a bridge and its rules away, as far as they are there. */
export async function removeBridge(lab: number, bridge: string): Promise<void> {
  for (const each of rulesOf(lab, bridge)) {
    // A run that was killed between two steps may have left one of them twice.
    while (
      await rule(each, "-D").then(
        () => true,
        () => false,
      )
    );
  }
  if (existsSync(`/sys/class/net/${bridge}`)) await run("ip", "link", "delete", bridge);
}

export interface Plug {
  readonly lab: number;
  readonly bridge: string;
  /** The host's number, from 2. */
  readonly host: number;
  /** A process in the host's network namespace. */
  readonly pid: number;
}

/** Gives a host's network namespace its interface `eth0` on the bridge. */
export async function plugIn({ lab, bridge, host, pid }: Plug): Promise<string> {
  const outer = `${bridge}h${host}`;
  const address = addressIn(lab, host);
  const peer = ["peer", "name", "eth0", "netns", String(pid)];
  await run("ip", "link", "add", outer, "type", "veth", ...peer);
  await run("ip", "link", "set", outer, "master", bridge, "up");
  const script = [
    // A new namespace takes this over from the machine; a bare one does not forward.
    "echo 0 > /proc/sys/net/ipv4/ip_forward",
    "ip link set lo up",
    `ip address add ${address}/24 dev eth0`,
    "ip link set eth0 up",
    `ip route add default via ${addressIn(lab, 1)}`,
  ].join(" && ");
  await run("nsenter", `--net=/proc/${pid}/ns/net`, "sh", "-c", script);
  return address;
}
