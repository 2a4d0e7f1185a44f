// A network for the namespaces of one process: a veth pair, and NAT to wherever this machine gets.
// The rules of this machine's firewall that it adds carry its interface's name and are taken away
// again; no other rule is touched.
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

const execute = promisify(execFile);

export interface Network {
  /** Address of the namespaces' end. */
  readonly address: string;
  close(): Promise<void>;
}

async function run(command: string, ...args: readonly string[]): Promise<string> {
  return (await execute(command, args)).stdout;
}

/** A /30 out of a range for benchmarks (RFC 2544), which no real network uses. */
function subnetFor(pid: number) {
  const start = (pid % 16_000) * 4;
  const base = `198.18.${Math.floor(start / 256)}`;
  const last = start % 256;
  return { net: `${base}.${last}/30`, ours: `${base}.${last + 1}`, theirs: `${base}.${last + 2}` };
}

/** Gives a process's network namespace a way out. */
export async function makeNetwork(pid: number): Promise<Network> {
  const outer = `dwf${pid}`;
  const { net, ours, theirs } = subnetFor(pid);
  if ((await readFile("/proc/sys/net/ipv4/ip_forward", "utf8")).trim() !== "1") {
    throw new Error("this machine forwards no packets: sysctl -w net.ipv4.ip_forward=1");
  }
  const rules: readonly (readonly string[])[] = [
    ["-t", "nat", "POSTROUTING", "-s", net, "!", "-o", outer, "-j", "MASQUERADE"],
    ["-t", "filter", "FORWARD", "-i", outer, "-j", "ACCEPT"],
    ["-t", "filter", "FORWARD", "-o", outer, "-j", "ACCEPT"],
  ];
  const rule = ([flag = "", table = "", ...rest]: readonly string[], verb: "-I" | "-D") =>
    run("iptables", "-w", flag, table, verb, ...rest);
  const close = async () => {
    for (const each of rules) await rule(each, "-D").catch(() => undefined);
    // It goes with its namespace; where that has just ended, it is gone already.
    await run("ip", "link", "delete", outer).catch(() => undefined);
  };
  try {
    const peer = ["peer", "name", "eth0", "netns", String(pid)];
    await run("ip", "link", "add", outer, "type", "veth", ...peer);
    await run("ip", "address", "add", `${ours}/30`, "dev", outer);
    await run("ip", "link", "set", outer, "up");
    const inside = (...args: readonly string[]) =>
      run("nsenter", `--net=/proc/${pid}/ns/net`, "ip", ...args);
    await inside("link", "set", "lo", "up");
    await inside("address", "add", `${theirs}/30`, "dev", "eth0");
    await inside("link", "set", "eth0", "up");
    await inside("route", "add", "default", "via", ours);
    for (const each of rules) await rule(each, "-I");
  } catch (error) {
    await close();
    throw error;
  }
  return { address: theirs, close };
}
