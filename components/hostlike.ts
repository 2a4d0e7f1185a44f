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
}
