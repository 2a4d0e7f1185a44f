// A network of one daemon. A change replaces it, and with it the containers on it; where old and new
// would claim the same addresses, the old one goes first. Engine API, /networks.

import { setTimeout as sleep } from "node:timers/promises";
import { DockerApiError } from "../../docker/client.ts";
import type { IpamPool, NetworkCreateBody, NetworkInspect } from "../../docker/types.ts";
import { ErrorCode, SdkError } from "../../errors.ts";
import type { Failure } from "../check.ts";
import { diffFields } from "../diff.ts";
import { element, f, type Plain } from "../fields.ts";
import {
  addressFault,
  isFirst,
  isInside,
  overlap,
  plainAddress,
  plainSubnet,
  subnetFault,
} from "../network/addresses.ts";
import { belonging, labelsOfOwner, mayDelete } from "../owner.ts";
import { type Context, defineResource } from "../resource.ts";
import type { ValueMap } from "../values.ts";

const optionNames = {
  icc: "com.docker.network.bridge.enable_icc",
  masquerade: "com.docker.network.bridge.enable_ip_masquerade",
  mtu: "com.docker.network.driver.mtu",
  bridgeName: "com.docker.network.bridge.name",
  hostBinding: "com.docker.network.bridge.host_binding_ipv4",
} as const;
/** How long a delete waits for endpoints that are just being taken away. */
const deleteTimeoutMs = 20_000;
const deletePollMs = 200;

/** The fields that describe a pool of addresses, by family. */
const poolFields = {
  4: { subnet: "subnet", gateway: "gateway", ipRange: "ipRange" },
  6: { subnet: "subnet6", gateway: "gateway6", ipRange: "ipRange6" },
} as const;

const inputs = {
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
  internal: f.boolean({ doc: "Whether the network has no way out.", default: "false" }),
  attachable: f.boolean({
    doc: "Whether containers may join by hand. Every bridge lets them; it is kept for networks of a swarm.",
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
type NetworkInputs = Plain<typeof inputs>;

function checkNetwork(values: NetworkInputs): readonly Failure[] {
  const failures: Failure[] = [];
  const fail = (property: string, reason: string) => failures.push({ property, reason });
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

function driverOptions(values: NetworkInputs): Record<string, string> {
  const typed = Object.entries(optionNames).flatMap(([name, key]): [string, string][] => {
    const value = values[name as keyof typeof optionNames];
    return value === undefined ? [] : [[key, String(value)]];
  });
  return { ...values.options, ...Object.fromEntries(typed) };
}

function poolOf(values: NetworkInputs, family: 4 | 6): readonly IpamPool[] {
  const names = poolFields[family];
  const { [names.subnet]: subnet, [names.gateway]: gateway, [names.ipRange]: range } = values;
  if (subnet === undefined) return [];
  const aux = Object.entries(values.auxAddresses ?? {}).filter(([, one]) => isInside(one, subnet));
  return [
    {
      Subnet: subnet,
      ...(gateway === undefined ? {} : { Gateway: gateway }),
      ...(range === undefined ? {} : { IPRange: range }),
      ...(aux.length > 0 ? { AuxiliaryAddresses: Object.fromEntries(aux) } : {}),
    },
  ];
}

function createBody(context: Context, name: string, values: NetworkInputs): NetworkCreateBody {
  const pools = [...poolOf(values, 4), ...poolOf(values, 6)];
  return {
    Name: name,
    Driver: "bridge",
    Internal: values.internal ?? false,
    Attachable: values.attachable ?? false,
    EnableIPv6: values.ipv6 ?? false,
    Options: driverOptions(values),
    Labels: { ...values.labels, ...labelsOfOwner(context) },
    ...(pools.length > 0 ? { IPAM: { Config: pools } } : {}),
  };
}

function poolsOf(network: NetworkInspect) {
  const pools = network.IPAM.Config ?? [];
  const six = ({ Subnet = "" }: IpamPool) => Subnet.includes(":");
  return { 4: pools.find((pool) => !six(pool)), 6: pools.find(six) };
}

function outputsOf(network: NetworkInspect) {
  const { 4: four, 6: six } = poolsOf(network);
  return {
    networkId: network.Id,
    networkName: network.Name,
    usedSubnet: four?.Subnet ?? "",
    usedGateway: four?.Gateway ?? "",
    usedSubnet6: six?.Subnet ?? "",
    // The daemon writes an address of its own choice with the prefix behind it.
    usedGateway6: (six?.Gateway ?? "").replace(/\/.*$/, ""),
  };
}

/** The live value, in the declared words where both mean the same. */
function inWords(
  live: string | undefined,
  told: string | undefined,
  plain: (text: string) => string,
): string | null {
  if (live === undefined || live === "") return null;
  return told !== undefined && plain(told) === plain(live) ? told : live;
}

function observedPools(network: NetworkInspect, declared: NetworkInputs | undefined): ValueMap {
  const pools = poolsOf(network);
  const aux = Object.assign({}, pools[4]?.AuxiliaryAddresses, pools[6]?.AuxiliaryAddresses) as {
    [name: string]: string;
  };
  const values: { [name: string]: ValueMap[string] } = { auxAddresses: aux };
  for (const family of [4, 6] as const) {
    const { subnet, gateway, ipRange } = poolFields[family];
    const pool = pools[family];
    const bare = pool?.Gateway?.replace(/\/.*$/, "");
    values[subnet] = inWords(pool?.Subnet, declared?.[subnet], plainSubnet);
    // Imported, an address that Docker gives by itself was not declared.
    const own = [pool?.Subnet, pool?.IPRange].some((net) => bare && net && isFirst(bare, net));
    const told = declared !== undefined || !own;
    values[gateway] = told ? inWords(bare, declared?.[gateway], plainAddress) : null;
    values[ipRange] = inWords(pool?.IPRange, declared?.[ipRange], plainSubnet);
  }
  return values;
}

function observe(network: NetworkInspect, declared: NetworkInputs | undefined): NetworkInputs {
  const options = network.Options ?? {};
  const typed = Object.values(optionNames) as readonly string[];
  const live: ValueMap = {
    name: network.Name,
    ...observedPools(network, declared),
    ipv6: network.EnableIPv6,
    internal: network.Internal,
    attachable: network.Attachable,
    icc: options[optionNames.icc] !== "false",
    masquerade: options[optionNames.masquerade] !== "false",
    mtu: optionNames.mtu in options ? Number(options[optionNames.mtu]) : null,
    bridgeName: options[optionNames.bridgeName] ?? null,
    hostBinding: options[optionNames.hostBinding] ?? null,
    options: without(options, (name) => typed.includes(name)),
    labels: without(network.Labels ?? {}, (name) => name.startsWith("dockwright.")),
  };
  // What the daemon chose is no drift where nothing was declared; an import tells all but that.
  const chosen: readonly string[] = declared ? ["subnet", "gateway", "gateway6"] : [];
  const entries = Object.entries(live).filter(([name, value]) => {
    if (value === null) return false;
    const told = declared?.[name as keyof NetworkInputs] !== undefined || name === "name";
    return told || (!chosen.includes(name) && !isUsual(name, value));
  });
  return Object.fromEntries(entries) as unknown as NetworkInputs;
}

/** Whether leaving it out says the same. */
function isUsual(name: string, value: ValueMap[string]): boolean {
  if (name === "icc" || name === "masquerade") return value === true;
  if (typeof value === "object" && value !== null) return Object.keys(value).length === 0;
  return value === false;
}

function without(map: Readonly<Record<string, string>>, drop: (name: string) => boolean) {
  return Object.fromEntries(Object.entries(map).filter(([name]) => !drop(name)));
}

function refuseForeign(context: Context, { Name, Labels }: NetworkInspect): void {
  const whose = belonging(context, Labels);
  if (whose === "ours") return;
  const maker = whose === "foreign" ? "this resource" : "this stack, but by one of another backend";
  throw new SdkError(
    ErrorCode.Foreign,
    `the network "${Name}" exists and was not made by ${maker}`,
    {
      fix: `adopt it with the import option (id "${Name}"), give this one another name, or remove it`,
    },
  );
}

/** Removes it, waiting for endpoints of containers that are just going. */
async function removeNetwork({ docker }: Context, id: string): Promise<void> {
  const deadline = performance.now() + deleteTimeoutMs;
  for (;;) {
    try {
      await docker.networks.remove(id);
      return;
    } catch (error) {
      // 403: it still has endpoints; those of a container that is just being removed go by themselves.
      const busy = error instanceof DockerApiError && error.status === 403;
      if (!busy || performance.now() > deadline) throw error;
      await sleep(deletePollMs);
    }
  }
}

/** One of ours by that name which is as declared; one that is not goes, where nothing is on it. */
async function ownAsDeclared(context: Context, name: string, values: NetworkInputs) {
  const found = await context.docker.networks.inspect(name, { signal: context.signal });
  // The Engine also finds an id that begins so.
  if (found?.Name !== name) return undefined;
  refuseForeign(context, found);
  const live = observe(found, { ...values, name }) as unknown as ValueMap;
  const declared = { ...values, name } as unknown as ValueMap;
  if (diffFields(inputs, live, declared).length === 0) return found;
  context.log.info(`the network "${name}" was made anew by others, and is replaced`);
  await removeNetwork(context, found.Id);
  return undefined;
}

export const network = defineResource({
  name: "Network",
  doc: "A bridge network of one daemon. Containers on it find each other by name.",
  inputs,
  outputs: {
    networkId: f.string({ doc: "The network's id.", required: true }),
    networkName: f.string({ doc: "The network's name on the daemon.", required: true }),
    usedSubnet: f.string({ doc: "The IPv4 subnet in use, as CIDR.", required: true }),
    usedGateway: f.string({ doc: "The host's IPv4 address on the network.", required: true }),
    usedSubnet6: f.string({
      doc: "The IPv6 subnet in use, as CIDR; empty where there is none.",
      required: true,
    }),
    usedGateway6: f.string({
      doc: "The host's IPv6 address on the network; empty where there is none.",
      required: true,
    }),
  },
  naming: "inputs",
  check: checkNetwork,
  preview: (values, old) => ({
    ...old?.outputs,
    ...(values.name === undefined ? {} : { networkName: values.name }),
  }),
  deleteBeforeReplace: (olds, news) =>
    olds.name === news.name ||
    (olds.bridgeName !== undefined && olds.bridgeName === news.bridgeName) ||
    [olds.subnet, olds.subnet6].some((before) =>
      [news.subnet, news.subnet6].some(
        (after) => before !== undefined && after !== undefined && overlap(before, after),
      ),
    ),

  async create(context, values) {
    const { docker, signal } = context;
    const name = values.name ?? context.logicalName;
    const found = await ownAsDeclared(context, name, values);
    if (found) return { id: found.Id, outputs: outputsOf(found) };
    const id = await docker.networks.create(createBody(context, name, values), { signal });
    const made = await docker.networks.inspect(id, { signal });
    if (!made)
      throw new SdkError(
        ErrorCode.Refused,
        `the network "${name}" went away while it was being made`,
      );
    return { id, outputs: outputsOf(made) };
  },

  async read({ docker, signal }, id, known) {
    const found = await docker.networks.inspect(id, { signal });
    if (!found) return undefined;
    return { id: found.Id, inputs: observe(found, known?.inputs), outputs: outputsOf(found) };
  },

  async delete(context, id) {
    const found = await context.docker.networks.inspect(id);
    if (found && mayDelete(context, found.Labels)) await removeNetwork(context, id);
  },
});
