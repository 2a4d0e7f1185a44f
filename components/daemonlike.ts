// What the components share about daemons, images, networks and volumes. Each is an interface with
// outputs, so that a component of ours, or a plain reference, can stand in its place.

import type * as pulumi from "@pulumi/pulumi";

/** A Docker daemon that containers can run on. */
export interface DaemonLike {
  /** The provider instance of this daemon: a machine. */
  readonly provider: pulumi.ProviderResource;
  /**
   * Whether its machine is lost: nothing contacts it, and what goes from it is forgotten.
   * @defaultValue false
   */
  readonly lost?: boolean;
  /**
   * Whether its containers go on while it restarts, which Docker does not have together with a swarm.
   * @defaultValue not known here: the daemon itself is asked
   */
  readonly liveRestore?: boolean;
}

/** An image: an `Image`, or `{ ref: "registry.example.com/shop@sha256:..." }`. */
export interface ImageLike {
  /** What the daemon knows it by: a tag, a digest, an id. */
  readonly ref: pulumi.Input<string>;
}

/** A network to join: a `Bridge`, or its name with how to join it. */
export interface NetworkLike {
  /** The network's name on the daemon. */
  readonly networkName: pulumi.Input<string>;
  /**
   * Further names under which the container is found on this network.
   * @defaultValue its own name alone
   */
  readonly aliases?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /**
   * A fixed address of the network's subnet.
   * @defaultValue any free one
   */
  readonly ipv4Address?: pulumi.Input<string>;
  /**
   * A fixed address of the network's IPv6 subnet.
   * @defaultValue any free one
   */
  readonly ipv6Address?: pulumi.Input<string>;
  /**
   * Further addresses of the link, such as 169.254.3.4.
   * @defaultValue none
   */
  readonly linkLocalIps?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /**
   * The MAC address on this network. Needs Docker 25.0.
   * @defaultValue one that the daemon makes
   */
  readonly macAddress?: pulumi.Input<string>;
  /**
   * Names for other containers, on this network alone: "CONTAINER:ALIAS".
   * @defaultValue none
   */
  readonly links?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /**
   * Options of the network's driver for this endpoint.
   * @defaultValue none
   */
  readonly endpointOptions?: pulumi.Input<{ readonly [name: string]: pulumi.Input<string> }>;
  /**
   * The network of the highest priority gives the default gateway. Needs Docker 28.0.
   * @defaultValue 0
   */
  readonly gatewayPriority?: pulumi.Input<number>;
}

/** A container that runs: a `Container`, or `{ containerId: "4f5e..." }`. */
export interface ContainerLike {
  /** The container's id. */
  readonly containerId: pulumi.Input<string>;
}

/** A volume: a `Volume`, or `{ volumeName: "data" }`. */
export interface VolumeLike {
  /** The volume's name on the daemon. */
  readonly volumeName: pulumi.Input<string>;
}

/** Where a volume, or a path of the host, appears in a container. */
export interface VolumeMount {
  /**
   * The volume. Give this or `hostPath`.
   * @defaultValue none
   */
  readonly volume?: VolumeLike;
  /**
   * The path on the daemon's host.
   * @defaultValue none
   */
  readonly hostPath?: pulumi.Input<string>;
  /** The absolute path in the container. */
  readonly target: pulumi.Input<string>;
  /**
   * Whether the container may only read it.
   * @defaultValue false
   */
  readonly readOnly?: pulumi.Input<boolean>;
}
