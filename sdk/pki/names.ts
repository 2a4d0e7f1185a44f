// What a certificate may be issued for: names of machines, addresses, and the names of people and
// authorities. Each check gives what is wrong in words, or undefined. RFC 5280 4.2.1.6, RFC 1123 2.1.
import { isIP, isIPv6 } from "node:net";

/** X.520's upper bound of a common name, in characters; OpenSSL refuses longer ones. */
const longestName = 64;
const label = /^(?!-)[A-Za-z0-9_-]{1,63}(?<!-)$/;

/** A DNS name that stands in a server's certificate; `*` as the whole first label is a wildcard. */
export function checkDnsName(name: string): string | undefined {
  if (isIP(name) !== 0) return "is an address: write it among the addresses";
  const labels = name.split(".");
  const rest = labels[0] === "*" && labels.length > 2 ? labels.slice(1) : labels;
  if (name.length <= 253 && rest.every((part) => label.test(part))) return undefined;
  return 'write a DNS name in ASCII, such as "web1.example.com" or "*.example.com"';
}

export function checkAddress(address: string): string | undefined {
  if (isIP(address) !== 0 && !address.includes("%")) return undefined;
  return 'write an IPv4 or IPv6 address without a zone, such as "203.0.113.10" or "fd00::10"';
}

/** The common name of an authority or a client. */
export function checkCommonName(name: string): string | undefined {
  const printable = !/\p{Cc}/u.test(name) && name.trim() === name && name !== "";
  if (printable && [...name].length <= longestName) return undefined;
  return `write 1 to ${longestName} characters, with none that cannot be printed and no space at an end`;
}

/** One text for each address: `fd00:0::1` and `fd00::1` are the same. */
export function canonicalAddress(address: string): string {
  if (!isIPv6(address)) return address;
  return new URL(`http://[${address}]`).hostname.slice(1, -1);
}
