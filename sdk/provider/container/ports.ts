// Options of published ports, in a long form and in the docker CLI's short one; both mean the same
// bindings, and are compared as such. Engine API 1.41 to 1.45, POST /containers/create:
// ExposedPorts, HostConfig.PortBindings.

import { createHash } from "node:crypto";
import { isIP } from "node:net";
import { parsePortSpec } from "../../docker/ports.ts";
import type { ContainerInspect, PortBinding } from "../../docker/types.ts";
import { SdkError } from "../../errors.ts";
import { element, f, type PlainOf } from "../fields.ts";
import { isList, type Value, type ValueMap } from "../values.ts";
import { type Body, hostOption, option, unlessEmpty } from "./option.ts";

function checkPort(value: number): string | undefined {
  return value >= 1 && value <= 65535 ? undefined : "write a port, 1 to 65535";
}

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
    hostPortEnd: f.integer({
      doc: "With hostPort: the daemon takes a free port of hostPort to this one.",
      default: "hostPort",
      check: checkPort,
    }),
    hostIp: f.string({
      doc: "The address of the host to listen on.",
      default: "all of them",
      check: (value) =>
        isIP(value) !== 0 ? undefined : 'write an IPv4 or IPv6 address, such as "127.0.0.1"',
    }),
    keep: f.boolean({
      doc: "Without hostPort: the port is chosen once, of 20000 to 29999, by the container's name and by what is free, and stays the same over restarts.",
      default: "false: the daemon chooses one at each start",
    }),
    protocol: f.choice(["tcp", "udp", "sctp"], { doc: "The protocol.", default: "tcp" }),
  },
  {
    ...element,
    check: ({ hostPort, hostPortEnd, keep }) => {
      if (hostPort !== undefined && keep === true) return "give one of hostPort and keep";
      return hostPortEnd === undefined || (hostPort !== undefined && hostPort <= hostPortEnd)
        ? undefined
        : "give hostPort, and a hostPortEnd that is not below it";
    },
  },
);
export type PortValue = PlainOf<typeof portField>;

/** The host port of a binding whose port is chosen when the container is made. */
export const keptPort = "kept";
const keptFrom = 20_000;
const keptCount = 10_000;

/** Ports for a container to keep, the first choice first: by its name, so that a retry finds the same. */
export function keptCandidates(name: string, count: number): readonly number[] {
  const start = createHash("sha256").update(name).digest().readUInt32BE(0) % keptCount;
  return Array.from({ length: count }, (_, index) => keptFrom + ((start + index * 7) % keptCount));
}

/** One binding, as the Engine has it: its container port is `8080/tcp`. */
export interface Binding {
  readonly port: string;
  readonly hostIp: string;
  /** A port, a range, or nothing: the daemon chooses. */
  readonly hostPort: string;
}

export function longBindings(ports: readonly PortValue[]): readonly Binding[] {
  return ports.map((port) => {
    const { containerPort, hostPort, hostPortEnd, hostIp = "", protocol = "tcp", keep } = port;
    const end = hostPortEnd === undefined || hostPortEnd === hostPort ? "" : `-${hostPortEnd}`;
    const host = hostPort === undefined ? (keep === true ? keptPort : "") : `${hostPort}${end}`;
    return { port: `${containerPort}/${protocol}`, hostIp, hostPort: host };
  });
}

/** What one text of the short form means. */
function shortBindings(texts: readonly string[]): readonly Binding[] {
  return texts.flatMap((text) =>
    parsePortSpec(text).map(({ containerPort, hostPort, hostPortEnd, hostIp = "", protocol }) => {
      const end = hostPortEnd === undefined ? "" : `-${hostPortEnd}`;
      const host = hostPort === undefined ? "" : `${hostPort}${end}`;
      return { port: `${containerPort}/${protocol}`, hostIp, hostPort: host };
    }),
  );
}

/** Every binding that a declaration means, however it is written. */
export function bindingsOf(declared: ValueMap): readonly Binding[] {
  const list = (name: string): readonly Value[] => {
    const value = declared[name];
    return isList(value) ? value : [];
  };
  return [
    ...longBindings(list("ports") as unknown as readonly PortValue[]),
    ...shortBindings(list("publish") as readonly string[]),
  ];
}

export function bindingText({ hostIp, hostPort, port }: Binding): string {
  return `${hostIp}|${hostPort}|${port}`;
}

/** Whether both mean the same; the order of ports has no meaning. */
export function sameBindings(live: readonly Binding[], declared: readonly Binding[]): boolean {
  const text = (list: readonly Binding[]) => list.map(bindingText).sort().join();
  const kept = declared.filter(({ hostPort }) => hostPort === keptPort);
  const isKept = (one: Binding) =>
    /^2\d{4}$/.test(one.hostPort) &&
    kept.some(({ port, hostIp }) => port === one.port && hostIp === one.hostIp);
  const seen = live.map((one) => (isKept(one) ? { ...one, hostPort: keptPort } : one));
  return text(seen) === text(declared);
}

function liveBindings({ HostConfig }: ContainerInspect): readonly Binding[] {
  return Object.entries(HostConfig.PortBindings ?? {}).flatMap(([port, list]) =>
    (list ?? []).map(({ HostIp = "", HostPort = "" }) => ({
      port,
      hostIp: HostIp,
      hostPort: HostPort,
    })),
  );
}

/** Where ports are published: the first place of each. One that is fixed is known before a start. */
export function publishedPlaces({ HostConfig, NetworkSettings }: ContainerInspect) {
  const open = { ...NetworkSettings.Ports, ...fixedOnly(HostConfig.PortBindings ?? {}) };
  const places = Object.entries(open).flatMap(([port, list]) => {
    const [first] = list ?? [];
    if (!first?.HostPort) return [];
    const { HostIp: ip = "", HostPort } = first;
    return [[port, `${ip.includes(":") ? `[${ip}]` : ip || "0.0.0.0"}:${HostPort}`] as const];
  });
  return Object.fromEntries(places);
}

type Bindings = NonNullable<ContainerInspect["HostConfig"]["PortBindings"]>;

function fixedOnly(bindings: Bindings): Bindings {
  const fixed = Object.entries(bindings).filter(([, list]) =>
    /^[1-9]\d*$/.test(list?.[0]?.HostPort ?? ""),
  );
  return Object.fromEntries(fixed);
}

function portValue({ port, hostIp, hostPort }: Binding): PortValue {
  const [containerPort = "0", protocol = "tcp"] = port.split("/");
  const [first, last] = hostPort.split("-");
  return {
    containerPort: Number(containerPort),
    ...(first ? { hostPort: Number(first) } : {}),
    ...(last ? { hostPortEnd: Number(last) } : {}),
    ...(hostIp ? { hostIp } : {}),
    ...(protocol === "tcp" ? {} : { protocol: protocol as "udp" | "sctp" }),
  };
}

function addBindings(body: Body, bindings: readonly Binding[]): void {
  const all: Record<string, PortBinding[]> = {};
  for (const [port, list] of Object.entries(body.HostConfig.PortBindings ?? {})) {
    all[port] = [...(list ?? [])];
  }
  for (const { port, hostIp, hostPort } of bindings) {
    const list = all[port] ?? [];
    list.push({ HostIp: hostIp, HostPort: hostPort });
    all[port] = list;
  }
  body.HostConfig.PortBindings = all;
  const exposed = Object.keys(all).map((port) => [port, {}] as const);
  body.ExposedPorts = { ...body.ExposedPorts, ...Object.fromEntries(exposed) };
}

function checkShort(texts: readonly string[]): string | undefined {
  try {
    shortBindings(texts);
    return undefined;
  } catch (error) {
    if (error instanceof SdkError) return `${error.message}; ${error.fix ?? ""}`;
    throw error;
  }
}

/** `80` is `80/tcp`. */
function exposedPort(text: string): string {
  return text.includes("/") ? text : `${text}/tcp`;
}

export const portOptions = {
  ports: option(
    f.list(portField, {
      doc: "Ports published on the host. A fixed host port can belong to one container at a time, so a replacement then stops the old one first.",
      default: "none",
    }),
    (body, value) => {
      addBindings(body, longBindings(value));
    },
    (container, _image, declared, all) => {
      const live = liveBindings(container);
      if (all && sameBindings(live, bindingsOf(all))) return declared;
      return unlessEmpty(live.map(portValue));
    },
  ),
  publish: option(
    f.list(f.string(element), {
      doc: 'Ports published on the host, as the docker CLI writes them: `[[HOSTIP:]HOSTPORT:]CONTAINERPORT[/PROTOCOL]`, ranges too, such as "127.0.0.1:8000-8010:8000-8010/udp". An import tells them as `ports`, which means the same.',
      default: "none",
      check: checkShort,
    }),
    (body, value) => {
      addBindings(body, shortBindings(value));
    },
    (container, _image, declared, all) =>
      all && sameBindings(liveBindings(container), bindingsOf(all)) ? declared : undefined,
  ),
  publishAllPorts: hostOption(
    "PublishAllPorts",
    f.boolean({
      doc: "Publishes every exposed port at a free port of the host.",
      default: "false",
    }),
  ),
  exposedPorts: option(
    f.list(f.string(element), {
      doc: "Ports that the container has, beyond the image's and the published ones: `80`, `53/udp`. They are told to others, and published by publishAllPorts alone.",
      default: "none",
      check: (ports) => {
        const bad = ports.find((port) => !/^\d{1,5}(\/(tcp|udp|sctp))?$/.test(port));
        return bad === undefined ? undefined : `"${bad}" is no port; write "80" or "53/udp"`;
      },
    }),
    (body, value) => {
      const exposed = value.map((port) => [exposedPort(port), {}] as const);
      body.ExposedPorts = { ...body.ExposedPorts, ...Object.fromEntries(exposed) };
    },
    (container, image, declared) => {
      const published = Object.keys(container.HostConfig.PortBindings ?? {});
      const given = Object.keys(image?.Config?.ExposedPorts ?? {});
      const asked = (declared ?? []).map(exposedPort);
      const own = Object.keys(container.Config.ExposedPorts ?? {}).filter(
        (port) => asked.includes(port) || !(published.includes(port) || given.includes(port)),
      );
      if (declared && [...own].sort().join() === [...asked].sort().join()) return declared;
      return unlessEmpty(own.sort());
    },
  ),
} as const;
