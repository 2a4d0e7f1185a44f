// Options of networks and ports. Engine API 1.41 to 1.45, POST /containers/create: NetworkingConfig,
// and POST /networks/{id}/connect for each network after the first.

import type { ContainerInspect, EndpointSettings } from "../../docker/types.ts";
import { element, f, type PlainOf } from "../fields.ts";
import { option, shortId, unlessEmpty } from "./option.ts";

function checkPort(value: number): string | undefined {
  return value >= 1 && value <= 65535 ? undefined : "write a port, 1 to 65535";
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
  },
  element,
);
export type AttachmentValue = PlainOf<typeof attachmentField>;

const portField = f.object(
  "PortMapping",
  {
    containerPort: f.integer({
      doc: "The port in the container.",
      required: true,
      check: checkPort,
    }),
    hostPort: f.integer({
      doc: "The port on the host.",
      default: "a free one, chosen by the daemon",
      check: checkPort,
    }),
    hostIp: f.string({ doc: "The address of the host to listen on.", default: "all of them" }),
    protocol: f.choice(["tcp", "udp", "sctp"], { doc: "The protocol.", default: "tcp" }),
  },
  element,
);
export type PortValue = PlainOf<typeof portField>;

/** `8080/tcp`, as the Engine writes it. */
function portKey(port: PortValue): string {
  return `${port.containerPort}/${port.protocol ?? "tcp"}`;
}

function readPorts(
  container: ContainerInspect,
  declared: readonly PortValue[] | undefined,
): readonly PortValue[] | undefined {
  const bindings = Object.entries(container.HostConfig.PortBindings ?? {});
  const live = bindings.flatMap(([key, list]) =>
    (list ?? []).map(({ HostIp, HostPort }): PortValue => {
      const [port = "0", protocol = "tcp"] = key.split("/");
      const containerPort = Number(port);
      const before = declared?.find((item) => portKey(item) === key);
      return {
        containerPort,
        ...(HostPort ? { hostPort: Number(HostPort) } : {}),
        ...(HostIp ? { hostIp: HostIp } : {}),
        ...(protocol !== "tcp" || before?.protocol
          ? { protocol: protocol as "tcp" | "udp" | "sctp" }
          : {}),
      };
    }),
  );
  if (declared && sameSet(live, declared)) return declared;
  return unlessEmpty(live);
}

function sameSet(a: readonly PortValue[], b: readonly PortValue[]): boolean {
  const text = (list: readonly PortValue[]) =>
    list
      .map((p) => `${p.hostIp ?? ""}:${p.hostPort ?? ""}:${portKey(p)}`)
      .sort()
      .join();
  return text(a) === text(b);
}

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
  const values = live.map(([network, endpoint]): AttachmentValue => {
    const before = declared?.find((item) => item.network === network);
    const asked = before?.aliases;
    const aliases = ownAliases(container, endpoint, asked ?? []);
    const told = asked && sameNames(asked, aliases) ? asked : unlessEmpty(aliases);
    const fixed = endpoint.IPAMConfig?.IPv4Address;
    return {
      network,
      ...(told ? { aliases: told } : {}),
      ...(fixed ? { ipv4Address: fixed } : {}),
    };
  });
  const rank = (item: AttachmentValue) =>
    order.includes(item.network) ? order.indexOf(item.network) : order.length;
  return unlessEmpty(values.sort((a, b) => rank(a) - rank(b)));
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return JSON.stringify([...a].sort()) === JSON.stringify([...b].sort());
}

/** How a container meets a network, in the Engine's words. */
export function endpointSettings(attachment: AttachmentValue): EndpointSettings {
  return {
    ...(attachment.aliases ? { Aliases: attachment.aliases } : {}),
    ...(attachment.ipv4Address ? { IPAMConfig: { IPv4Address: attachment.ipv4Address } } : {}),
  };
}

export const networkOptions = {
  networks: option(
    f.list(attachmentField, {
      doc: "The networks to join, in this order. Without any, the daemon's default bridge.",
      default: "the default bridge",
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
  ports: option(
    f.list(portField, {
      doc: "Ports published on the host. A fixed host port can belong to one container at a time, so a replacement then stops the old one first.",
      default: "none",
    }),
    (body, value) => {
      const bindings: Record<string, { HostIp: string; HostPort: string }[]> = {};
      for (const port of value) {
        const list = bindings[portKey(port)] ?? [];
        list.push({ HostIp: port.hostIp ?? "", HostPort: String(port.hostPort ?? "") });
        bindings[portKey(port)] = list;
      }
      body.HostConfig.PortBindings = bindings;
      body.ExposedPorts = Object.fromEntries(Object.keys(bindings).map((key) => [key, {}]));
    },
    (container, _image, declared) => readPorts(container, declared),
  ),
  extraHosts: option(
    f.map(f.string(element), { doc: "Lines of /etc/hosts: an address by name.", default: "none" }),
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
  dns: option(
    f.list(f.string(element), { doc: "Addresses of name servers.", default: "the daemon's" }),
    (body, value) => {
      body.HostConfig.Dns = value;
    },
    (container) => unlessEmpty(container.HostConfig.Dns),
  ),
} as const;
