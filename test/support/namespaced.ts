// A throw-away machine for tests of the host parts: namespaces of its own (mounts, processes, host
// name, network), on a Debian root that is made once and kept in the user's cache folder. What is
// written goes to memory, and goes with `close`. Needs root, mmdebstrap and util-linux.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { machineAptConfig } from "../../sdk/debian/apt.ts";
import { runMmdebstrap } from "../../sdk/debian/process.ts";
import { planSources, readMachineSources } from "../../sdk/debian/sources.ts";
import { cacheDirectory } from "../../sdk/engine/locate.mjs";
import { shellMachine } from "../../sdk/host/local.ts";
import type { Machine } from "../../sdk/host/machine.ts";

const searchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Runs in the new namespaces, with this machine's programs, until the root is changed. */
const insideScript = `set -eu
root=$1
mount --make-rprivate /
mount -t tmpfs -o mode=0755 tmpfs "$root"
mkdir "$root/upper" "$root/work" "$root/new"
mount -t overlay overlay -o "lowerdir=$2,upperdir=$root/upper,workdir=$root/work" "$root/new"
cd "$root/new"
mount -t proc proc proc
mount -t sysfs sysfs sys
mount --rbind /dev dev
mount -t tmpfs -o mode=0755 tmpfs run
mkdir -p run/lock
hostname throwaway
ip link set lo up 2>/dev/null || :
pivot_root . .
umount -l .
exec chroot . /bin/sh -c 'echo ready; while :; do sleep 3600 & wait $!; done'
`;

/** What every root here has, so that all tests share one: processes are looked at, runit supervises. */
const always = ["mount", "procps", "iproute2", "runit", "openssh-server", "sudo"];

/** A machine that is the namespaces of a process of this one. */
export function namespacedMachine(pid: number): Machine {
  const prefix = ["nsenter", "--target", String(pid), "--mount", "--uts", "--pid", "--net"];
  const machine = shellMachine({
    label: `namespaces of ${pid}`,
    prefix,
    socketPath: async (socket) => {
      const { stdout } = await machine.run('readlink -f -- "$1"', {
        args: [socket],
        timeoutMs: 10_000,
      });
      return `/proc/${pid}/root${stdout.trim()}`;
    },
  });
  return machine;
}

export interface Namespaced {
  readonly machine: Machine;
  /** A shell line run in it, behind everybody's back; its output. Throws when it fails. */
  sh(line: string): Promise<string>;
  readonly pid: number;
  close(): Promise<void>;
}

export interface NamespacedOptions {
  /** What its root has besides apt, `always` and what Debian needs. @defaultValue none */
  readonly packages?: readonly string[];
  /** @defaultValue bookworm */
  readonly suite?: string;
}

/** Why there can be none here, if there cannot. */
export function missingForNamespaces(): string | undefined {
  if (process.getuid?.() !== 0) return "only root can make namespaces";
  for (const name of ["mmdebstrap", "unshare", "nsenter"]) {
    const found = searchPath.split(":").some((place) => existsSync(path.join(place, name)));
    if (!found) return `there is no ${name}`;
  }
  return undefined;
}

/** The root that is kept in the cache, made where it is not there yet. */
async function cachedRoot(suite: string, packages: readonly string[]): Promise<string> {
  const name = [suite, ...packages.toSorted()].join("-").replace(/[^a-z0-9.+-]/g, "_");
  const folder = path.join(cacheDirectory(), "test-roots");
  const root = path.join(folder, name);
  if (existsSync(root)) return root;
  await mkdir(folder, { recursive: true });
  const making = await mkdtemp(path.join(folder, ".making-"));
  const aptConfig = path.join(making, "apt.conf");
  const sources = path.join(making, "build.sources");
  await writeFile(aptConfig, await machineAptConfig(), { mode: 0o600 });
  await writeFile(sources, planSources({ packages: [], suite }, await readMachineSources()));
  const target = path.join(making, "root");
  const env = { PATH: searchPath, HOME: "/root", LC_ALL: "C.UTF-8" };
  const args = [
    "--variant=apt",
    "--mode=root",
    `--include=${packages.join(",")}`,
    `--aptopt=${aptConfig}`,
  ];
  await runMmdebstrap([...args, suite, target, sources], { what: "make a root for tests", env });
  // Somebody else may have made it in the meantime.
  await rename(target, root).catch((error: unknown) => {
    if (!existsSync(root)) throw error;
  });
  await rm(making, { recursive: true, force: true });
  return root;
}

async function childOf(pid: number): Promise<number> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8");
  return Number(children.trim().split(" ")[0]);
}

function start(dir: string, lower: string): Promise<{ outer: ChildProcess; pid: number }> {
  const flags = ["--mount", "--uts", "--pid", "--net", "--ipc", "--fork", "--kill-child"];
  const outer = spawn("unshare", [...flags, "sh", "-c", insideScript, "sh", dir, lower], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: searchPath },
  });
  return new Promise((resolve, reject) => {
    let errors = "";
    outer.stderr.on("data", (data: Buffer) => {
      errors += data.toString();
    });
    outer.once("close", () => reject(new Error(`the namespaces did not start: ${errors}`)));
    outer.stdout.once("data", () => {
      childOf(outer.pid ?? 0).then((pid) => resolve({ outer, pid }), reject);
    });
  });
}

/** Makes and starts one. */
export async function makeNamespaced(options: NamespacedOptions = {}): Promise<Namespaced> {
  const lower = await cachedRoot(options.suite ?? "bookworm", [
    ...always,
    ...(options.packages ?? []),
  ]);
  const dir = await mkdtemp(path.join(os.tmpdir(), "dwtest-host-"));
  const { outer, pid } = await start(dir, lower);
  const machine = namespacedMachine(pid);
  return {
    machine,
    pid,
    async sh(line) {
      const { code, stdout, stderr } = await machine.run(line, { timeoutMs: 120_000 });
      if (code !== 0) throw new Error(`${line}: exit code ${code}: ${stdout}${stderr}`);
      return stdout.trimEnd();
    },
    async close() {
      if (outer.exitCode === null && outer.signalCode === null) {
        const gone = new Promise((resolve) => outer.once("close", resolve));
        outer.kill("SIGKILL");
        await gone;
      }
      for (let left = 20; left > 0; left -= 1) {
        const removed = await rm(dir, { recursive: true, force: true }).then(
          () => true,
          () => false,
        );
        if (removed) return;
        await sleep(200);
      }
    },
  };
}
