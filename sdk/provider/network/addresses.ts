// Addresses and subnets of networks: what is refused before a daemon is asked, and which texts mean the
// same. RFC 4632 (CIDR), RFC 4291 (IPv6).

import { BlockList, isIP } from "node:net";

/** `172.30.0.0/24`, taken apart; undefined where it is none. */
function parts(subnet: string): { readonly address: string; readonly bits: number } | undefined {
  const [address = "", bits = "", ...rest] = subnet.split("/");
  const family = isIP(address);
  if (family === 0 || rest.length > 0 || !/^\d{1,3}$/.test(bits)) return undefined;
  const length = Number(bits);
  return length > (family === 4 ? 32 : 128) ? undefined : { address, bits: length };
}

/** One text for one address: IPv6 in its shortest form. */
export function plainAddress(address: string): string {
  if (isIP(address) !== 6) return address;
  return new URL(`http://[${address}]/`).hostname.slice(1, -1);
}

/** One text for one subnet. */
export function plainSubnet(subnet: string): string {
  const found = parts(subnet);
  return found ? `${plainAddress(found.address)}/${found.bits}` : subnet;
}

function toBytes(address: string): readonly number[] {
  if (isIP(address) === 4) return address.split(".").map(Number);
  const plain = plainAddress(address);
  const [head = "", tail] = plain.split("::");
  const groups = (text: string) => text.split(":").filter((group) => group !== "");
  const [first, last] = [groups(head), groups(tail ?? "")];
  const zeros = tail === undefined ? 0 : 8 - first.length - last.length;
  const all = [...first, ...Array.from({ length: zeros }, () => "0"), ...last];
  return all.flatMap((group) => {
    const number = Number.parseInt(group, 16);
    return [number >> 8, number & 0xff];
  });
}

/** Whether the address has bits beyond its prefix: then it names a machine and not a subnet. */
function hasHostBits(address: string, bits: number): boolean {
  return toBytes(address).some((byte, index) => {
    const kept = Math.min(Math.max(bits - index * 8, 0), 8);
    return (byte & (0xff >> kept)) !== 0;
  });
}

/** Says what is wrong with a subnet of one family. */
export function subnetFault(family: 4 | 6): (value: string) => string | undefined {
  const example = family === 4 ? "172.30.0.0/24" : "fd00:30::/64";
  return (value) => {
    const found = parts(value);
    if (!found || isIP(found.address) !== family) {
      return `write an IPv${family} subnet as CIDR, such as ${example}`;
    }
    return hasHostBits(found.address, found.bits)
      ? `has bits set behind its first ${found.bits}; write the subnet itself, such as ${example}`
      : undefined;
  };
}

/** Says what is wrong with an address of one family. */
export function addressFault(family: 4 | 6): (value: string) => string | undefined {
  const example = family === 4 ? "172.30.0.1" : "fd00:30::1";
  return (value) =>
    isIP(value) === family ? undefined : `write an IPv${family} address, such as ${example}`;
}

/** Whether an address, or the whole of a smaller subnet, lies in a subnet. */
export function isInside(inner: string, subnet: string): boolean {
  const outer = parts(subnet);
  const one = parts(inner.includes("/") ? inner : `${inner}/${isIP(inner) === 6 ? 128 : 32}`);
  if (!outer || !one || isIP(one.address) !== isIP(outer.address)) return false;
  if (one.bits < outer.bits) return false;
  const type = isIP(outer.address) === 6 ? "ipv6" : "ipv4";
  const list = new BlockList();
  list.addSubnet(outer.address, outer.bits, type);
  return list.check(one.address, type);
}

/** Whether two subnets share an address. */
export function overlap(a: string, b: string): boolean {
  return isInside(a, b) || isInside(b, a);
}

/** Whether an address is the first machine's of a subnet: the one that Docker gives to the host. */
export function isFirst(address: string, subnet: string): boolean {
  const found = parts(subnet);
  if (!found || !isInside(address, subnet)) return false;
  const [machine, network] = [toBytes(address), toBytes(found.address)];
  const last = network.length - 1;
  return machine.every((byte, index) => byte === (network[index] ?? 0) + (index === last ? 1 : 0));
}
