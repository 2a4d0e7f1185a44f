// What the components share about daemons, images, networks and volumes. Each is an interface with
// outputs, so that a component of ours, or a plain reference, can stand in its place.

import type * as pulumi from "@pulumi/pulumi";

/** A Docker daemon that containers can run on. */
export interface DaemonLike {
  /** The provider instance of this daemon: a machine. */
  readonly provider: pulumi.ProviderResource;
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
