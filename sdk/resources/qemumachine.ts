// Made by `npm run generate` from sdk/provider/resources. Do not edit.

import * as pulumi from "@pulumi/pulumi";
import { QuietResource } from "../quiet-resource.ts";

/** Arguments: QemuDebian. */
export interface QemuDebianArgs {
  /** The release, by its code name; this machine's apt has to know it. Default: bookworm. */
  readonly suite?: pulumi.Input<string>;
  /** Packages besides a kernel, systemd, sshd, cloud-init and sudo. Default: none. */
  readonly packages?: pulumi.Input<readonly pulumi.Input<string>[]>;
}

/** Arguments: QemuImage. */
export interface QemuImageArgs {
  /** A disk image on this machine: raw or qcow2. Default: none. */
  readonly path?: pulumi.Input<string>;
  /** Where a disk image is fetched from. Default: none. */
  readonly url?: pulumi.Input<string>;
  /**
   * The SHA-256 of what the URL gives, in hexadecimal; another is refused. Default: not
   * compared.
   */
  readonly sha256?: pulumi.Input<string>;
  /** A root made here from Debian packages, and kept for the next one. Default: none. */
  readonly debian?: pulumi.Input<QemuDebianArgs>;
  /** A kernel to start, on this machine. Default: the image's own. */
  readonly kernel?: pulumi.Input<string>;
  /** The initial RAM disk of that kernel. Default: none. */
  readonly initrd?: pulumi.Input<string>;
  /** The arguments of that kernel. Default: those of a root that fills its disk. */
  readonly kernelArguments?: pulumi.Input<string>;
}

/** Arguments: QemuPort. */
export interface QemuPortArgs {
  /** The machine's port. */
  readonly guest: pulumi.Input<number>;
  /** The port of this machine that leads there. Default: one that is free, and stays. */
  readonly host?: pulumi.Input<number>;
  /** The address of this machine that it listens on. Default: 127.0.0.1. */
  readonly address?: pulumi.Input<string>;
}

/** As it is: QemuDebian. */
export interface QemuDebian {
  /** The release, by its code name; this machine's apt has to know it. Default: bookworm. */
  readonly suite?: string;
  /** Packages besides a kernel, systemd, sshd, cloud-init and sudo. Default: none. */
  readonly packages?: readonly string[];
}

/** As it is: QemuImage. */
export interface QemuImage {
  /** A disk image on this machine: raw or qcow2. Default: none. */
  readonly path?: string;
  /** Where a disk image is fetched from. Default: none. */
  readonly url?: string;
  /**
   * The SHA-256 of what the URL gives, in hexadecimal; another is refused. Default: not
   * compared.
   */
  readonly sha256?: string;
  /** A root made here from Debian packages, and kept for the next one. Default: none. */
  readonly debian?: QemuDebian;
  /** A kernel to start, on this machine. Default: the image's own. */
  readonly kernel?: string;
  /** The initial RAM disk of that kernel. Default: none. */
  readonly initrd?: string;
  /** The arguments of that kernel. Default: those of a root that fills its disk. */
  readonly kernelArguments?: string;
}

/** As it is: QemuPort. */
export interface QemuPort {
  /** The machine's port. */
  readonly guest: number;
  /** The port of this machine that leads there. Default: one that is free, and stays. */
  readonly host?: number;
  /** The address of this machine that it listens on. Default: 127.0.0.1. */
  readonly address?: string;
}

/** As it is: QemuForward. */
export interface QemuForward {
  /** The machine's port. */
  readonly guest: number;
  /** The port of this machine. */
  readonly host: number;
  /** The address of this machine. */
  readonly address: string;
}

/** Arguments of QemuMachineResource. */
export interface QemuMachineResourceArgs {
  /**
   * The machine's name, of those on this machine. Changing it replaces the resource. Default:
   * the resource's name and a hash of its URN.
   */
  readonly name?: pulumi.Input<string>;
  /** Its host name. Changing it replaces the resource. Default: the resource's name. */
  readonly hostname?: pulumi.Input<string>;
  /**
   * Where its disk comes from: exactly one of `path`, `url` and `debian`. It needs cloud-init.
   * Changing it replaces the resource.
   */
  readonly image: pulumi.Input<QemuImageArgs>;
  /** Processors. A change restarts it. Changing it updates in place. Default: 1. */
  readonly cpus?: pulumi.Input<number>;
  /**
   * Memory in bytes, in whole MiB. A change restarts it. Changing it updates in place. Default:
   * 1073741824 (1 GiB).
   */
  readonly memoryBytes?: pulumi.Input<number>;
  /**
   * The size of its disk in bytes, which takes only the room that is used. It grows in place,
   * with a restart, and never shrinks. Changing it updates in place. Default: 10737418240 (10
   * GiB).
   */
  readonly diskBytes?: pulumi.Input<number>;
  /**
   * The user who logs in, by key, and may use sudo without a password. Changing it replaces the
   * resource. Default: admin.
   */
  readonly user?: pulumi.Input<string>;
  /**
   * Public keys that are let in besides the machine's own. Changing it replaces the resource.
   * Default: none.
   */
  readonly authorizedKeys?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /**
   * What cloud-init does at the first boot: a script (`#!`) or `#cloud-config`. Changing it
   * replaces the resource. Default: none.
   */
  readonly userData?: pulumi.Input<string>;
  /**
   * Its TCP ports that can be reached through this machine. That of SSH (22) is always among
   * them. A change restarts it. Changing it updates in place. Default: that of SSH, on a port
   * of 127.0.0.1 that is free.
   */
  readonly ports?: pulumi.Input<readonly pulumi.Input<QemuPortArgs>[]>;
  /**
   * How it runs: kvm, or tcg (emulated: slow, and anywhere). A change restarts it where it runs
   * otherwise. One of auto, kvm, tcg. Changing it updates in place. Default: auto: kvm where a
   * guest was seen to run under it.
   */
  readonly accel?: pulumi.Input<"auto" | "kvm" | "tcg">;
}

/**
 * A virtual machine on the machine that runs the plugin, by qemu: made of a cloud image or of
 * Debian packages, with a user, a key and a host key that are known before its first boot. It
 * lives on between updates; deleting the resource shuts it down and takes it away with its
 * disk.
 */
export class QemuMachineResource extends QuietResource {
  /**
   * The machine's name, of those on this machine. Changing it replaces the resource. Default:
   * the resource's name and a hash of its URN.
   */
  declare readonly name: pulumi.Output<string>;
  /** Its host name. Changing it replaces the resource. Default: the resource's name. */
  declare readonly hostname: pulumi.Output<string | undefined>;
  /**
   * Where its disk comes from: exactly one of `path`, `url` and `debian`. It needs cloud-init.
   * Changing it replaces the resource.
   */
  declare readonly image: pulumi.Output<QemuImage>;
  /** Processors. A change restarts it. Changing it updates in place. Default: 1. */
  declare readonly cpus: pulumi.Output<number | undefined>;
  /**
   * Memory in bytes, in whole MiB. A change restarts it. Changing it updates in place. Default:
   * 1073741824 (1 GiB).
   */
  declare readonly memoryBytes: pulumi.Output<number | undefined>;
  /**
   * The size of its disk in bytes, which takes only the room that is used. It grows in place,
   * with a restart, and never shrinks. Changing it updates in place. Default: 10737418240 (10
   * GiB).
   */
  declare readonly diskBytes: pulumi.Output<number | undefined>;
  /**
   * The user who logs in, by key, and may use sudo without a password. Changing it replaces the
   * resource. Default: admin.
   */
  declare readonly user: pulumi.Output<string | undefined>;
  /**
   * Public keys that are let in besides the machine's own. Changing it replaces the resource.
   * Default: none.
   */
  declare readonly authorizedKeys: pulumi.Output<readonly string[] | undefined>;
  /**
   * What cloud-init does at the first boot: a script (`#!`) or `#cloud-config`. Changing it
   * replaces the resource. Default: none.
   */
  declare readonly userData: pulumi.Output<string | undefined>;
  /**
   * Its TCP ports that can be reached through this machine. That of SSH (22) is always among
   * them. A change restarts it. Changing it updates in place. Default: that of SSH, on a port
   * of 127.0.0.1 that is free.
   */
  declare readonly ports: pulumi.Output<readonly QemuPort[] | undefined>;
  /**
   * How it runs: kvm, or tcg (emulated: slow, and anywhere). A change restarts it where it runs
   * otherwise. One of auto, kvm, tcg. Changing it updates in place. Default: auto: kvm where a
   * guest was seen to run under it.
   */
  declare readonly accel: pulumi.Output<"auto" | "kvm" | "tcg" | undefined>;
  /** The address of this machine that leads to its sshd. Changing it replaces the resource. */
  declare readonly host: pulumi.Output<string>;
  /** The port of this machine that leads there. Changing it replaces the resource. */
  declare readonly sshPort: pulumi.Output<number>;
  /**
   * Its public key, known before its first boot: `ssh-ed25519 AAAA...`. Changing it replaces
   * the resource.
   */
  declare readonly hostKey: pulumi.Output<string>;
  /** The user who logs in. Changing it replaces the resource. */
  declare readonly loginUser: pulumi.Output<string>;
  /** The user's private key. Changing it replaces the resource. */
  declare readonly privateKey: pulumi.Output<string>;
  /** The ports as they are forwarded. Changing it replaces the resource. */
  declare readonly forwards: pulumi.Output<readonly QemuForward[]>;
  /** Whether it ran when it was last looked at. Changing it replaces the resource. */
  declare readonly running: pulumi.Output<boolean>;
  /** How it runs: kvm or tcg; empty where it does not. Changing it replaces the resource. */
  declare readonly acceleration: pulumi.Output<string>;
  /** The file that its console writes to. Changing it replaces the resource. */
  declare readonly console: pulumi.Output<string>;

  constructor(
    name: string,
    args: QemuMachineResourceArgs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    const props = {
      name: undefined,
      hostname: undefined,
      image: undefined,
      cpus: undefined,
      memoryBytes: undefined,
      diskBytes: undefined,
      user: undefined,
      authorizedKeys: undefined,
      userData: undefined,
      ports: undefined,
      accel: undefined,
      host: undefined,
      sshPort: undefined,
      hostKey: undefined,
      loginUser: undefined,
      privateKey: undefined,
      forwards: undefined,
      running: undefined,
      acceleration: undefined,
      console: undefined,
      ...(opts?.id === undefined ? args : {}),
    };
    super("dockwright:index:QemuMachine", name, props, pulumi.mergeOptions({ additionalSecretOutputs: ["privateKey"] }, opts));
  }
}
