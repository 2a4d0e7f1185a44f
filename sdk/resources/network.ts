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
   * The IPv4 subnet, as CIDR. Changing it replaces the resource. Default: a free one of the
   * daemon's pools.
   */
  readonly subnet?: pulumi.Input<string>;
  /**
   * The host's IPv4 address on the network. Needs `subnet`. Changing it replaces the resource.
   * Default: the first of the subnet.
   */
  readonly gateway?: pulumi.Input<string>;
  /**
   * The part of the IPv4 subnet from which addresses are given, as CIDR. Needs `subnet`.
   * Changing it replaces the resource. Default: all of it.
   */
  readonly ipRange?: pulumi.Input<string>;
  /**
   * Whether containers have IPv6 addresses too. On Docker 20.10 to 26 this needs `subnet6`, or
   * pools of IPv6 in the daemon's options. Changing it replaces the resource. Default: false.
   */
  readonly ipv6?: pulumi.Input<boolean>;
  /**
   * The IPv6 subnet, as CIDR. Needs `ipv6`. Changing it replaces the resource. Default: none.
   */
  readonly subnet6?: pulumi.Input<string>;
  /**
   * The host's IPv6 address on the network. Needs `subnet6`. Changing it replaces the resource.
   * Default: the first of the subnet.
   */
  readonly gateway6?: pulumi.Input<string>;
  /**
   * The part of the IPv6 subnet from which addresses are given, as CIDR. Needs `subnet6`.
   * Changing it replaces the resource. Default: all of it.
   */
  readonly ipRange6?: pulumi.Input<string>;
  /**
   * Addresses of the subnets that no container gets, IPv4 or IPv6, by a name for each. Changing
   * it replaces the resource. Default: none.
   */
  readonly auxAddresses?: pulumi.Input<{ readonly [name: string]: pulumi.Input<string> }>;
  /**
   * What it spans. `bridge`: one daemon. `overlay`: all nodes of a swarm; asked of a manager.
   * One of bridge, overlay. Changing it replaces the resource. Default: bridge.
   */
  readonly driver?: pulumi.Input<"bridge" | "overlay">;
  /**
   * Of an overlay: whether traffic between nodes is encrypted (IPsec; the nodes' kernels need
   * it, and it costs throughput). Changing it replaces the resource. Default: false.
   */
  readonly encrypted?: pulumi.Input<boolean>;
  /** Whether the network has no way out. Changing it replaces the resource. Default: false. */
  readonly internal?: pulumi.Input<boolean>;
  /**
   * Whether containers that are no tasks of a service may join. Every bridge lets them; of an
   * overlay it is said here. Changing it replaces the resource. Default: false.
   */
  readonly attachable?: pulumi.Input<boolean>;
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
   * The name of the bridge's interface on the host. Changing it replaces the resource. Default:
   * br- and the network's id.
   */
  readonly bridgeName?: pulumi.Input<string>;
  /**
   * The address of the host on which ports are published that name none. Changing it replaces
   * the resource. Default: all of them.
   */
  readonly hostBinding?: pulumi.Input<string>;
  /**
   * Further options of the bridge driver, by their Docker names. Changing it replaces the
   * resource. Default: none.
   */
  readonly options?: pulumi.Input<{ readonly [name: string]: pulumi.Input<string> }>;
  /** Labels by name. Changing it replaces the resource. Default: none. */
  readonly labels?: pulumi.Input<{ readonly [name: string]: pulumi.Input<string> }>;
}

/**
 * A network of one daemon, or an overlay of a swarm. Containers on it find each other by name.
 */
export class NetworkResource extends QuietResource {
  /**
   * The network's name on the daemon. Changing it replaces the resource. Default: the
   * resource's name and a hash of its inputs.
   */
  declare readonly name: pulumi.Output<string>;
  /**
   * The IPv4 subnet, as CIDR. Changing it replaces the resource. Default: a free one of the
   * daemon's pools.
   */
  declare readonly subnet: pulumi.Output<string | undefined>;
  /**
   * The host's IPv4 address on the network. Needs `subnet`. Changing it replaces the resource.
   * Default: the first of the subnet.
   */
  declare readonly gateway: pulumi.Output<string | undefined>;
  /**
   * The part of the IPv4 subnet from which addresses are given, as CIDR. Needs `subnet`.
   * Changing it replaces the resource. Default: all of it.
   */
  declare readonly ipRange: pulumi.Output<string | undefined>;
  /**
   * Whether containers have IPv6 addresses too. On Docker 20.10 to 26 this needs `subnet6`, or
   * pools of IPv6 in the daemon's options. Changing it replaces the resource. Default: false.
   */
  declare readonly ipv6: pulumi.Output<boolean | undefined>;
  /**
   * The IPv6 subnet, as CIDR. Needs `ipv6`. Changing it replaces the resource. Default: none.
   */
  declare readonly subnet6: pulumi.Output<string | undefined>;
  /**
   * The host's IPv6 address on the network. Needs `subnet6`. Changing it replaces the resource.
   * Default: the first of the subnet.
   */
  declare readonly gateway6: pulumi.Output<string | undefined>;
  /**
   * The part of the IPv6 subnet from which addresses are given, as CIDR. Needs `subnet6`.
   * Changing it replaces the resource. Default: all of it.
   */
  declare readonly ipRange6: pulumi.Output<string | undefined>;
  /**
   * Addresses of the subnets that no container gets, IPv4 or IPv6, by a name for each. Changing
   * it replaces the resource. Default: none.
   */
  declare readonly auxAddresses: pulumi.Output<{ readonly [name: string]: string } | undefined>;
  /**
   * What it spans. `bridge`: one daemon. `overlay`: all nodes of a swarm; asked of a manager.
   * One of bridge, overlay. Changing it replaces the resource. Default: bridge.
   */
  declare readonly driver: pulumi.Output<"bridge" | "overlay" | undefined>;
  /**
   * Of an overlay: whether traffic between nodes is encrypted (IPsec; the nodes' kernels need
   * it, and it costs throughput). Changing it replaces the resource. Default: false.
   */
  declare readonly encrypted: pulumi.Output<boolean | undefined>;
  /** Whether the network has no way out. Changing it replaces the resource. Default: false. */
  declare readonly internal: pulumi.Output<boolean | undefined>;
  /**
   * Whether containers that are no tasks of a service may join. Every bridge lets them; of an
   * overlay it is said here. Changing it replaces the resource. Default: false.
   */
  declare readonly attachable: pulumi.Output<boolean | undefined>;
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
   * The name of the bridge's interface on the host. Changing it replaces the resource. Default:
   * br- and the network's id.
   */
  declare readonly bridgeName: pulumi.Output<string | undefined>;
  /**
   * The address of the host on which ports are published that name none. Changing it replaces
   * the resource. Default: all of them.
   */
  declare readonly hostBinding: pulumi.Output<string | undefined>;
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
  /** The IPv4 subnet in use, as CIDR. Changing it replaces the resource. */
  declare readonly usedSubnet: pulumi.Output<string>;
  /** The host's IPv4 address on the network. Changing it replaces the resource. */
  declare readonly usedGateway: pulumi.Output<string>;
  /**
   * The IPv6 subnet in use, as CIDR; empty where there is none. Changing it replaces the
   * resource.
   */
  declare readonly usedSubnet6: pulumi.Output<string>;
  /**
   * The host's IPv6 address on the network; empty where there is none. Changing it replaces the
   * resource.
   */
  declare readonly usedGateway6: pulumi.Output<string>;

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
      ipv6: undefined,
      subnet6: undefined,
      gateway6: undefined,
      ipRange6: undefined,
      auxAddresses: undefined,
      driver: undefined,
      encrypted: undefined,
      internal: undefined,
      attachable: undefined,
      icc: undefined,
      masquerade: undefined,
      mtu: undefined,
      bridgeName: undefined,
      hostBinding: undefined,
      options: undefined,
      labels: undefined,
      networkId: undefined,
      networkName: undefined,
      usedSubnet: undefined,
      usedGateway: undefined,
      usedSubnet6: undefined,
      usedGateway6: undefined,
      ...(opts?.id === undefined ? args : {}),
    };
    super("dockwright:index:Network", name, props, opts);
  }
}
