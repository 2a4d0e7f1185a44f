// Published ports in Docker's short form: [[HOSTIP:]HOSTPORT:]CONTAINERPORT[/PROTOCOL], where ports
// can be ranges of the same length; a range of host ports for one container port lets the daemon take
// a free one of it. Specification: docker/go-connections, nat.ParsePortSpec.
import { isIP, isIPv4, isIPv6 } from "node:net";
import { ErrorCode, SdkError } from "../errors.ts";
import type { PortBinding } from "./types.ts";

export type Protocol = "tcp" | "udp" | "sctp";

export interface PublishedPort {
  /** Address of the host to listen on; absent means every one. */
  readonly hostIp?: string;
  /** Absent means that the daemon chooses a free one. */
  readonly hostPort?: number;
  /** The daemon takes a free one of `hostPort` to this one. */
  readonly hostPortEnd?: number;
  readonly containerPort: number;
  readonly protocol: Protocol;
}

function refuse(text: string, why: string): SdkError {
  return new SdkError(ErrorCode.BadInput, `the port ${JSON.stringify(text)} ${why}`, {
    fix: 'write [[HOSTIP:]HOSTPORT:]CONTAINERPORT[/PROTOCOL], such as "8080:80"',
  });
}

function parsePort(whole: string, text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65535)
    throw refuse(whole, `has ${JSON.stringify(text)} for a port; a port is 1 to 65535`);
  return port;
}

function parseRange(whole: string, text: string): readonly number[] {
  const [first = "", last, ...more] = text.split("-");
  if (more.length > 0) throw refuse(whole, `has the range ${JSON.stringify(text)}`);
  const from = parsePort(whole, first);
  const to = last === undefined ? from : parsePort(whole, last);
  if (to < from) throw refuse(whole, `has a range that ends before it begins`);
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

interface Parts {
  readonly hostIp: string;
  readonly host: string;
  readonly container: string;
}

function splitParts(whole: string, spec: string): Parts {
  const bracketed = /^\[([^\]]*)\]:(.*)$/.exec(spec);
  const pieces = (bracketed?.[2] ?? spec).split(":");
  const container = pieces.pop() ?? "";
  const host = pieces.pop() ?? "";
  const hostIp = bracketed?.[1] ?? pieces.join(":");
  const known = bracketed ? pieces.length === 0 && isIPv6(hostIp) : hostIp === "" || isIP(hostIp);
  if (!known) throw refuse(whole, `has ${JSON.stringify(hostIp)} for an address of the host`);
  return { hostIp, host, container };
}

function protocolOf(whole: string, text: string): Protocol {
  const lower = text.toLowerCase();
  if (lower === "tcp" || lower === "udp" || lower === "sctp") return lower;
  throw refuse(whole, `has the protocol ${JSON.stringify(text)}; use tcp, udp or sctp`);
}

/** Every port that one short form publishes. */
export function parsePortSpec(text: string): readonly PublishedPort[] {
  const [spec = "", protocolText = "tcp", ...more] = text.split("/");
  if (more.length > 0) throw refuse(text, "has more than one slash");
  const protocol = protocolOf(text, protocolText);
  const { hostIp, host, container } = splitParts(text, spec);
  const containerPorts = parseRange(text, container);
  const hostPorts = host === "" ? [] : parseRange(text, host);
  const [first, last] = [hostPorts[0], hostPorts.at(-1)];
  const choice = containerPorts.length === 1 && first !== undefined && last !== first;
  if (!choice && hostPorts.length > 0 && hostPorts.length !== containerPorts.length) {
    throw refuse(
      text,
      `has ${hostPorts.length} host ports for ${containerPorts.length} container ports`,
    );
  }
  return containerPorts.map((containerPort, index) => ({
    ...(hostIp === "" ? {} : { hostIp }),
    ...(hostPorts[index] === undefined ? {} : { hostPort: hostPorts[index] }),
    ...(choice && last !== undefined ? { hostPortEnd: last } : {}),
    containerPort,
    protocol,
  }));
}

/** One published port in the short form. */
export function formatPort(port: PublishedPort): string {
  const ip = port.hostIp === undefined || isIPv4(port.hostIp) ? port.hostIp : `[${port.hostIp}]`;
  const ports =
    port.hostPortEnd === undefined
      ? `${port.hostPort ?? ""}`
      : `${port.hostPort ?? ""}-${port.hostPortEnd}`;
  const host = ip === undefined ? (ports === "" ? "" : `${ports}:`) : `${ip}:${ports}:`;
  return `${host}${port.containerPort}${port.protocol === "tcp" ? "" : `/${port.protocol}`}`;
}

/** The `PortBindings` of a create body. */
export function portBindingsOf(
  ports: readonly PublishedPort[],
): Readonly<Record<string, readonly PortBinding[]>> {
  const bindings: Record<string, PortBinding[]> = {};
  for (const port of ports) {
    const key = `${port.containerPort}/${port.protocol}`;
    const list = bindings[key] ?? [];
    list.push({
      HostIp: port.hostIp ?? "",
      HostPort:
        port.hostPort === undefined
          ? ""
          : `${port.hostPort}${port.hostPortEnd === undefined ? "" : `-${port.hostPortEnd}`}`,
    });
    bindings[key] = list;
  }
  return bindings;
}
