// Made by `npm run generate` from sdk/provider/resources. Do not edit.

import * as pulumi from "@pulumi/pulumi";
import { QuietResource } from "../quiet-resource.ts";

/** Arguments of NetworkResource. */
export interface NetworkResourceArgs {
  /**
   * The network's name on the daemon. Changing it replaces the resource. Default: the
   * resource's name and a hash of its inputs.
   */
  readonly name?: pulumi.Input<string>;
  /**
   * The subnet, as CIDR. Changing it replaces the resource. Default: a free one of the daemon's
   * pools.
   */
  readonly subnet?: pulumi.Input<string>;
  /**
   * The host's address on the network. Changing it replaces the resource. Default: the first of
   * the subnet.
   */
  readonly gateway?: pulumi.Input<string>;
  /**
   * The part of the subnet from which addresses are given, as CIDR. Changing it replaces the
   * resource. Default: all of it.
   */
  readonly ipRange?: pulumi.Input<string>;
  /** Whether the network has no way out. Changing it replaces the resource. Default: false. */
  readonly internal?: pulumi.Input<boolean>;
  /**
   * Whether containers on it may talk to each other. Changing it replaces the resource.
   * Default: true.
   */
  readonly icc?: pulumi.Input<boolean>;
  /**
   * Whether traffic that leaves carries the host's address. Changing it replaces the resource.
   * Default: true.
   */
  readonly masquerade?: pulumi.Input<boolean>;
  /**
   * The largest packet, in bytes. Changing it replaces the resource. Default: the daemon's
   * (1500).
   */
  readonly mtu?: pulumi.Input<number>;
  /**
   * Further options of the bridge driver, by their Docker names. Changing it replaces the
   * resource. Default: none.
   */
  readonly options?: pulumi.Input<{ readonly [name: string]: pulumi.Input<string> }>;
  /** Labels by name. Changing it replaces the resource. Default: none. */
  readonly labels?: pulumi.Input<{ readonly [name: string]: pulumi.Input<string> }>;
}

/** A bridge network of one daemon. Containers on it find each other by name. */
export class NetworkResource extends QuietResource {
  /**
   * The network's name on the daemon. Changing it replaces the resource. Default: the
   * resource's name and a hash of its inputs.
   */
  declare readonly name: pulumi.Output<string>;
  /**
   * The subnet, as CIDR. Changing it replaces the resource. Default: a free one of the daemon's
   * pools.
   */
  declare readonly subnet: pulumi.Output<string | undefined>;
  /**
   * The host's address on the network. Changing it replaces the resource. Default: the first of
   * the subnet.
   */
  declare readonly gateway: pulumi.Output<string | undefined>;
  /**
   * The part of the subnet from which addresses are given, as CIDR. Changing it replaces the
   * resource. Default: all of it.
   */
  declare readonly ipRange: pulumi.Output<string | undefined>;
  /** Whether the network has no way out. Changing it replaces the resource. Default: false. */
  declare readonly internal: pulumi.Output<boolean | undefined>;
  /**
   * Whether containers on it may talk to each other. Changing it replaces the resource.
   * Default: true.
   */
  declare readonly icc: pulumi.Output<boolean | undefined>;
  /**
   * Whether traffic that leaves carries the host's address. Changing it replaces the resource.
   * Default: true.
   */
  declare readonly masquerade: pulumi.Output<boolean | undefined>;
  /**
   * The largest packet, in bytes. Changing it replaces the resource. Default: the daemon's
   * (1500).
   */
  declare readonly mtu: pulumi.Output<number | undefined>;
  /**
   * Further options of the bridge driver, by their Docker names. Changing it replaces the
   * resource. Default: none.
   */
  declare readonly options: pulumi.Output<{ readonly [name: string]: string } | undefined>;
  /** Labels by name. Changing it replaces the resource. Default: none. */
  declare readonly labels: pulumi.Output<{ readonly [name: string]: string } | undefined>;
  /** The network's id. Changing it replaces the resource. */
  declare readonly networkId: pulumi.Output<string>;
  /** The network's name on the daemon. Changing it replaces the resource. */
  declare readonly networkName: pulumi.Output<string>;
  /** The subnet in use, as CIDR. Changing it replaces the resource. */
  declare readonly usedSubnet: pulumi.Output<string>;
  /** The host's address on the network. Changing it replaces the resource. */
  declare readonly usedGateway: pulumi.Output<string>;

  constructor(
    name: string,
    args: NetworkResourceArgs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    const props = {
      name: undefined,
      subnet: undefined,
      gateway: undefined,
      ipRange: undefined,
      internal: undefined,
      icc: undefined,
      masquerade: undefined,
      mtu: undefined,
      options: undefined,
      labels: undefined,
      networkId: undefined,
      networkName: undefined,
      usedSubnet: undefined,
      usedGateway: undefined,
      ...(opts?.id === undefined ? args : {}),
    };
    super("dockwright:index:Network", name, props, opts);
  }
}
