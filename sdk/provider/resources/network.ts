// A network of one daemon, or an overlay of a swarm's nodes. A change replaces it, and with it the
// containers on it; where old and new would claim the same addresses, the old one goes first. Engine
// API, /networks.

import { setTimeout as sleep } from "node:timers/promises";
import { DockerApiError } from "../../docker/client.ts";
import type { IpamPool, NetworkCreateBody, NetworkInspect } from "../../docker/types.ts";
import { ErrorCode, SdkError } from "../../errors.ts";
import { diffFields } from "../diff.ts";
import { f } from "../fields.ts";
import { isFirst, isInside, overlap, plainAddress, plainSubnet } from "../network/addresses.ts";
import {
  checkNetwork,
  networkInputs as inputs,
  type NetworkInputs,
  optionNames,
  poolFields,
} from "../network/fields.ts";
import { belonging, labelsOfOwner, mayDelete } from "../owner.ts";
import { type Context, defineResource } from "../resource.ts";
import type { ValueMap } from "../values.ts";

/** How long a delete waits for endpoints that are just being taken away. */
const deleteTimeoutMs = 20_000;
const deletePollMs = 200;

/** An overlay is encrypted where this is there at all. */
const encryptedOption = "encrypted";
/** What Swarm gives an overlay by itself. */
const vxlanOption = "com.docker.network.driver.overlay.vxlanid_list";

function driverOptions(values: NetworkInputs): Record<string, string> {
  const typed = Object.entries(optionNames).flatMap(([name, key]): [string, string][] => {
    const value = values[name as keyof typeof optionNames];
    return value === undefined ? [] : [[key, String(value)]];
  });
  const encrypted: Record<string, string> =
    values.encrypted === true ? { [encryptedOption]: "" } : {};
  return { ...values.options, ...Object.fromEntries(typed), ...encrypted };
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
    Driver: values.driver ?? "bridge",
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
  const own: readonly string[] = [...Object.values(optionNames), encryptedOption, vxlanOption];
  const live: ValueMap = {
    name: network.Name,
    ...observedPools(network, declared),
    ipv6: network.EnableIPv6,
    driver: network.Driver,
    encrypted: encryptedOption in options,
    internal: network.Internal,
    attachable: network.Attachable,
    icc: options[optionNames.icc] !== "false",
    masquerade: options[optionNames.masquerade] !== "false",
    mtu: optionNames.mtu in options ? Number(options[optionNames.mtu]) : null,
    bridgeName: options[optionNames.bridgeName] ?? null,
    hostBinding: options[optionNames.hostBinding] ?? null,
    options: without(options, (name) => own.includes(name)),
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
  if (name === "driver") return value === "bridge";
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
      // 400: an overlay that tasks, which are just ending, are on.
      const busy = error instanceof DockerApiError && [400, 403].includes(error.status);
      if (!busy || performance.now() > deadline) throw error;
      await sleep(deletePollMs);
    }
  }
}

/** Swarm gives an overlay its subnet a moment after it is made. */
async function withSubnet({ docker, signal }: Context, id: string, name: string) {
  const deadline = performance.now() + deleteTimeoutMs;
  for (;;) {
    const made = await docker.networks.inspect(id, { signal });
    if (!made) {
      const words = `the network "${name}" went away while it was being made`;
      throw new SdkError(ErrorCode.Refused, words);
    }
    const given = (made.IPAM.Config ?? []).length > 0;
    if (made.Driver !== "overlay" || given || performance.now() > deadline) return made;
    await sleep(deletePollMs, undefined, { signal });
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
  doc: "A network of one daemon, or an overlay of a swarm. Containers on it find each other by name.",
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
  onDaemon: true,
  uniqueId: true,
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
    return { id, outputs: outputsOf(await withSubnet(context, id, name)) };
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
