// A network of one daemon. A change replaces it, and with it the containers on it; where old and new
// would claim the same addresses, the old one goes first. Engine API, /networks.

import { setTimeout as sleep } from "node:timers/promises";
import { DockerApiError } from "../../docker/client.ts";
import type { NetworkCreateBody, NetworkInspect } from "../../docker/types.ts";
import { ErrorCode, SdkError } from "../../errors.ts";
import { element, f, type Plain } from "../fields.ts";
import { urnLabel } from "../names.ts";
import { type Context, defineResource } from "../resource.ts";
import type { ValueMap } from "../values.ts";

const cidr = /^(\d{1,3}\.){3}\d{1,3}\/\d{1,2}$|^[0-9a-fA-F:]+\/\d{1,3}$/;
const optionNames = {
  icc: "com.docker.network.bridge.enable_icc",
  masquerade: "com.docker.network.bridge.enable_ip_masquerade",
  mtu: "com.docker.network.driver.mtu",
} as const;
/** How long a delete waits for endpoints that are just being taken away. */
const deleteTimeoutMs = 20_000;
const deletePollMs = 200;

const checkCidr = (value: string) =>
  cidr.test(value) ? undefined : "write a subnet as CIDR, such as 172.30.0.0/24";

const inputs = {
  name: f.string({
    doc: "The network's name on the daemon.",
    default: "the resource's name and a hash of its inputs",
  }),
  subnet: f.string({
    doc: "The subnet, as CIDR.",
    default: "a free one of the daemon's pools",
    check: checkCidr,
  }),
  gateway: f.string({
    doc: "The host's address on the network.",
    default: "the first of the subnet",
  }),
  ipRange: f.string({
    doc: "The part of the subnet from which addresses are given, as CIDR.",
    default: "all of it",
    check: checkCidr,
  }),
  internal: f.boolean({ doc: "Whether the network has no way out.", default: "false" }),
  icc: f.boolean({ doc: "Whether containers on it may talk to each other.", default: "true" }),
  masquerade: f.boolean({
    doc: "Whether traffic that leaves carries the host's address.",
    default: "true",
  }),
  mtu: f.integer({ doc: "The largest packet, in bytes.", default: "the daemon's (1500)" }),
  options: f.map(f.string(element), {
    doc: "Further options of the bridge driver, by their Docker names.",
    default: "none",
  }),
  labels: f.map(f.string(element), { doc: "Labels by name.", default: "none" }),
} as const;
type NetworkInputs = Plain<typeof inputs>;

function driverOptions(values: NetworkInputs): Record<string, string> {
  const typed = Object.entries(optionNames).flatMap(([name, key]): [string, string][] => {
    const value = values[name as keyof typeof optionNames];
    return value === undefined ? [] : [[key, String(value)]];
  });
  return { ...values.options, ...Object.fromEntries(typed) };
}

function createBody(context: Context, name: string, values: NetworkInputs): NetworkCreateBody {
  const pool = {
    ...(values.subnet ? { Subnet: values.subnet } : {}),
    ...(values.gateway ? { Gateway: values.gateway } : {}),
    ...(values.ipRange ? { IPRange: values.ipRange } : {}),
  };
  return {
    Name: name,
    Driver: "bridge",
    Internal: values.internal ?? false,
    Options: driverOptions(values),
    Labels: { ...values.labels, [urnLabel]: context.urn },
    ...(Object.keys(pool).length > 0 ? { IPAM: { Config: [pool] } } : {}),
  };
}

function outputsOf(network: NetworkInspect) {
  const pool = network.IPAM.Config?.[0];
  return {
    networkId: network.Id,
    networkName: network.Name,
    usedSubnet: pool?.Subnet ?? "",
    usedGateway: pool?.Gateway ?? "",
  };
}

function observe(network: NetworkInspect, declared: NetworkInputs | undefined): NetworkInputs {
  const pool = network.IPAM.Config?.[0];
  const options = network.Options ?? {};
  const further = without(options, (name) =>
    (Object.values(optionNames) as string[]).includes(name),
  );
  const labels = without(network.Labels ?? {}, (name) => name.startsWith("dockwright."));
  const live: ValueMap = {
    name: network.Name,
    subnet: pool?.Subnet ?? null,
    gateway: pool?.Gateway ?? null,
    ipRange: pool?.IPRange ?? null,
    internal: network.Internal,
    icc: options[optionNames.icc] !== "false",
    masquerade: options[optionNames.masquerade] !== "false",
    mtu: optionNames.mtu in options ? Number(options[optionNames.mtu]) : null,
    options: further,
    labels,
  };
  // For an import: what is not as it is by itself. A subnet that the daemon chose looks like one that
  // was declared.
  const special: { readonly [name: string]: boolean } = {
    name: true,
    subnet: true,
    ipRange: true,
    mtu: true,
    internal: network.Internal,
    icc: live["icc"] === false,
    masquerade: live["masquerade"] === false,
    options: Object.keys(further).length > 0,
    labels: Object.keys(labels).length > 0,
  };
  const entries = Object.entries(live).filter(([name, value]) => {
    const before = declared?.[name as keyof NetworkInputs];
    const told = declared && name !== "name" ? before !== undefined : special[name] === true;
    return value !== null && told;
  });
  return Object.fromEntries(entries) as unknown as NetworkInputs;
}

function without(map: Readonly<Record<string, string>>, drop: (name: string) => boolean) {
  return Object.fromEntries(Object.entries(map).filter(([name]) => !drop(name)));
}

function toNumber(address: string): number {
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

/** Whether two IPv4 subnets share an address; others are taken to when they are the same text. */
export function overlap(a: string, b: string): boolean {
  if (a.includes(":") || b.includes(":")) return a === b;
  const [first = "", firstBits = "32"] = a.split("/");
  const [second = "", secondBits = "32"] = b.split("/");
  const size = 2 ** (32 - Math.min(Number(firstBits), Number(secondBits)));
  return Math.floor(toNumber(first) / size) === Math.floor(toNumber(second) / size);
}

function foreign(name: string): SdkError {
  return new SdkError(
    ErrorCode.Foreign,
    `the network "${name}" exists and was not made by this resource`,
    {
      fix: `adopt it with the import option (id "${name}"), give this one another name, or remove it`,
    },
  );
}

export const network = defineResource({
  name: "Network",
  doc: "A bridge network of one daemon. Containers on it find each other by name.",
  inputs,
  outputs: {
    networkId: f.string({ doc: "The network's id.", required: true }),
    networkName: f.string({ doc: "The network's name on the daemon.", required: true }),
    usedSubnet: f.string({ doc: "The subnet in use, as CIDR.", required: true }),
    usedGateway: f.string({ doc: "The host's address on the network.", required: true }),
  },
  naming: "inputs",
  preview: (values, old) => ({
    ...old?.outputs,
    ...(values.name === undefined ? {} : { networkName: values.name }),
  }),
  deleteBeforeReplace: (olds, news) =>
    olds.name === news.name ||
    (olds.subnet !== undefined && news.subnet !== undefined && overlap(olds.subnet, news.subnet)),

  async create(context, values) {
    const { docker, signal } = context;
    const name = values.name ?? context.logicalName;
    const found = await docker.networks.inspect(name, { signal });
    // The Engine also finds an id that begins so.
    if (found?.Name === name) {
      if (found.Labels?.[urnLabel] !== context.urn) throw foreign(name);
      return { id: found.Id, outputs: outputsOf(found) };
    }
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

  async delete({ docker, urn }, id) {
    const found = await docker.networks.inspect(id);
    if (!found) return;
    const owner = found.Labels?.[urnLabel];
    if (owner !== undefined && owner !== urn) return;
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
  },
});
