// Options of networks and names. Engine API 1.41 to 1.45, POST /containers/create: NetworkingConfig,
// and POST /networks/{id}/connect for each network after the first. Those are joined and left in
// place; another first network replaces the container, since Docker makes it on that one.

import type { ContainerInspect, EndpointSettings } from "../../docker/types.ts";
import { element, f, type PlainOf } from "../fields.ts";
import { hostOption, option, shortId, unlessEmpty } from "./option.ts";

function checkMac(value: string): string | undefined {
  return /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(value)
    ? undefined
    : 'write six pairs of small hexadecimal digits, such as "02:42:ac:11:00:02"';
}

const attachmentField = f.object(
  "NetworkAttachment",
  {
    network: f.string({ doc: "The network's name.", required: true }),
    aliases: f.list(f.string(element), {
      doc: "Further names under which the container is found on this network.",
      default: "none",
    }),
    ipv4Address: f.string({
      doc: "A fixed address of the network's subnet.",
      default: "any free one",
    }),
    ipv6Address: f.string({
      doc: "A fixed address of the network's IPv6 subnet.",
      default: "any free one",
    }),
    linkLocalIps: f.list(f.string(element), {
      doc: "Further addresses of the link, such as 169.254.3.4.",
      default: "none",
    }),
    macAddress: f.string({
      doc: "The MAC address on this network. Needs API 1.44; for older daemons there is `macAddress` of the container.",
      default: "one that the daemon makes",
      check: checkMac,
    }),
    links: f.list(f.string(element), {
      doc: 'Names for other containers, on this network alone: "CONTAINER:ALIAS".',
      default: "none",
    }),
    driverOptions: f.map(f.string(element), {
      doc: "Options of the network's driver for this endpoint.",
      default: "none",
    }),
    gatewayPriority: f.integer({
      doc: "The network of the highest priority gives the default gateway. Needs API 1.48; older daemons take the first network by name that has a gateway.",
      default: "0",
    }),
  },
  element,
);
export type AttachmentValue = PlainOf<typeof attachmentField>;

/** The aliases that were asked for: the Engine adds short id, host name or name by itself. */
function ownAliases(
  container: ContainerInspect,
  endpoint: EndpointSettings,
  declared: readonly string[],
): readonly string[] {
  const added = [shortId(container), container.Config.Hostname, container.Name.replace(/^\//, "")];
  const given = [...new Set(endpoint.Aliases ?? [])];
  return given.filter((alias) => declared.includes(alias) || !added.includes(alias));
}

/** A list as it is declared, where both hold the same; else as it is. */
function told(
  live: readonly string[] | null | undefined,
  asked: readonly string[] | undefined,
): readonly string[] | undefined {
  const same =
    asked && JSON.stringify([...asked].sort()) === JSON.stringify([...(live ?? [])].sort());
  return same ? asked : unlessEmpty(live);
}

/** How a container meets one network, in the words of the declaration. */
export function readAttachment(
  container: ContainerInspect,
  network: string,
  endpoint: EndpointSettings,
  asked: AttachmentValue | undefined,
): AttachmentValue {
  const fixed = endpoint.IPAMConfig;
  const aliases = told(ownAliases(container, endpoint, asked?.aliases ?? []), asked?.aliases);
  const linkLocalIps = told(fixed?.LinkLocalIPs, asked?.linkLocalIps);
  const links = told(endpoint.Links, asked?.links);
  const options = unlessEmpty(endpoint.DriverOpts);
  return {
    network,
    ...(aliases ? { aliases } : {}),
    ...(fixed?.IPv4Address ? { ipv4Address: fixed.IPv4Address } : {}),
    ...(fixed?.IPv6Address ? { ipv6Address: fixed.IPv6Address } : {}),
    ...(linkLocalIps ? { linkLocalIps } : {}),
    // Every endpoint has one; whether it was asked for, only the declaration tells.
    ...(asked?.macAddress && endpoint.MacAddress ? { macAddress: endpoint.MacAddress } : {}),
    ...(links ? { links } : {}),
    ...(options ? { driverOptions: options } : {}),
    ...(endpoint.GwPriority ? { gatewayPriority: endpoint.GwPriority } : {}),
  };
}

function readAttachments(
  container: ContainerInspect,
  declared: readonly AttachmentValue[] | undefined,
): readonly AttachmentValue[] | undefined {
  const mode = container.HostConfig.NetworkMode ?? "";
  if (/^(host|none|container:)/.test(mode)) return undefined;
  const live = Object.entries(container.NetworkSettings.Networks).filter(
    ([network]) => network !== "bridge" || declared?.some((item) => item.network === network),
  );
  // Undeclared, only the first one is known: that which it was created on.
  const order = declared?.map((item) => item.network) ?? [mode];
  const values = live.map(([network, endpoint]) => {
    const asked = declared?.find((item) => item.network === network);
    return readAttachment(container, network, endpoint, asked);
  });
  const rank = (item: AttachmentValue) =>
    order.includes(item.network) ? order.indexOf(item.network) : order.length;
  return unlessEmpty(values.sort((a, b) => rank(a) - rank(b)));
}

/** How a container meets a network, in the Engine's words. */
export function endpointSettings(attachment: AttachmentValue): EndpointSettings {
  const { ipv4Address, ipv6Address, linkLocalIps } = attachment;
  const fixed = {
    ...(ipv4Address ? { IPv4Address: ipv4Address } : {}),
    ...(ipv6Address ? { IPv6Address: ipv6Address } : {}),
    ...(linkLocalIps ? { LinkLocalIPs: linkLocalIps } : {}),
  };
  return {
    ...(attachment.aliases ? { Aliases: attachment.aliases } : {}),
    ...(Object.keys(fixed).length > 0 ? { IPAMConfig: fixed } : {}),
    ...(attachment.macAddress ? { MacAddress: attachment.macAddress } : {}),
    ...(attachment.links ? { Links: attachment.links } : {}),
    ...(attachment.driverOptions ? { DriverOpts: attachment.driverOptions } : {}),
    ...(attachment.gatewayPriority ? { GwPriority: attachment.gatewayPriority } : {}),
  };
}

/** `/target:/name/alias`, as the Engine keeps a link, as it was asked for. */
function linkText(live: string): string {
  const [target = "", alias = ""] = live.split(":");
  return `${target.replace(/^\//, "")}:${alias.split("/").at(-1) ?? ""}`;
}

function texts(doc: string, fallback: string) {
  return f.list(f.string(element), { doc, default: fallback });
}

export const networkOptions = {
  networks: option(
    f.list(attachmentField, {
      doc: "The networks to join, in this order. Those after the first are joined and left in place; another first one replaces the container.",
      default: "the daemon's default bridge",
      onChange: "update",
      check: (list) => {
        const names = list.map(({ network }) => network);
        const twice = names.find((name, index) => names.indexOf(name) !== index);
        return twice === undefined ? undefined : `"${twice}" is there twice; name it once`;
      },
    }),
    (body, value) => {
      const first = value[0];
      if (!first) return;
      body.HostConfig.NetworkMode = first.network;
      body.NetworkingConfig = { EndpointsConfig: { [first.network]: endpointSettings(first) } };
    },
    (container, _image, declared) => readAttachments(container, declared),
  ),
  networkMode: option(
    f.string({
      doc: "In place of networks of its own: `host`, `none`, or `container:NAME` to share those of another container.",
      default: "networks of its own",
      check: (value) =>
        /^(host|none|container:.+)$/.test(value) ? undefined : "write host, none or container:NAME",
    }),
    (body, value) => {
      body.HostConfig.NetworkMode = value;
    },
    (container, _image, declared) => {
      const mode = container.HostConfig.NetworkMode ?? "";
      if (!/^(host|none|container:)/.test(mode)) return undefined;
      // The Engine turns a name into an id.
      return mode.startsWith("container:") && declared?.startsWith("container:") ? declared : mode;
    },
  ),
  networkDisabled: option(
    f.boolean({
      doc: "Gives the container no network at all, not even localhost's.",
      default: "false",
    }),
    (body, value) => {
      body.NetworkDisabled = value;
    },
    (container) => container.Config.NetworkDisabled || undefined,
  ),
  macAddress: option(
    f.string({
      doc: "The MAC address on its first network.",
      default: "one that the daemon makes",
      check: checkMac,
    }),
    (body, value) => {
      body.MacAddress = value;
    },
    (container, _image, declared) => {
      // Newer daemons keep it with the network, beside those that they make by themselves.
      const first = Object.values(container.NetworkSettings.Networks)[0]?.MacAddress;
      return container.Config.MacAddress || (declared === undefined ? undefined : first);
    },
  ),
  extraHosts: option(
    f.map(f.string(element), {
      doc: "Lines of /etc/hosts: an address by name; `host-gateway` stands for the host's.",
      default: "none",
    }),
    (body, value) => {
      body.HostConfig.ExtraHosts = Object.keys(value)
        .sort()
        .map((name) => `${name}:${value[name] ?? ""}`);
    },
    (container) => {
      const pairs = (container.HostConfig.ExtraHosts ?? []).map((line): [string, string] => {
        const at = line.indexOf(":");
        return [line.slice(0, at), line.slice(at + 1)];
      });
      return unlessEmpty(Object.fromEntries(pairs));
    },
  ),
  dns: hostOption("Dns", texts("Addresses of name servers.", "the daemon's")),
  dnsOptions: hostOption(
    "DnsOptions",
    texts("Options of the resolver: `ndots:2`.", "the daemon's"),
  ),
  dnsSearch: hostOption("DnsSearch", texts("Domains to look names up in.", "the daemon's")),
  links: option(
    texts(
      'Names for other containers on the default bridge: "CONTAINER:ALIAS". Networks of one\'s own need none.',
      "none",
    ),
    (body, value) => {
      body.HostConfig.Links = value;
    },
    (container, _image, declared) =>
      told((container.HostConfig.Links ?? []).map(linkText), declared),
  ),
} as const;
