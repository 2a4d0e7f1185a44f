// What a virtual machine is declared as, and what is known of one. Sizes are in bytes.

/** What the packages of a machine's root are. */
export interface VmDebian {
  /** @defaultValue "bookworm" */
  readonly suite?: string;
  /** Besides a kernel, systemd, sshd, cloud-init and sudo. @defaultValue none */
  readonly packages?: readonly string[];
}

/** Where the first content of a disk comes from: one of `path`, `url`, `debian`. */
export interface VmImage {
  /** A disk image on this machine, raw or qcow2. */
  readonly path?: string;
  readonly url?: string;
  /** Of what `url` gives, in hexadecimal. */
  readonly sha256?: string;
  readonly debian?: VmDebian;
  /** For an image that boots by none of its own: kernel, initial RAM disk and arguments. */
  readonly kernel?: string;
  readonly initrd?: string;
  readonly kernelArguments?: string;
}

/** A port of the machine, reached through one of this machine. */
export interface VmPort {
  readonly guest: number;
  /** @defaultValue one made from the owner */
  readonly host?: number;
  /** @defaultValue "127.0.0.1" */
  readonly address?: string;
}

export interface VmSpec {
  /** Of its folder: letters, digits, `-`, `_` and `.`. */
  readonly name: string;
  /** Whose it is: another's is never touched. */
  readonly owner: string;
  readonly hostname: string;
  readonly image: VmImage;
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly diskBytes: number;
  /** Logs in by key, and may use sudo without a password. */
  readonly user: string;
  /** Public keys that are let in besides the machine's own. */
  readonly authorizedKeys: readonly string[];
  /** A script (`#!`) or `#cloud-config`, for cloud-init. */
  readonly userData: string | undefined;
  /** The first is that of SSH. */
  readonly ports: readonly VmPort[];
  readonly accel: "auto" | "kvm" | "tcg";
}

/** A forwarded port, settled. */
export interface Forward {
  readonly guest: number;
  readonly host: number;
  readonly address: string;
}

export interface KeyPair {
  /** In OpenSSH's format. */
  readonly secret: string;
  /** `ssh-ed25519 AAAA...` */
  readonly open: string;
}

/** What stays the same from a machine's first creation to its removal. */
export interface VmRecord {
  readonly owner: string;
  /** Hash of what a disk and its first boot are made from. */
  readonly origin: string;
  readonly hostKey: KeyPair;
  readonly accessKey: KeyPair;
  readonly forwards: readonly Forward[];
}
