// The fingerprint of an OpenPGP key, so that a repository's key is the one that was meant, and no other
// came with it: apt trusts every key of the file. Pure. RFC 9580: 6.2 (armor), 4.2 (packets), 5.5.4.

import { createHash } from "node:crypto";

const primaryKey = 6;

/** The bytes of each armored block: apt reads all of them. */
function dearmor(text: string): readonly Buffer[] {
  const blocks = text.matchAll(
    /-----BEGIN PGP PUBLIC KEY BLOCK-----\r?\n([\s\S]*?)-----END PGP PUBLIC KEY BLOCK-----/g,
  );
  return [...blocks].map(([, inner = ""]) => {
    const lines = inner.split(/\r?\n/);
    const blank = lines.findIndex((line) => line.trim() === "");
    const body = lines.slice(blank + 1).filter((line) => !line.startsWith("="));
    return Buffer.from(body.join(""), "base64");
  });
}

interface Packet {
  readonly tag: number;
  readonly body: Buffer;
  readonly next: number;
}

/** The length of a packet of the present form, and where its body begins. */
function newLength(bytes: Buffer, at: number): readonly [length: number, start: number] {
  const first = bytes[at] ?? 0;
  if (first < 192) return [first, at + 1];
  if (first < 224) return [(first - 192) * 256 + (bytes[at + 1] ?? 0) + 192, at + 2];
  return [bytes.readUInt32BE(at + 1), at + 5];
}

/** The length of a packet of the old form (RFC 9580 4.2.2). */
function oldLength(bytes: Buffer, at: number, type: number): readonly [number, number] {
  if (type === 0) return [bytes.readUInt8(at), at + 1];
  if (type === 1) return [bytes.readUInt16BE(at), at + 2];
  if (type === 2) return [bytes.readUInt32BE(at), at + 4];
  return [bytes.length - at, at];
}

function packetAt(bytes: Buffer, at: number): Packet | undefined {
  const header = bytes[at] ?? 0;
  if ((header & 0x80) === 0) return undefined;
  const present = (header & 0x40) !== 0;
  const tag = present ? header & 0x3f : (header >> 2) & 0x0f;
  const [length, start] = present
    ? newLength(bytes, at + 1)
    : oldLength(bytes, at + 1, header & 0x03);
  return { tag, body: bytes.subarray(start, start + length), next: start + length };
}

function fingerprintOf(body: Buffer): string {
  const version = body[0] ?? 0;
  if (version === 6) {
    const head = Buffer.alloc(5);
    head[0] = 0x9b;
    head.writeUInt32BE(body.length, 1);
    return createHash("sha256").update(head).update(body).digest("hex").toUpperCase();
  }
  const head = Buffer.alloc(3);
  head[0] = 0x99;
  head.writeUInt16BE(body.length, 1);
  return createHash("sha1").update(head).update(body).digest("hex").toUpperCase();
}

function fingerprintsIn(bytes: Buffer): readonly string[] | undefined {
  const found: string[] = [];
  try {
    for (let at = 0; at < bytes.length; ) {
      const packet = packetAt(bytes, at);
      if (!packet || packet.next <= at || packet.next > bytes.length) return undefined;
      if (packet.tag === primaryKey) found.push(fingerprintOf(packet.body));
      at = packet.next;
    }
  } catch {
    return undefined;
  }
  return found;
}

/** The fingerprints of the keys in an armored text, subkeys aside; undefined when it is no such text. */
export function keyFingerprints(armored: string): readonly string[] | undefined {
  const each = dearmor(armored).map(fingerprintsIn);
  const begun = armored.split("-----BEGIN PGP").length - 1;
  if (each.length === 0 || each.length !== begun || each.includes(undefined)) return undefined;
  return each.flatMap((found) => found ?? []);
}

/** What is wrong with a repository's key, if anything is. */
export function checkKey(armored: string, fingerprint: string): string | undefined {
  const wanted = fingerprint.replace(/\s+|^0x/gi, "").toUpperCase();
  const found = keyFingerprints(armored);
  if (found === undefined || found.length === 0) {
    return "is no OpenPGP key; write the text from -----BEGIN PGP PUBLIC KEY BLOCK----- on";
  }
  if (found.length > 1) {
    return `has ${found.length} keys (${found.join(", ")}), all of which apt would trust; give one`;
  }
  return found[0] === wanted
    ? undefined
    : `has the fingerprint ${found[0] ?? ""}, and ${wanted} is declared`;
}
