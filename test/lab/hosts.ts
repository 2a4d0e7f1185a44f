// Many machines on this one: each host has its own root, package database, users, sshd, name,
// processes, network and control groups, and can run a dockerd of its own. They share a bridge and
// reach package mirrors as this machine does. No systemd: runit supervises (`sv`, /etc/service).
// Kernel settings outside of net.* are this machine's own: never change them from a host. `close`
// leaves nothing behind, and a later run takes away what a killed one left.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { addressIn, makeBridge, plugIn } from "./bridge.ts";
import { hierarchies, limitCpu, makeGroups, removeGroups, thawGroups } from "./cgroups.ts";
import { type Claim, claim, release, sweep } from "./claim.ts";
import {
  childOf,
  environment,
  missingForFreshRoot,
  resolverSettings,
  searchPath,
} from "./freshroot.ts";
import { enterScript, insideScript, outerScript } from "./inside.ts";
import { type LabDocker, type LabSuite, labRoot } from "./roots.ts";

export interface HostSpec {
  readonly name: string;
  readonly suite: LabSuite;
  /**
   * "installed": the package is there, its daemon does not run. "none": an install finds the
   * package in apt's cache. @defaultValue "none"
   */
  readonly docker?: LabDocker;
  /** Further Debian packages that are there. @defaultValue none */
  readonly packages?: readonly string[];
}

export interface HostOutcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface LabHost {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  /** May use sudo without a password. */
  readonly user: string;
  /** In OpenSSH's format. */
  readonly privateKey: string;
  /** Its public key: `ssh-ed25519 AAAA...`. */
  readonly hostKey: string;
  /** Its first process, as seen from here. */
  readonly pid: number;
  /** Runs a shell line as root, not by SSH. */
  run(line: string): Promise<HostOutcome>;
  /** A file of its, as seen from here. Absolute links on the way lead into this machine's root. */
  path(file: string): string;
  /** Lets all its processes have this share of a core together; without one, what there is. */
  limitCpu(share: number | undefined): Promise<void>;
  /** Ends it at once, as by a power cut, and takes it away. */
  close(): Promise<void>;
}

export interface Lab {
  readonly hosts: readonly LabHost[];
  close(): Promise<void>;
}

export interface LabOptions {
  /** Gets lines that say what is done. */
  readonly log: (line: string) => void;
}

const execute = promisify(execFile);

/** Why there can be no lab here, if there cannot. */
export function missingForLab(): string | undefined {
  const missing = missingForFreshRoot();
  if (missing !== undefined) return missing;
  for (const name of ["flock", "setpriv", "ssh-keygen"]) {
    if (!existsSync(path.join("/usr/bin", name))) return `there is no ${name}`;
  }
  return undefined;
}

async function makeKey(file: string, comment: string): Promise<{ secret: string; open: string }> {
  const form = ["-q", "-t", "ed25519", "-N", "", "-C", comment];
  await execute("ssh-keygen", [...form, "-f", file]);
  const open = (await readFile(`${file}.pub`, "utf8")).trim();
  return { secret: await readFile(file, "utf8"), open };
}

/** What all hosts of a lab know. */
interface Shared {
  readonly claim: Claim;
  readonly names: readonly string[];
  readonly user: { readonly secret: string; readonly open: string };
}

interface Site {
  readonly spec: HostSpec;
  /** Its number on the bridge. */
  readonly number: number;
  readonly dir: string;
  readonly groups: string;
}

/** Files that are its own from the start. Gives its public host key. */
async function seed({ names, user, claim: { number } }: Shared, site: Site): Promise<string> {
  const root = path.join(site.dir, "seed");
  for (const folder of ["etc/ssh", "home/admin/.ssh"])
    await mkdir(path.join(root, folder), { recursive: true });
  const key = await makeKey(path.join(root, "etc/ssh/ssh_host_ed25519_key"), site.spec.name);
  const hosts = names.map((name, index) => `${addressIn(number, index + 2)} ${name}\n`).join("");
  const files = {
    "etc/hostname": `${site.spec.name}\n`,
    "etc/hosts": `127.0.0.1 localhost\n${hosts}`,
    "etc/resolv.conf": await resolverSettings(),
    "home/admin/.ssh/authorized_keys": `${user.open}\n`,
  };
  for (const [file, text] of Object.entries(files)) await writeFile(path.join(root, file), text);
  return key.open.split(" ").slice(0, 2).join(" ");
}

/** Starts the namespaces; gives the process that ends them and the host's first one. */
async function start(
  site: Site,
  groups: readonly string[],
  lower: string,
): Promise<{ readonly outer: ChildProcess; readonly pid: number }> {
  const inside = insideScript(await hierarchies());
  const args = [...groups, "--", inside, site.dir, lower, site.spec.name];
  const outer = spawn("sh", ["-c", outerScript, "sh", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: searchPath },
  });
  const pid = await new Promise<number>((resolve, reject) => {
    let errors = "";
    outer.stderr.on("data", (data: Buffer) => {
      errors += data.toString();
    });
    outer.once("error", reject);
    outer.once("close", () => reject(new Error(`${site.spec.name} did not start: ${errors}`)));
    outer.stdout.once("data", () => {
      childOf(outer.pid ?? 0).then(resolve, reject);
    });
  });
  return { outer, pid };
}

async function runInside(
  pid: number,
  groups: readonly string[],
  line: string,
): Promise<HostOutcome> {
  const args = ["-c", enterScript, "sh", String(pid), ...groups, "--", line];
  const child = spawn("sh", args, { stdio: ["ignore", "pipe", "pipe"], env: environment() });
  const out = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      out[name] += text;
    });
  }
  const closed = new Promise((resolve) => child.once("close", resolve));
  const code = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (status) => resolve(status ?? 1));
  });
  // A daemon that was started inside may hold the pipes for good.
  await Promise.race([closed, sleep(300)]);
  child.stdout.destroy();
  child.stderr.destroy();
  return { code, ...out };
}

/** Ends all processes of a host: those of a pid namespace end with its first. */
async function end(outer: ChildProcess, pid: number): Promise<void> {
  if (outer.exitCode !== null || outer.signalCode !== null) return;
  const ended = new Promise((resolve) => outer.once("exit", resolve));
  // Not its parent: that one is to see it off, else a zombie is left for this machine's init.
  process.kill(pid, "SIGKILL");
  await ended;
}

const answers = (address: string) =>
  new Promise<boolean>((resolve) => {
    const socket = connect({ host: address, port: 22, timeout: 2_000 });
    const done = (good: boolean) => {
      socket.destroy();
      resolve(good);
    };
    socket.once("data", () => done(true));
    socket.once("error", () => done(false));
    socket.once("timeout", () => done(false));
    socket.once("close", () => done(false));
  });

async function waitForSshd(host: LabHost): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!(await answers(host.address))) {
    if (performance.now() > deadline) {
      const { stdout } = await host.run("cat /var/log/services.log; ps ax");
      throw new Error(`the sshd of ${host.name} does not answer:\n${stdout}`);
    }
    await sleep(50);
  }
}

async function makeHost(shared: Shared, site: Site, lower: string): Promise<LabHost> {
  const { name: bridge, number: lab } = shared.claim;
  await mkdir(site.dir, { recursive: true });
  const hostKey = await seed(shared, site);
  const groups = await makeGroups(site.groups);
  const { outer, pid } = await start(site, groups, lower);
  const address = await plugIn({ lab, bridge, host: site.number, pid });
  const host: LabHost = {
    name: site.spec.name,
    address,
    port: 22,
    user: "admin",
    privateKey: shared.user.secret,
    hostKey,
    pid,
    run: (line) => runInside(pid, groups, line),
    path: (file) => `/proc/${pid}/root${path.posix.resolve("/", file)}`,
    limitCpu: (share) => limitCpu(site.groups, share),
    close: async () => {
      await thawGroups(site.groups);
      await end(outer, pid);
      await removeGroups(site.groups);
      await rm(site.dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
  await waitForSshd(host);
  return host;
}

async function makeAll(
  specs: readonly HostSpec[],
  own: Claim,
  log: (line: string) => void,
): Promise<readonly LabHost[]> {
  const lowers: string[] = [];
  for (const { suite, docker = "none", packages } of specs)
    lowers.push(await labRoot({ suite, docker, ...(packages ? { packages } : {}) }, log));
  await makeBridge(own.number, own.name);
  const names = specs.map(({ name }) => name);
  const user = await makeKey(path.join(own.dir, "id_ed25519"), "admin");
  const shared: Shared = { claim: own, names, user };
  const making = specs.map((spec, index) => {
    const dir = path.join(own.dir, spec.name);
    const site = { spec, number: index + 2, dir, groups: `${own.name}/${spec.name}` };
    return makeHost(shared, site, lowers[index] ?? "");
  });
  const made = await Promise.allSettled(making);
  const failed = made.find((result) => result.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  return made.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
}

/** Makes and starts hosts, side by side. The first time, their roots are made: some minutes. */
export async function makeHosts(specs: readonly HostSpec[], options: LabOptions): Promise<Lab> {
  for (const { name } of specs) {
    if (!/^[a-z][a-z0-9-]{0,30}$/.test(name)) throw new Error(`no host name: "${name}"`);
  }
  await sweep(options.log);
  const own = await claim();
  const started = performance.now();
  try {
    const hosts = await makeAll(specs, own, options.log);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    options.log(`${hosts.length} hosts are up after ${seconds} s (${own.name})`);
    const close = async () => {
      await Promise.all(hosts.map((host) => host.close()));
      await release(own);
    };
    return { hosts, close };
  } catch (error) {
    await release(own);
    throw error;
  }
}
