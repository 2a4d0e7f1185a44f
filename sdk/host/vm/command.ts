// The command line of a virtual machine: pure, so that a running one can be compared with what is
// wanted. Paths are relative to its folder, which is its working folder. Follows qemu(1), QEMU 7.2.
import { createHash } from "node:crypto";
import { ErrorCode, SdkError } from "../../errors.ts";
import type { Forward, VmSpec } from "./types.ts";

/** The program, of Debian's package qemu-system-x86. */
export const qemuProgram = "qemu-system-x86_64";

/** Files of a machine's folder. */
export const vmFiles = {
  disk: "disk.img",
  kernel: "kernel",
  initrd: "initrd",
  seed: "seed",
  console: "console.log",
  output: "qemu.log",
  monitor: "monitor.sock",
  pid: "qemu.pid",
  record: "machine.json",
  lock: "lock",
} as const;

export type Accel = "kvm" | "tcg";

/** The port of a machine's sshd. */
export const sshGuestPort = 22;

const mebibyte = 1024 * 1024;

/** An address of the network card that is the same in every start: images remember it. */
export function macOf(name: string): string {
  const digits = createHash("sha256").update(name).digest("hex").slice(0, 6);
  return `52:54:00:${digits.replace(/(..)(?=.)/g, "$1:")}`;
}

/** Kernel arguments of a root that fills its disk. Each character of a console costs time. */
export const wholeDiskArguments =
  "root=/dev/vda rw console=ttyS0 net.ifnames=0 quiet systemd.show_status=false";

/**
 * Laid over those where the processor is emulated. Its time stamp counter is this machine's, so it can
 * be relied on: otherwise each look at the clock is one at an emulated device, the half of all work.
 * There is nothing that speculates, and self-tests of ciphers take seconds. The kernel's place stays
 * random: at a reboot one unpacked over the former one throws away what was translated of it bit by bit,
 * which takes minutes.
 */
const emulatedArguments =
  "tsc=reliable clocksource=tsc no_timer_check mitigations=off init_on_alloc=0 cryptomgr.notests";

/** All that can be emulated, but for what makes each access to memory dearer. */
const emulatedProcessor = "max,-la57,-pku,-smap";

export interface VmBoot {
  /** Whether the folder has a kernel to start, with or without an initial RAM disk. */
  readonly kernel: boolean;
  readonly initrd: boolean;
  readonly arguments: string | undefined;
}

/** Given to a machine at each start, since a root made here has none of its own: no first boot. */
const machineId = (owner: string) => createHash("sha256").update(owner).digest("hex").slice(0, 32);

function defaultArguments(spec: VmSpec, accel: Accel): string {
  const id = `systemd.machine_id=${machineId(`${spec.owner}\0${originOf(spec)}`)}`;
  return [wholeDiskArguments, id, ...(accel === "tcg" ? [emulatedArguments] : [])].join(" ");
}

function bootArguments(spec: VmSpec, boot: VmBoot, accel: Accel): readonly string[] {
  if (!boot.kernel) return [];
  const initrd = boot.initrd ? ["-initrd", vmFiles.initrd] : [];
  const told = boot.arguments ?? defaultArguments(spec, accel);
  return ["-kernel", vmFiles.kernel, ...initrd, "-append", told];
}

const forwardText = ({ address, host, guest }: Forward) =>
  `hostfwd=tcp:${address}:${host}-:${guest}`;

/** The accelerator and the processor: what a trial of an accelerator must have, too. */
export const processorArguments = (accel: Accel): readonly string[] => [
  ...["-accel", accel === "kvm" ? "kvm" : "tcg,thread=multi"],
  ...["-cpu", accel === "kvm" ? "host" : emulatedProcessor],
];

/** What qemu is started with. */
export function qemuArguments(
  spec: VmSpec,
  forwards: readonly Forward[],
  boot: VmBoot,
  accel: Accel,
): readonly string[] {
  const { name, cpus, memoryBytes } = spec;
  return [
    ...["-name", `dockwright-${name}`],
    ...["-no-user-config", "-nodefaults"],
    ...["-sandbox", "on,obsolete=deny,elevateprivileges=deny,spawn=deny"],
    ...["-machine", "q35", ...processorArguments(accel)],
    ...["-smp", String(cpus), "-m", `${Math.floor(memoryBytes / mebibyte)}M`],
    ...["-display", "none", "-serial", `file:${vmFiles.console}`],
    ...["-qmp", `unix:${vmFiles.monitor},server=on,wait=off`, "-pidfile", vmFiles.pid],
    // The disk comes first: it is /dev/vda. A kernel that is given has the boot index 0.
    ...["-drive", `id=disk,file=${vmFiles.disk},format=raw,if=none,discard=unmap`],
    ...["-device", "virtio-blk-pci,drive=disk,bootindex=1"],
    // A FAT file system made from a folder as it is read; cloud-init finds it by its label.
    ...["-blockdev", `driver=vvfat,node-name=seed,dir=${vmFiles.seed},label=CIDATA,read-only=on`],
    ...["-device", "virtio-blk-pci,drive=seed"],
    ...["-netdev", ["user,id=net", ...forwards.map(forwardText)].join(",")],
    ...["-device", `virtio-net-pci,netdev=net,mac=${macOf(name)}`],
    ...["-device", "virtio-rng-pci"],
    ...bootArguments(spec, boot, accel),
  ];
}

export interface Observed {
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly accel: Accel;
  readonly forwards: readonly Forward[];
}

/** What a machine was started with, read from its command line. */
export function observedOf(args: readonly string[]): Observed {
  const after = (flag: string) => args[args.indexOf(flag) + 1] ?? "";
  const found = after("-netdev").matchAll(/hostfwd=tcp:([^:,]*):(\d+)-:(\d+)/g);
  return {
    cpus: Number(after("-smp")),
    memoryBytes: Number.parseInt(after("-m"), 10) * mebibyte,
    accel: after("-accel").startsWith("kvm") ? "kvm" : "tcg",
    forwards: [...found].map(([, address = "", host, guest]) => ({
      guest: Number(guest),
      host: Number(host),
      address,
    })),
  };
}

/** The first port for a machine's own choice, and how many there are: none that the kernel gives. */
const ports = { first: 20_000, count: 10_000 } as const;

/** Ports of this machine to try for a forward, in their order: the same for the same owner. */
export function* portsFor(owner: string, guest: number): Generator<number> {
  const hash = createHash("sha256").update(`${owner}\0${guest}`).digest();
  const start = hash.readUInt32BE(0) % ports.count;
  for (let tried = 0; tried < 100; tried += 1) yield ports.first + ((start + tried) % ports.count);
}

/** What a machine's disk and first boot are made from: another one needs a new machine. */
export function originOf(spec: VmSpec): string {
  const { hostname, image, user, authorizedKeys, userData } = spec;
  const parts = JSON.stringify([hostname, image, user, authorizedKeys, userData ?? null]);
  return createHash("sha256").update(parts).digest("hex");
}

/** Refuses a name that could lead out of the folder of all machines. */
export function checkName(name: string): void {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(name)) return;
  throw new SdkError(ErrorCode.BadInput, `"${name}" cannot be the name of a virtual machine`, {
    fix: "use letters, digits, `-`, `_` and `.`, at most 100, with a letter or digit first",
  });
}
