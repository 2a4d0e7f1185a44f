// The order in which hosts that are equal to a service take it: rendezvous hashing, so that a host
// that comes or goes changes no other's rank. FNV-1a (draft-eastlake-fnv), finished by the mixer of
// MurmurHash3, since FNV alone leaves the last characters in the low bits: web1, web2, web3.

const offsetBasis = 0x811c9dc5;
const prime = 0x01000193;

/** FNV-1a over UTF-16 code units, which may go on from an earlier one. */
export function fnv1a(text: string, from: number = offsetBasis): number {
  let hash = from;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), prime);
  }
  return hash;
}

/** How much a host attracts a service: any two give each other the same answer for ever. */
export function attraction(service: string): (host: string) => number {
  const seed = fnv1a("\0", fnv1a(service));
  return (host) => {
    let hash = fnv1a(host, seed);
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return (hash ^ (hash >>> 16)) >>> 0;
  };
}
