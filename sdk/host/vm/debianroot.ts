// A root for virtual machines made from Debian packages: kernel, systemd, sshd, cloud-init. One ext4
// file system with no boot loader; its kernel and initial RAM disk lie beside it. Made with the
// apt sources of this machine, kept in the cache for a week. Refuses to work without root, since
// owners of files would be lost.
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cacheDir } from "../../cache.ts";
import { machineAptConfig } from "../../debian/apt.ts";
import { buildEnv } from "../../debian/bootstrap.ts";
import { needProgram } from "../../debian/build.ts";
import { withLock } from "../../debian/lock.ts";
import { runMmdebstrap } from "../../debian/process.ts";
import { planSources, readMachineSources } from "../../debian/sources.ts";
import { ErrorCode, SdkError } from "../../errors.ts";
import { copySparse } from "./sparse.ts";
import type { VmDebian } from "./types.ts";

export interface DebianRoot {
  readonly disk: string;
  readonly kernel: string;
  readonly initrd: string;
}

export interface RootOptions {
  readonly signal: AbortSignal;
  readonly progress: (text: string) => void;
}

/** Raised when roots are made in another way. */
const version = 2;
const keptMs = 7 * 24 * 3_600_000;

/** No libpam-systemd: a manager of its own for each login costs more than the login. */
const packages = [
  "busybox-static",
  "ca-certificates",
  "cloud-init",
  "dbus",
  "e2fsprogs",
  "iproute2",
  "iputils-ping",
  "kmod",
  "linux-image-cloud-amd64",
  "netbase",
  "openssh-server",
  "procps",
  "sudo",
  "systemd-sysv",
  "udev",
];

/** What it takes to mount the root and to be on the network; each brings what it needs. */
const drivers = ["virtio_pci", "virtio_blk", "virtio_net", "crc32c", "ext4"];

/** What a machine without consoles, disks to check and packages to update by itself can do without. */
const masked = [
  "apt-daily-upgrade.timer",
  "apt-daily.timer",
  "dev-hugepages.mount",
  "dpkg-db-backup.timer",
  "e2scrub_all.timer",
  "e2scrub_reap.service",
  "fstrim.timer",
  "getty@tty1.service",
  "kmod-static-nodes.service",
  "modprobe@.service",
  "serial-getty@ttyS0.service",
  "sys-kernel-debug.mount",
  "sys-kernel-tracing.mount",
  "systemd-network-generator.service",
  "systemd-update-utmp-runlevel.service",
  "systemd-update-utmp.service",
];

/** Those of systemd that look for disks, consoles and encryption that there are none of. */
const maskedGenerators = [
  "systemd-bless-boot-generator",
  "systemd-cryptsetup-generator",
  "systemd-debug-generator",
  "systemd-getty-generator",
  "systemd-gpt-auto-generator",
  "systemd-hibernate-resume-generator",
  "systemd-integritysetup-generator",
  "systemd-rc-local-generator",
  "systemd-run-generator",
  "systemd-system-update-generator",
  "systemd-veritysetup-generator",
];

/** The modules of cloud-init: all that a program may ask for, none that only a cloud needs. */
const cloudConfig = {
  datasource_list: ["NoCloud", "None"],
  network: { config: "disabled" },
  apt: { preserve_sources_list: true },
  cloud_init_modules: [
    ...["seed_random", "bootcmd", "write-files", "resizefs", "disk_setup", "mounts"],
    ...["set_hostname", "update_hostname", "update_etc_hosts", "ca-certs", "users-groups", "ssh"],
  ],
  cloud_config_modules: ["set-passwords", "ntp", "timezone", "apt-configure", "runcmd"],
  cloud_final_modules: [
    ...["package-update-upgrade-install", "write-files-deferred", "scripts-per-once"],
    ...["scripts-per-boot", "scripts-per-instance", "scripts-user", "phone-home"],
    ...["final-message", "power-state-change"],
  ],
};

/** In the guest: the network that qemu gives, and no search for others. */
const files: Readonly<Record<string, string>> = {
  "etc/systemd/network/10-dockwright.network": `[Match]
Name=e*

[Network]
DHCP=ipv4
LinkLocalAddressing=no

[DHCPv4]
ClientIdentifier=mac
`,
  "etc/resolv.conf": "nameserver 10.0.2.3\n",
  "etc/hostname": "localhost\n",
  "etc/fstab": "# the kernel is told of the root\n",
  "etc/ssh/sshd_config.d/dockwright.conf": "PasswordAuthentication no\nUseDNS no\n",
  "etc/cloud/cloud.cfg.d/90-dockwright.cfg": `${JSON.stringify(cloudConfig, undefined, 1)}\n`,
  "etc/cloud/ds-identify.cfg": "policy: enabled\n",
};

/** The start of the initial RAM disk, which does nothing but mount the root. */
const init = `#!/bin/busybox sh
PATH=/bin
busybox mount -t devtmpfs dev /dev
while read -r module; do busybox insmod "/modules/$module"; done </modules/order
tries=0
until busybox mount -t ext4 -o rw /dev/vda /root; do
  tries=$((tries + 1))
  [ $tries -lt 50 ] || { echo "dockwright: the root cannot be mounted"; busybox poweroff -f; }
  busybox usleep 100000
done
busybox mount --move /dev /root/dev
exec busybox switch_root /root /sbin/init
`;

const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

const place = (file: string, text: string) =>
  `mkdir -p "$1/$(dirname ${quote(file)})" && printf %s ${quote(text)} > "$1"/${quote(file)}`;

const maskGenerator = (name: string) =>
  `ln -s /dev/null "$1/etc/systemd/system-generators/${name}"`;

/** Debian's own initial RAM disk starts a device manager; one that knows its devices need not. */
const makeInitrd = (out: string) => `set -e
tree=$(mktemp -d) && mkdir "$tree/bin" "$tree/dev" "$tree/modules" "$tree/root"
cp "$1/bin/busybox" "$tree/bin/busybox" && ln -s busybox "$tree/bin/sh"
printf %s ${quote(init)} > "$tree/init" && chmod 755 "$tree/init"
version=$(ls "$1/lib/modules")
for driver in ${drivers.join(" ")}; do
  chroot "$1" modprobe --set-version "$version" --show-depends "$driver"
done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' > "$tree/list"
while read -r path; do
  name=$(basename "$path"); name=\${name%.xz}
  case $path in
    *.xz) "$1/bin/busybox" xzcat "$1$path" > "$tree/modules/$name" ;;
    *) cp "$1$path" "$tree/modules/$name" ;;
  esac
  echo "$name" >> "$tree/modules/order"
done < "$tree/list"
rm "$tree/list"
(cd "$tree" && find . | "$1/bin/busybox" cpio -o -H newc) 2>/dev/null > ${quote(join(out, "initrd"))}
rm -rf "$tree"`;

/** Room beside what packages fill, for a machine that never grows its disk. */
const spareMebibytes = 256;

/** Ends with the file system in `out`, with all that lies under mounts left out. */
const after = (out: string) => [
  ...Object.entries(files).map(([file, text]) => place(file, text)),
  'chroot "$1" systemctl enable systemd-networkd.service ssh.service',
  `chroot "$1" systemctl mask ${masked.join(" ")}`,
  ['mkdir -p "$1/etc/systemd/system-generators"', ...maskedGenerators.map(maskGenerator)].join(
    " && ",
  ),
  'rm -f "$1"/etc/ssh/ssh_host_*_key* "$1"/etc/apt/apt.conf.d/99mmdebstrap',
  'rm -rf "$1"/var/cache/apt/*.bin "$1"/var/cache/apt/archives/*.deb "$1"/var/lib/apt/lists/*',
  ': > "$1/etc/machine-id"; rm -f "$1/var/lib/dbus/machine-id"',
  `cp "$1"/boot/vmlinuz-* ${quote(join(out, "kernel"))}`,
  makeInitrd(out),
  'rm -f "$1"/boot/initrd.img-*',
  // What systemd would bring up to date at the first boot is.
  'touch "$1/etc/.updated" "$1/var/.updated"',
  `view=${quote(join(out, "view"))} && mkdir "$view" && mount --bind "$1" "$view" &&
mebibytes=$(($(du -sm --apparent-size "$view" | cut -f1) * 5 / 4 + ${spareMebibytes})) &&
mke2fs -q -t ext4 -L root -d "$view" ${quote(join(out, "disk"))} "$mebibytes"M &&
umount "$view" && rmdir "$view"`,
];

/** All that makes one root different from another. */
const guest = [files, drivers, masked, maskedGenerators, init];

function argsOf(debian: VmDebian, suite: string, work: string, out: string): readonly string[] {
  const include = [...packages, ...(debian.packages ?? [])];
  return [
    "--variant=apt",
    "--mode=unshare",
    "--format=null",
    `--aptopt=${join(work, "apt.conf")}`,
    `--include=${[...new Set(include)].join(",")}`,
    ...after(out).map((command) => `--customize-hook=${command}`),
    suite,
    "-",
    join(work, "build.sources"),
  ];
}

async function make(debian: VmDebian, suite: string, place: string, options: RootOptions) {
  const sources = planSources({ packages: [], suite }, await readMachineSources());
  const work = await mkdtemp(join(place, "..", "making-"));
  const out = join(work, "out");
  try {
    await mkdir(out);
    await writeFile(join(work, "apt.conf"), await machineAptConfig(), { mode: 0o600 });
    await writeFile(join(work, "build.sources"), sources);
    options.progress(`making a root of ${suite} for virtual machines (some minutes, once)`);
    await runMmdebstrap(argsOf(debian, suite, work, out), {
      env: buildEnv(process.env, work),
      what: `make a root of ${suite}`,
      signal: options.signal,
      onLine: (line) => options.progress(line),
    });
    await rm(place, { recursive: true, force: true });
    await rename(out, place);
  } finally {
    await rm(work, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

function refuse(): void {
  const fix = "run as root, or give the machine an image by `path` or `url`";
  if (process.getuid?.() === 0 && process.arch === "x64") return;
  const why = process.arch === "x64" ? "only root can" : "it is made for x86-64, on x86-64,";
  throw new SdkError(ErrorCode.BadInput, `${why} make a virtual machine's root`, { fix });
}

async function ageMs(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  return found === undefined ? Number.POSITIVE_INFINITY : Date.now() - found.mtimeMs;
}

async function pruneOld(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const old = !name.endsWith(".lock") && (await ageMs(join(folder, name))) > 4 * keptMs;
    if (old) await rm(join(folder, name), { recursive: true, force: true });
  }
}

/**
 * Copies a root of these packages into a machine's files, made where the cache has none. Copied
 * under the lock: another build may replace what is too old.
 */
export async function takeDebianRoot(
  debian: VmDebian,
  into: DebianRoot,
  options: RootOptions,
): Promise<void> {
  const suite = debian.suite ?? "bookworm";
  const parts = JSON.stringify([version, suite, debian.packages ?? [], packages, ...guest]);
  const key = createHash("sha256").update(parts).digest("hex").slice(0, 24);
  const folder = join(cacheDir(), "vm");
  const place = join(folder, `${suite}-${key}`);
  await mkdir(folder, { recursive: true });
  const lock = {
    signal: options.signal,
    onWait: () => options.progress("waiting: another build makes this root"),
  };
  await withLock(`${place}.lock`, lock, async () => {
    if ((await ageMs(join(place, "disk"))) > keptMs) {
      refuse();
      await needProgram("mmdebstrap");
      await make(debian, suite, place, options);
    }
    for (const name of ["disk", "kernel", "initrd"] as const) {
      await copySparse(join(place, name), into[name]);
    }
    await pruneOld(folder);
  });
}
