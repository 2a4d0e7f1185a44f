// A container on one daemon. It is hardened unless told otherwise: no capabilities, no way to gain
// privileges, a read-only root with a /tmp in memory.

import * as pulumi from "@pulumi/pulumi";
import { ContainerResource, type ContainerResourceArgs } from "../sdk/resources/container.ts";
import type { MountArgs, NetworkAttachmentArgs } from "../sdk/resources/types.ts";
import type { DaemonLike, ImageLike, NetworkLike, VolumeMount } from "./daemonlike.ts";

/** Arguments of {@link Container}. */
export interface ContainerArgs
  extends Omit<ContainerResourceArgs, "image" | "networks" | "mounts"> {
  /**
   * Further mounts, in Docker's long form: of any kind, with their options. A change replaces the
   * container.
   * @defaultValue none
   */
  readonly mounts?: readonly MountArgs[];
  /** The daemon it runs on. A change replaces it. */
  readonly daemon: DaemonLike;
  /** The image it runs. A change replaces the container. */
  readonly image: ImageLike;
  /**
   * The networks to join, in this order. Those after the first are joined and left in place; another
   * first one replaces the container.
   * @defaultValue the daemon's default bridge
   */
  readonly networks?: readonly NetworkLike[];
  /**
   * Volumes and host paths that the container sees. A change replaces the container.
   * @defaultValue none
   */
  readonly volumes?: readonly VolumeMount[];
}

/** A container that is ready. Any change of what it runs makes a new one beside the old. */
export class Container extends ContainerResource {
  constructor(name: string, args: ContainerArgs, opts?: pulumi.CustomResourceOptions) {
    super(name, containerArgs(args), { provider: args.daemon.provider, ...opts });
  }
}

function mountOf({ volume, hostPath, target, readOnly }: VolumeMount, index: number): MountArgs {
  const rest = { target, ...(readOnly === undefined ? {} : { readOnly }) };
  if (volume && hostPath === undefined) return { source: volume.volumeName, ...rest };
  if (!volume && hostPath !== undefined) return { type: "bind", source: hostPath, ...rest };
  throw new pulumi.InputPropertyError({
    propertyPath: `volumes[${index}]`,
    reason: "give one of volume and hostPath",
  });
}

/** How to join a network. A `Bridge` has more members than these: they are its own. */
function attachmentOf(network: NetworkLike): NetworkAttachmentArgs {
  const parts = {
    aliases: network.aliases,
    ipv4Address: network.ipv4Address,
    ipv6Address: network.ipv6Address,
    linkLocalIps: network.linkLocalIps,
    macAddress: network.macAddress,
    links: network.links,
    driverOptions: network.endpointOptions,
    gatewayPriority: network.gatewayPriority,
  };
  const given = Object.entries(parts).filter(([, value]) => value !== undefined);
  return { network: network.networkName, ...Object.fromEntries(given) };
}

/** What a container is made from that a program gives as components. */
interface Parts {
  readonly daemon: DaemonLike;
  readonly image: ImageLike;
  readonly networks?: readonly NetworkLike[];
  readonly volumes?: readonly VolumeMount[];
  readonly mounts?: readonly MountArgs[];
  readonly readOnly?: pulumi.Input<boolean>;
}

/** The arguments of the resource, with the safe defaults filled in. Of a task as well. */
export function containerArgs<A extends Parts>(args: A) {
  const { daemon: _, image, networks, volumes, mounts, ...rest } = args;
  const readOnly = rest.readOnly ?? true;
  const temporary = readOnly === true ? { tmpfs: { "/tmp": "mode=1777,size=64m" } } : {};
  return {
    capDrop: ["ALL"],
    securityOpt: ["no-new-privileges:true"],
    ...temporary,
    ...rest,
    readOnly,
    image: image.ref,
    ...(networks ? { networks: networks.map(attachmentOf) } : {}),
    ...(volumes || mounts ? { mounts: [...(volumes ?? []).map(mountOf), ...(mounts ?? [])] } : {}),
  };
}
