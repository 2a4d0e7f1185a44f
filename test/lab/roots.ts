// The root that hosts of one kind share, each with a layer of its own on top: Debian with what a
// machine on the network has (sshd, sudo) and runit as its supervisor. Made once by mmdebstrap and
// kept in the cache under a name made of all that goes into it. Nothing may write to it afterwards.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import {
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import * as path from "node:path";
import { cacheDir } from "../../sdk/cache.ts";
import { machineAptConfig } from "../../sdk/debian/apt.ts";
import { withLock } from "../../sdk/debian/lock.ts";
import { runMmdebstrap } from "../../sdk/debian/process.ts";
import { planSources, readMachineSources } from "../../sdk/debian/sources.ts";
import { environment } from "./freshroot.ts";

export type LabSuite = "bookworm" | "trixie";

/** Whether Docker's package is there (its daemon does not run), or only in apt's cache. */
export type LabDocker = "installed" | "none";

export interface RootKind {
  readonly suite: LabSuite;
  readonly docker: LabDocker;
  /** Further Debian packages that are there. @defaultValue none */
  readonly packages?: readonly string[];
}

/** Raised when roots are made in another way. */
const version = 1;

const packages = [
  "ca-certificates",
  "iproute2",
  "iptables",
  "iputils-ping",
  "mount",
  "openssh-server",
  "perl-base",
  "procps",
  "python3-minimal",
  "runit",
  "sudo",
  "tini",
];

const dockerPackages = (suite: LabSuite) =>
  suite === "bookworm" ? ["docker.io"] : ["docker.io", "docker-cli"];

/** A machine without systemd: a package's scripts start nothing, its administrator does. */
const policy = "#!/bin/sh\nexit 101\n";

/** PAM's session modules ask for things (audit, login ids) that a namespace cannot give. */
const sshdConfig = `Port 22
HostKey /etc/ssh/ssh_host_ed25519_key
PermitRootLogin no
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
UseDNS no
MaxSessions 10
AllowTcpForwarding yes
AllowStreamLocalForwarding yes
AcceptEnv LANG LC_*
PidFile /run/sshd.pid
Subsystem sftp /usr/lib/openssh/sftp-server
`;

const sshdRun = `#!/bin/sh
exec 2>&1
mkdir -p -m 0755 /run/sshd
exec /usr/sbin/sshd -D -e
`;

const certificates = "/usr/local/share/ca-certificates";

/** Run in the root that was made: $1. */
const finish = (kind: RootKind) => {
  // Not "!": sshd takes an account with a locked password for a locked account.
  const user = "useradd --create-home --shell /bin/bash --password '*' admin";
  const clean = 'find "$1/var/cache/apt/archives" -name "*.deb" -delete';
  const names = dockerPackages(kind.suite).join(" ");
  const fetch = `APT_CONFIG="$MMDEBSTRAP_APT_CONFIG" apt-get --yes install --download-only ${names}`;
  return [
    `chroot "$1" ${user}`,
    'chroot "$1" update-ca-certificates >/dev/null 2>&1',
    clean,
    ...(kind.docker === "none" ? [fetch] : []),
  ];
};

interface Recipe {
  readonly kind: RootKind;
  readonly sources: string;
  readonly apt: string;
}

async function recipeOf(kind: RootKind): Promise<Recipe> {
  const { suite } = kind;
  const sources = planSources({ packages: [], suite }, await readMachineSources());
  return { kind, sources, apt: await machineAptConfig() };
}

async function keyOf({ kind, sources, apt }: Recipe): Promise<string> {
  const hash = createHash("sha256");
  const more = kind.packages?.toSorted() ?? [];
  const all = [...packages, ...dockerPackages(kind.suite), ...finish(kind), ...more];
  const parts = [String(version), kind.docker, sshdConfig, sshdRun, policy, sources, apt, ...all];
  for (const part of parts) hash.update(part).update("\0");
  const names = existsSync(certificates) ? await readdir(certificates) : [];
  for (const name of names.toSorted()) hash.update(await readFile(path.join(certificates, name)));
  return `${kind.suite}-${kind.docker}-${hash.digest("hex").slice(0, 16)}`;
}

async function place(root: string, file: string, text: string, mode = 0o644): Promise<void> {
  const target = path.join(root, file);
  await mkdir(path.dirname(target), { recursive: true });
  await writeFile(target, text);
  await chmod(target, mode);
}

async function configure(root: string, apt: string): Promise<void> {
  await place(root, "etc/apt/apt.conf.d/99lab", `${apt}APT::Install-Recommends "false";\n`);
  await place(root, "usr/sbin/policy-rc.d", policy, 0o755);
  await place(root, "etc/sudoers.d/admin", "admin ALL=(ALL) NOPASSWD: ALL\n", 0o440);
  await place(root, "etc/ssh/sshd_config", sshdConfig);
  await rm(path.join(root, "etc/sv/ssh"), { recursive: true, force: true });
  await place(root, "etc/sv/ssh/run", sshdRun, 0o755);
  // What /etc/service leads to; the packages of one release link sshd there, others do not.
  const services = path.join(root, "etc/runit/runsvdir/default");
  await rm(services, { recursive: true });
  await mkdir(services);
  await symlink("/etc/sv/ssh", path.join(services, "ssh"));
  const keys = (await readdir(path.join(root, "etc/ssh"))).filter((name) => /_key/.test(name));
  for (const name of keys) await rm(path.join(root, "etc/ssh", name));
}

async function build(recipe: Recipe, work: string, log: (line: string) => void): Promise<string> {
  const { kind, sources, apt } = recipe;
  const root = path.join(work, "root");
  const aptConfig = path.join(work, "apt.conf");
  await writeFile(aptConfig, apt, { mode: 0o600 });
  await writeFile(path.join(work, "build.sources"), sources);
  log(`making the root of ${kind.suite} hosts, Docker ${kind.docker} (a minute, once)`);
  const docker = kind.docker === "installed" ? dockerPackages(kind.suite) : [];
  if (existsSync(certificates)) {
    await mkdir(path.join(work, "certificates"));
    await cp(certificates, path.join(work, "certificates"), { recursive: true });
  }
  const into = `mkdir -p "$1${certificates}" && cp -r . "$1${certificates}"`;
  const hooks = [
    ...(existsSync(certificates) ? [`cd "${work}/certificates" && ${into}`] : []),
    ...finish(kind),
  ];
  const args = [
    "--variant=apt",
    "--mode=root",
    // Package lists stay, so that an install needs no update first.
    "--skip=cleanup/apt",
    `--include=${[...packages, ...docker, ...(kind.packages ?? [])].join(",")}`,
    `--aptopt=${aptConfig}`,
    ...hooks.map((hook) => `--customize-hook=${hook}`),
    kind.suite,
    root,
    path.join(work, "build.sources"),
  ];
  await runMmdebstrap(args, {
    what: `make the root of ${kind.suite} hosts`,
    env: { ...environment(), LC_ALL: "C.UTF-8" },
  });
  await configure(root, apt);
  return root;
}

/** Unused for a month: the packages have moved on since. */
async function pruneOld(folder: string, keep: string): Promise<void> {
  const prefix = `${keep.split("-").slice(0, 2).join("-")}-`;
  for (const name of await readdir(folder)) {
    if (!name.startsWith(prefix) || name.endsWith(".lock") || name === keep) continue;
    const used = await readFile(path.join(folder, name, "used"), "utf8").catch(() => "0");
    const old = Date.now() - Number(used) > 30 * 24 * 3_600_000;
    if (old) await rm(path.join(folder, name), { recursive: true, force: true });
  }
}

/** The folder of a kind's root, made where it is not there yet. */
export async function labRoot(kind: RootKind, log: (line: string) => void): Promise<string> {
  const recipe = await recipeOf(kind);
  const key = await keyOf(recipe);
  const folder = path.join(cacheDir(), "lab");
  const place = path.join(folder, key);
  const onWait = () => log(`waiting: another lab makes the root of ${kind.suite} hosts`);
  return withLock(path.join(folder, `${key}.lock`), { onWait }, async () => {
    if (!existsSync(path.join(place, "used"))) {
      await rm(place, { recursive: true, force: true });
      const work = await mkdtemp(path.join(folder, "making-"));
      try {
        const root = await build(recipe, work, log);
        await mkdir(place);
        await rename(root, path.join(place, "root"));
      } finally {
        await rm(work, { recursive: true, force: true });
      }
    }
    // Written last: a folder without it is half made.
    await writeFile(path.join(place, "used"), String(Date.now()));
    await pruneOld(folder, key);
    return path.join(place, "root");
  });
}
