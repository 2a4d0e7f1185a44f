// The fields of a network, and what they have to be together. Some are of one driver alone.

import type { Failure } from "../check.ts";
import { element, f, type Plain } from "../fields.ts";
import { addressFault, isInside, subnetFault } from "./addresses.ts";

export const optionNames = {
  icc: "com.docker.network.bridge.enable_icc",
  masquerade: "com.docker.network.bridge.enable_ip_masquerade",
  mtu: "com.docker.network.driver.mtu",
  bridgeName: "com.docker.network.bridge.name",
  hostBinding: "com.docker.network.bridge.host_binding_ipv4",
} as const;
/** The fields that describe a pool of addresses, by family. */
export const poolFields = {
  4: { subnet: "subnet", gateway: "gateway", ipRange: "ipRange" },
  6: { subnet: "subnet6", gateway: "gateway6", ipRange: "ipRange6" },
} as const;

export const networkInputs = {
  name: f.string({
    doc: "The network's name on the daemon.",
    default: "the resource's name and a hash of its inputs",
  }),
  subnet: f.string({
    doc: "The IPv4 subnet, as CIDR.",
    default: "a free one of the daemon's pools",
    check: subnetFault(4),
  }),
  gateway: f.string({
    doc: "The host's IPv4 address on the network. Needs `subnet`.",
    default: "the first of the subnet",
    check: addressFault(4),
  }),
  ipRange: f.string({
    doc: "The part of the IPv4 subnet from which addresses are given, as CIDR. Needs `subnet`.",
    default: "all of it",
    check: subnetFault(4),
  }),
  ipv6: f.boolean({
    doc: "Whether containers have IPv6 addresses too. On Docker 20.10 to 26 this needs `subnet6`, or pools of IPv6 in the daemon's options.",
    default: "false",
  }),
  subnet6: f.string({
    doc: "The IPv6 subnet, as CIDR. Needs `ipv6`.",
    default: "none",
    check: subnetFault(6),
  }),
  gateway6: f.string({
    doc: "The host's IPv6 address on the network. Needs `subnet6`.",
    default: "the first of the subnet",
    check: addressFault(6),
  }),
  ipRange6: f.string({
    doc: "The part of the IPv6 subnet from which addresses are given, as CIDR. Needs `subnet6`.",
    default: "all of it",
    check: subnetFault(6),
  }),
  auxAddresses: f.map(f.string(element), {
    doc: "Addresses of the subnets that no container gets, IPv4 or IPv6, by a name for each.",
    default: "none",
  }),
  driver: f.choice(["bridge", "overlay"], {
    doc: "What it spans. `bridge`: one daemon. `overlay`: all nodes of a swarm; asked of a manager.",
    default: "bridge",
  }),
  encrypted: f.boolean({
    doc: "Of an overlay: whether traffic between nodes is encrypted (IPsec; the nodes' kernels need it, and it costs throughput).",
    default: "false",
  }),
  internal: f.boolean({ doc: "Whether the network has no way out.", default: "false" }),
  attachable: f.boolean({
    doc: "Whether containers that are no tasks of a service may join. Every bridge lets them; of an overlay it is said here.",
    default: "false",
  }),
  icc: f.boolean({ doc: "Whether containers on it may talk to each other.", default: "true" }),
  masquerade: f.boolean({
    doc: "Whether traffic that leaves carries the host's address.",
    default: "true",
  }),
  mtu: f.integer({
    doc: "The largest packet, in bytes.",
    default: "the daemon's (1500)",
    check: (value) => (value >= 68 && value <= 65_535 ? undefined : "write 68 to 65535"),
  }),
  bridgeName: f.string({
    doc: "The name of the bridge's interface on the host.",
    default: "br- and the network's id",
    check: (value) =>
      /^[^\s/]{1,15}$/.test(value) ? undefined : 'write 1 to 15 characters without "/" and blanks',
  }),
  hostBinding: f.string({
    doc: "The address of the host on which ports are published that name none.",
    default: "all of them",
    check: addressFault(4),
  }),
  options: f.map(f.string(element), {
    doc: "Further options of the bridge driver, by their Docker names.",
    default: "none",
    check: (value) => {
      const typed = Object.entries(optionNames).find(([, key]) => key in value);
      return typed ? `has ${typed[1]}; give it as ${typed[0]}` : undefined;
    },
  }),
  labels: f.map(f.string(element), {
    doc: "Labels by name.",
    default: "none",
    check: (value) =>
      Object.keys(value).some((name) => name.startsWith("dockwright."))
        ? 'has a name that begins with "dockwright."; such are this provider\'s own'
        : undefined,
  }),
} as const;
export type NetworkInputs = Plain<typeof networkInputs>;

/** What the other driver has alone. */
function checkDriver(values: NetworkInputs): readonly Failure[] {
  const overlay = values.driver === "overlay";
  const odd = overlay
    ? (["icc", "masquerade", "bridgeName", "hostBinding"] as const)
    : (["encrypted"] as const);
  const reason = overlay ? "is of a bridge, not of an overlay" : 'needs driver: "overlay"';
  return odd.flatMap((property) => (values[property] === undefined ? [] : [{ property, reason }]));
}

export function checkNetwork(values: NetworkInputs): readonly Failure[] {
  const failures: Failure[] = [];
  const fail = (property: string, reason: string) => failures.push({ property, reason });
  failures.push(...checkDriver(values));
  for (const names of Object.values(poolFields)) {
    const subnet = values[names.subnet];
    for (const name of [names.gateway, names.ipRange]) {
      const value = values[name];
      if (value === undefined) continue;
      if (subnet === undefined) fail(name, `needs ${names.subnet}: Docker takes it with one only`);
      else if (!isInside(value, subnet)) fail(name, `is ${value}, which is not within ${subnet}`);
    }
  }
  if (values.subnet6 !== undefined && values.ipv6 !== true) fail("subnet6", "needs ipv6: true");
  const subnets = [values.subnet, values.subnet6].filter((subnet) => subnet !== undefined);
  for (const [name, address] of Object.entries(values.auxAddresses ?? {})) {
    if (subnets.some((subnet) => isInside(address, subnet))) continue;
    fail(`auxAddresses.${name}`, `is ${address}; write an address of subnet or subnet6`);
  }
  return failures;
}
