// Made by `npm run generate` from sdk/provider/resources. Do not edit.

import * as pulumi from "@pulumi/pulumi";
import { QuietResource } from "../quiet-resource.ts";

/** As it is: HostOs. */
export interface HostOs {
  /** As in /etc/os-release: `debian`. */
  readonly id: string;
  /** Its version, such as `12`; empty where a system has none. */
  readonly version: string;
  /** Its code name, such as `bookworm`; empty where a system has none. */
  readonly codename: string;
  /** The family that it is of. One of debian, rhel, alpine, suse, arch, other. */
  readonly family: "debian" | "rhel" | "alpine" | "suse" | "arch" | "other";
  /** The name for people. */
  readonly name: string;
}

/** As it is: HostDisk. */
export interface HostDisk {
  /** Where it is mounted. */
  readonly mount: string;
  /** Its size, in bytes. */
  readonly sizeBytes: number;
  /** What is free for everybody, in bytes, as of the last large change. */
  readonly freeBytes: number;
}

/** As it is: HostFeatures. */
export interface HostFeatures {
  /** Whether the kernel has overlayfs. */
  readonly overlay: boolean;
  /** Whether the firewall can see bridged traffic. */
  readonly bridgeNetfilter: boolean;
  /** Whether there are user namespaces. */
  readonly userNamespaces: boolean;
  /** Which iptables is installed. One of nft, legacy, none. */
  readonly iptables: "nft" | "legacy" | "none";
}

/** Arguments of FactsResource. */
export interface FactsResourceArgs {

}

/**
 * What there is to know of a host: its system, processors, memory, disks, kernel, Docker,
 * addresses. Read when the resource is made and on every refresh, in one round trip.
 */
export class FactsResource extends QuietResource {
  /** The operating system. Changing it replaces the resource. */
  declare readonly os: pulumi.Output<HostOs>;
  /** The processor, in Docker's words: `amd64`, `arm64`. Changing it replaces the resource. */
  declare readonly architecture: pulumi.Output<string>;
  /** The kernel's release. Changing it replaces the resource. */
  declare readonly kernel: pulumi.Output<string>;
  /** Processors. Changing it replaces the resource. */
  declare readonly cpus: pulumi.Output<number>;
  /** Memory, in bytes. Changing it replaces the resource. */
  declare readonly memoryBytes: pulumi.Output<number>;
  /** Mounted disks, the root among them. Changing it replaces the resource. */
  declare readonly disks: pulumi.Output<readonly HostDisk[]>;
  /**
   * What supervises its processes. One of systemd, runit, openrc, sysv, none. Changing it
   * replaces the resource.
   */
  declare readonly init: pulumi.Output<"systemd" | "runit" | "openrc" | "sysv" | "none">;
  /**
   * The version of control groups: 1 or 2; 0 where there are none. Changing it replaces the
   * resource.
   */
  declare readonly cgroupVersion: pulumi.Output<number>;
  /** What of the kernel matters to Docker. Changing it replaces the resource. */
  declare readonly features: pulumi.Output<HostFeatures>;
  /** Docker's version; empty where it is not installed. Changing it replaces the resource. */
  declare readonly dockerVersion: pulumi.Output<string>;
  /** The daemon's API version; empty where none answers. Changing it replaces the resource. */
  declare readonly dockerApiVersion: pulumi.Output<string>;
  /** Its own name. Changing it replaces the resource. */
  declare readonly hostname: pulumi.Output<string>;
  /**
   * Addresses of its interfaces, without those of containers and the loopback. Changing it
   * replaces the resource.
   */
  declare readonly addresses: pulumi.Output<readonly string[]>;
  /** Another one after each start of the kernel. Changing it replaces the resource. */
  declare readonly bootId: pulumi.Output<string>;
  /**
   * How far its clock is before (+) or behind (-) ours, in milliseconds. Changing it replaces
   * the resource.
   */
  declare readonly clockSkewMs: pulumi.Output<number>;
  /**
   * Whether it can be rebooted: it is no container and no namespaces. Changing it replaces the
   * resource.
   */
  declare readonly canReboot: pulumi.Output<boolean>;

  constructor(
    name: string,
    args: FactsResourceArgs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    const props = {
      os: undefined,
      architecture: undefined,
      kernel: undefined,
      cpus: undefined,
      memoryBytes: undefined,
      disks: undefined,
      init: undefined,
      cgroupVersion: undefined,
      features: undefined,
      dockerVersion: undefined,
      dockerApiVersion: undefined,
      hostname: undefined,
      addresses: undefined,
      bootId: undefined,
      clockSkewMs: undefined,
      canReboot: undefined,
      ...(opts?.id === undefined ? args : {}),
    };
    super("dockwright:index:Facts", name, props, opts);
  }
}
