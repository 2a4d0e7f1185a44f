// What the components share about hosts: an interface, so that a machine of a cloud, a virtual machine
// or the machine itself can stand where a host is meant.

import type * as pulumi from "@pulumi/pulumi";

/** A machine that can be provisioned. */
export interface HostLike {
  /** The provider instance of this machine. */
  readonly provider: pulumi.ProviderResource;
  /** Its address, as containers and clients of it are told. */
  readonly address: pulumi.Input<string>;
}
