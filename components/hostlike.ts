// What the components share about hosts: an interface, so that a machine of a cloud, a virtual machine
// or the machine itself can stand where a host is meant.

import type * as pulumi from "@pulumi/pulumi";
import type { SshArgs } from "../sdk/resources/provider.ts";

/** A machine that can be provisioned. */
export interface HostLike {
  /** The provider instance of this machine. */
  readonly provider: pulumi.ProviderResource;
  /** Its address, as containers and clients of it are told. */
  readonly address: pulumi.Input<string>;
  /**
   * How it is reached over SSH, for a provider of its own: that of a daemon on it, which comes after
   * the daemon.
   * @defaultValue it is the machine that runs the program
   */
  readonly ssh?: SshArgs;
  /**
   * Whether it is lost: nothing contacts it, and what goes from it is forgotten.
   * @defaultValue false
   */
  readonly lost?: boolean;
  /**
   * The machine's own resource, where one makes it: what is on the machine is not taken off it when that
   * goes.
   * @defaultValue none: what is on it is taken off one by one
   */
  readonly deletedWith?: pulumi.Resource;
}

/** The options of a resource on a host; what is given comes first. */
export function onHost(
  host: HostLike,
  given?: pulumi.CustomResourceOptions,
): pulumi.CustomResourceOptions {
  const { provider, deletedWith } = host;
  return { provider, ...(deletedWith ? { deletedWith } : {}), ...given };
}

/** What a provider of something on a host takes when the host is lost. */
export function lostArgs({ lost }: Pick<HostLike, "lost">): { readonly lost?: true } {
  return lost === true ? { lost } : {};
}
