// A machine that nothing was installed on: a root made by mmdebstrap from the archive, with its own
// mount, pid, network and host-name namespaces, and no cache of this machine's. It reaches package
// registries as this machine does (apt, npm, Go and certificate settings are taken over), through a
// veth pair and NAT. Needs root, mmdebstrap, iproute2 and iptables. `close` leaves nothing behind.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { machineAptConfig } from "../../sdk/debian/apt.ts";
import { runMmdebstrap } from "../../sdk/debian/process.ts";
import { planSources, readMachineSources } from "../../sdk/debian/sources.ts";
import { makeNetwork, type Network } from "./network.ts";

export interface FreshRootOptions {
  readonly suite: string;
  /** What it has besides apt and what Debian needs. */
  readonly packages: readonly string[];
  /** Gets lines that say what is done. */
  readonly log: (line: string) => void;
}

export interface Outcome {
  readonly code: number;
  /** Standard output and standard error, as they came. */
  readonly text: string;
  readonly durationMs: number;
}

export interface FreshRoot {
  /** Its root folder, as seen from here. */
  readonly dir: string;
  /** Its address, as seen from here. */
  readonly address: string;
  /** Runs a shell line in it. */
  run(line: string): Promise<Outcome>;
  close(): Promise<void>;
}

/** Why there can be no fresh root here, if there cannot. */
export function missingForFreshRoot(): string | undefined {
  if (process.getuid?.() !== 0) return "only root can make one";
  for (const name of ["mmdebstrap", "ip", "iptables", "unshare", "nsenter"]) {
    const places = ["/usr/bin", "/usr/sbin", "/bin", "/sbin"];
    if (!places.some((place) => existsSync(path.join(place, name)))) return `there is no ${name}`;
  }
  return undefined;
}

const execute = promisify(execFile);

export const searchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/**
 * Runs in the new namespaces, with this machine's programs, until the root is changed. A change by
 * chroot alone would not do: what enters the mount namespace of a container (docker exec) would
 * then find the root that it was made in, which is this machine's.
 */
const insideScript = `set -eu
root=$1
mount --make-rprivate /
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount -t sysfs sysfs "$root/sys"
mount --rbind /sys/fs/cgroup "$root/sys/fs/cgroup"
mount --rbind /dev "$root/dev"
mount -t tmpfs -o mode=0755 tmpfs "$root/run"
mkdir -p "$root/run/lock"
hostname fresh
cd "$root"
pivot_root . .
umount -l .
exec chroot . /bin/sh -c 'echo ready; while :; do sleep 3600 & wait $!; done'
`;

/** What every Debian has that was installed and not made by mmdebstrap. */
const always = ["ca-certificates", "mount"];

/** Variables that say how to reach the world, not where this machine keeps its things. */
const passed =
  /^((https?|ftp|no|all)_proxy|npm_config_(registry|https?_proxy|proxy|noproxy|cafile|ca|strict_ssl)|SSL_CERT_(FILE|DIR)|NODE_EXTRA_CA_CERTS|CURL_CA_BUNDLE|GIT_SSL_CAINFO)$/i;

/** Where Go gets modules, which may be set in a file of Go's own. */
async function goSettings(): Promise<Readonly<Record<string, string>>> {
  const names = ["GOPROXY", "GOSUMDB", "GONOSUMDB", "GONOPROXY", "GOPRIVATE", "GOINSECURE"];
  return await execute("go", ["env", "-json", ...names]).then(
    ({ stdout }) => JSON.parse(stdout) as Record<string, string>,
    () => ({}),
  );
}

/** What programs inside see of this machine's environment. */
export function environment(): Record<string, string> {
  const taken = Object.entries(process.env).flatMap(([name, value]) =>
    value !== undefined && passed.test(name) ? [[name, value] as const] : [],
  );
  return {
    ...Object.fromEntries(taken),
    HOME: "/root",
    PATH: searchPath,
    LANG: "C.UTF-8",
    TERM: "dumb",
  };
}

async function makeRoot(dir: string, options: FreshRootOptions): Promise<void> {
  const { suite, packages, log } = options;
  const aptConfig = path.join(dir, "apt.conf");
  const sources = path.join(dir, "build.sources");
  await writeFile(aptConfig, await machineAptConfig(), { mode: 0o600 });
  await writeFile(sources, planSources({ packages: [], suite }, await readMachineSources()));
  const args = ["--variant=apt", "--mode=root", `--include=${[...always, ...packages].join(",")}`];
  log(`making a ${suite} root with ${packages.join(", ")}`);
  const what = { what: "make the fresh root", env: { ...environment(), LC_ALL: "C.UTF-8" } };
  await runMmdebstrap([...args, `--aptopt=${aptConfig}`, suite, rootOf(dir), sources], what);
}

const rootOf = (dir: string) => path.join(dir, "root");

/** Copies a file or folder of this machine's to another place of the root, if there is one. */
async function take(from: string, dir: string, to = from): Promise<void> {
  if (!existsSync(from)) return;
  const target = path.join(rootOf(dir), to);
  await mkdir(path.dirname(target), { recursive: true });
  await cp(from, target, { recursive: true });
}

/** This machine's name servers, as another network namespace can use them. */
export async function resolverSettings(): Promise<string> {
  const own = await readFile("/etc/resolv.conf", "utf8");
  // A resolver on this machine's loopback is out of reach there; its own upstreams are not.
  const upstream = "/run/systemd/resolve/resolv.conf";
  const local = /^nameserver\s+127\./m.test(own) && existsSync(upstream);
  return local ? await readFile(upstream, "utf8") : own;
}

/** Name servers, certificates, and npm's settings, which may name a registry. */
async function takeSettings(dir: string): Promise<void> {
  await rm(path.join(rootOf(dir), "etc/resolv.conf"), { force: true });
  await writeFile(path.join(rootOf(dir), "etc/resolv.conf"), await resolverSettings());
  await writeFile(path.join(rootOf(dir), "etc/hosts"), "127.0.0.1 localhost fresh\n");
  await take("/usr/local/share/ca-certificates", dir);
  await take(path.join(os.homedir(), ".npmrc"), dir, "/root/.npmrc");
  for (const place of ["/etc/npmrc", "/usr/etc/npmrc", "/usr/local/etc/npmrc"]) {
    await take(place, dir, "/etc/npmrc");
  }
}

function startNamespaces(dir: string): Promise<{ readonly outer: ChildProcess; pid: number }> {
  const flags = ["--mount", "--uts", "--pid", "--net", "--fork", "--kill-child"];
  const outer = spawn("unshare", [...flags, "sh", "-c", insideScript, "sh", rootOf(dir)], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: searchPath },
  });
  return new Promise((resolve, reject) => {
    let errors = "";
    outer.stderr.on("data", (data: Buffer) => {
      errors += data.toString();
    });
    outer.once("close", () => reject(new Error(`the fresh root did not start: ${errors}`)));
    outer.stdout.once("data", () => {
      childOf(outer.pid ?? 0).then((pid) => resolve({ outer, pid }), reject);
    });
  });
}

/** The first child of a process. */
export async function childOf(pid: number): Promise<number> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8");
  return Number(children.trim().split(" ")[0]);
}

async function runInside(pid: number, line: string): Promise<Outcome> {
  const env = { ...environment(), ...(await goSettings()) };
  const started = performance.now();
  const flags = ["--mount", "--uts", "--pid", "--net"];
  const target = ["--target", String(pid), ...flags];
  const child = spawn("nsenter", [...target, "/bin/sh", "-c", `cd /root && ${line}`], {
    stdio: ["ignore", "pipe", "pipe"],
    env,
  });
  let text = "";
  const feed = (data: Buffer) => {
    text += data.toString();
  };
  child.stdout.on("data", feed);
  child.stderr.on("data", feed);
  return await new Promise((resolve, reject) => {
    child.once("error", reject);
    // Not "close": a daemon that was started inside may hold the pipes for good.
    child.once("exit", (code) => {
      resolve({ code: code ?? 1, text, durationMs: performance.now() - started });
    });
  });
}

/** Ends every process of the namespaces (killing its first one does), and takes all of it away. */
async function remove(dir: string, outer: ChildProcess | undefined, network: Network | undefined) {
  if (outer !== undefined && outer.exitCode === null && outer.signalCode === null) {
    const ended = new Promise((resolve) => outer.once("close", resolve));
    outer.kill("SIGKILL");
    await ended;
  }
  await network?.close();
  // The kernel takes the mounts away a moment after the last process of their namespace.
  for (let left = 20; left > 0; left -= 1) {
    try {
      await rm(dir, { recursive: true, force: true });
      return;
    } catch (error) {
      if (left === 1) throw error;
      await sleep(500);
    }
  }
}

/** Makes and starts one. */
export async function makeFreshRoot(options: FreshRootOptions): Promise<FreshRoot> {
  // Not on /tmp, which may be memory: a root, an engine's Go build and images take some gigabytes.
  const dir = await mkdtemp("/var/tmp/dwtest-fresh-");
  let outer: ChildProcess | undefined;
  let network: Network | undefined;
  try {
    await makeRoot(dir, options);
    await takeSettings(dir);
    const started = await startNamespaces(dir);
    outer = started.outer;
    const { pid } = started;
    const made = await makeNetwork(pid);
    network = made;
    const certificates = await runInside(pid, "update-ca-certificates");
    if (certificates.code !== 0) throw new Error(certificates.text);
    return {
      dir: rootOf(dir),
      address: made.address,
      run: (line) => runInside(pid, line),
      close: () => remove(dir, started.outer, made),
    };
  } catch (error) {
    await remove(dir, outer, network);
    throw error;
  }
}
