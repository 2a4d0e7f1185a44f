// The fields of a virtual machine: what a program declares, and what it is told.

import { element, f } from "../fields.ts";

const sha256Pattern = /^[0-9a-f]{64}$/i;
const mebibyte = 1024 * 1024;
const leastMemory = 128 * mebibyte;

const checkPort = (value: number) =>
  value >= 1 && value <= 65_535 ? undefined : "write a port, 1 to 65535";
const checkAddress = (value: string) =>
  /^\d{1,3}(\.\d{1,3}){3}$/.test(value) ? undefined : "write an IPv4 address of this machine";

const imageFields = {
  path: f.string({ doc: "A disk image on this machine: raw or qcow2.", default: "none" }),
  url: f.string({
    doc: "Where a disk image is fetched from.",
    default: "none",
    check: (value) => (/^https?:\/\//.test(value) ? undefined : "write an http or https URL"),
  }),
  sha256: f.string({
    doc: "The SHA-256 of what the URL gives, in hexadecimal; another is refused.",
    default: "not compared",
    check: (value) => (sha256Pattern.test(value) ? undefined : "write 64 hexadecimal digits"),
  }),
  debian: f.object(
    "QemuDebian",
    {
      suite: f.string({
        doc: "The release, by its code name; this machine's apt has to know it.",
        default: "bookworm",
        check: (value) => (/^[a-z]+$/.test(value) ? undefined : "write a name such as bookworm"),
      }),
      packages: f.list(f.string(element), {
        doc: "Packages besides a kernel, systemd, sshd, cloud-init and sudo.",
        default: "none",
      }),
    },
    { doc: "A root made here from Debian packages, and kept for the next one.", default: "none" },
  ),
  kernel: f.string({ doc: "A kernel to start, on this machine.", default: "the image's own" }),
  initrd: f.string({ doc: "The initial RAM disk of that kernel.", default: "none" }),
  kernelArguments: f.string({
    doc: "The arguments of that kernel.",
    default: "those of a root that fills its disk",
  }),
} as const;

const portFields = {
  guest: f.integer({ doc: "The machine's port.", required: true, check: checkPort }),
  host: f.integer({
    doc: "The port of this machine that leads there.",
    default: "one that is free, and stays",
    check: checkPort,
  }),
  address: f.string({
    doc: "The address of this machine that it listens on.",
    default: "127.0.0.1",
    check: checkAddress,
  }),
} as const;

export const qemuMachineInputs = {
  name: f.string({
    doc: "The machine's name, of those on this machine.",
    default: "the resource's name and a hash of its URN",
    check: (value) =>
      /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(value)
        ? undefined
        : "use letters, digits, `-`, `_` and `.`",
  }),
  hostname: f.string({
    doc: "Its host name.",
    default: "the resource's name",
    check: (value) =>
      /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/.test(value)
        ? undefined
        : "use letters, digits and `-`, at most 63",
  }),
  image: f.object("QemuImage", imageFields, {
    doc: "Where its disk comes from: exactly one of `path`, `url` and `debian`. It needs cloud-init.",
    required: true,
  }),
  cpus: f.integer({
    doc: "Processors. A change restarts it.",
    default: "1",
    onChange: "update",
    check: (value) => (value >= 1 && value <= 255 ? undefined : "write a number, 1 to 255"),
  }),
  memoryBytes: f.integer({
    doc: "Memory in bytes, in whole MiB. A change restarts it.",
    default: "1073741824 (1 GiB)",
    onChange: "update",
    check: (value) =>
      value >= leastMemory && value % mebibyte === 0
        ? undefined
        : "write at least 128 MiB, in whole MiB: 1024 ** 3 is 1 GiB",
  }),
  diskBytes: f.integer({
    doc: "The size of its disk in bytes, which takes only the room that is used. It grows in place, with a restart, and never shrinks.",
    default: "10737418240 (10 GiB)",
    onChange: "update",
    check: (value) =>
      value >= mebibyte && value % mebibyte === 0 ? undefined : "write a number of whole MiB",
  }),
  user: f.string({
    doc: "The user who logs in, by key, and may use sudo without a password.",
    default: "admin",
    check: (value) =>
      /^[a-z_][a-z0-9_-]{0,31}$/.test(value) && value !== "root"
        ? undefined
        : "write a name that is not root's, such as admin",
  }),
  authorizedKeys: f.list(f.string(element), {
    doc: "Public keys that are let in besides the machine's own.",
    default: "none",
  }),
  userData: f.string({
    doc: "What cloud-init does at the first boot: a script (`#!`) or `#cloud-config`.",
    default: "none",
  }),
  ports: f.list(f.object("QemuPort", portFields, element), {
    doc: "Its TCP ports that can be reached through this machine. That of SSH (22) is always among them. A change restarts it.",
    default: "that of SSH, on a port of 127.0.0.1 that is free",
    onChange: "update",
  }),
  accel: f.choice(["auto", "kvm", "tcg"], {
    doc: "How it runs: kvm, or tcg (emulated: slow, and anywhere). A change restarts it where it runs otherwise.",
    default: "auto: kvm where a guest was seen to run under it",
    onChange: "update",
  }),
} as const;

export const qemuMachineOutputs = {
  host: f.string({ doc: "The address of this machine that leads to its sshd.", required: true }),
  sshPort: f.integer({ doc: "The port of this machine that leads there.", required: true }),
  hostKey: f.string({
    doc: "Its public key, known before its first boot: `ssh-ed25519 AAAA...`.",
    required: true,
  }),
  loginUser: f.string({ doc: "The user who logs in.", required: true }),
  privateKey: f.string({ doc: "The user's private key.", required: true, secret: true }),
  forwards: f.list(
    f.object(
      "QemuForward",
      {
        guest: f.integer({ doc: "The machine's port.", required: true }),
        host: f.integer({ doc: "The port of this machine.", required: true }),
        address: f.string({ doc: "The address of this machine.", required: true }),
      },
      element,
    ),
    { doc: "The ports as they are forwarded.", required: true },
  ),
  running: f.boolean({ doc: "Whether it ran when it was last looked at.", required: true }),
  acceleration: f.string({
    doc: "How it runs: kvm or tcg; empty where it does not.",
    required: true,
  }),
  console: f.string({ doc: "The file that its console writes to.", required: true }),
} as const;
