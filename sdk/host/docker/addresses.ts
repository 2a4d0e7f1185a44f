// Addresses and subnets as dockerd's options have them. Pure. IPv4 by arithmetic; of IPv6 only the form
// is judged here, the daemon judges the rest. RFC 4632 (CIDR).

import { isIP, isIPv4, isIPv6 } from "node:net";

export interface Subnet {
  /** The address as a number, host bits and all. */
  readonly address: number;
  readonly bits: number;
  /** The first and last address. */
  readonly first: number;
  readonly last: number;
}

function toNumber(address: string): number {
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

/** An IPv4 subnet, or an address of one with its prefix; undefined when it is none. */
export function parseSubnet(text: string): Subnet | undefined {
  const match = /^([0-9.]+)\/(\d{1,2})$/.exec(text);
  const [, address = "", length = ""] = match ?? [];
  const bits = Number(length);
  if (!isIPv4(address) || bits > 32) return undefined;
  const size = 2 ** (32 - bits);
  const number = toNumber(address);
  const first = Math.floor(number / size) * size;
  return { address: number, bits, first, last: first + size - 1 };
}

export function overlaps(a: Subnet, b: Subnet): boolean {
  return a.first <= b.last && b.first <= a.last;
}

/** Whether `inner` lies wholly in `outer`. */
export function contains(outer: Subnet, inner: Subnet): boolean {
  return outer.first <= inner.first && inner.last <= outer.last;
}

const cidrHint = "write a subnet as CIDR, such as 172.30.0.0/24";

export function checkSubnet(text: string): string | undefined {
  const subnet = parseSubnet(text);
  if (!subnet) return cidrHint;
  return subnet.first === subnet.address
    ? undefined
    : `the address has bits beyond its prefix; ${cidrHint}`;
}

export function checkSubnet6(text: string): string | undefined {
  const [address = "", bits = "", ...more] = text.split("/");
  const right = isIPv6(address) && /^\d{1,3}$/.test(bits) && Number(bits) <= 128;
  return right && more.length === 0 ? undefined : "write an IPv6 subnet, such as fd00:30::/64";
}

export function checkAnySubnet(text: string): string | undefined {
  return text.includes(":") ? checkSubnet6(text) : checkSubnet(text);
}

/** An address of the host with the prefix of its subnet: 172.30.0.1/24. */
export function checkHostAddress(text: string): string | undefined {
  const hint = "write the host's address with its prefix, such as 172.30.0.1/24";
  const subnet = parseSubnet(text);
  if (!subnet || subnet.bits > 30) return hint;
  return subnet.address === subnet.first || subnet.address === subnet.last
    ? `this is the subnet itself or its broadcast address; ${hint}`
    : undefined;
}

export function checkAddress(text: string): string | undefined {
  return isIP(text) === 0 ? "write an IP address, such as 192.0.2.53" : undefined;
}

export function checkAddresses(list: readonly string[]): string | undefined {
  const bad = list.find((text) => isIP(text) === 0);
  return bad === undefined ? undefined : `"${bad}" is no IP address; write such as 192.0.2.53`;
}
