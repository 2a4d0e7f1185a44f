// Keys and serial numbers. The algorithm of every key is chosen here and nowhere else. Keys are made
// by node:crypto, off the main thread; node-forge would take up to half a minute for one.
// PKCS #8 (RFC 5958) and SubjectPublicKeyInfo (RFC 5280 4.1.2.7), as PEM.
import { generateKeyPair } from "node:crypto";
import { promisify } from "node:util";

/** RSA of 3072 bits: 128 bits of strength (NIST SP 800-57), and every TLS library takes it. */
export const keyAlgorithm = { name: "rsa", modulusLength: 3072 } as const;

export interface KeyPair {
  /** PKCS #8, as PEM. Secret. */
  readonly privateKey: string;
  /** SubjectPublicKeyInfo, as PEM. */
  readonly publicKey: string;
}

const generate = promisify(generateKeyPair);

/** A new key pair. Takes some tenths of a second. */
export async function newKeyPair(): Promise<KeyPair> {
  const { name, modulusLength } = keyAlgorithm;
  return generate(name, {
    modulusLength,
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
}

/** How many random bytes a serial number takes. */
export const serialBytes = 16;

/**
 * A serial number of exactly 127 bits as hexadecimal, from 16 random bytes. The top bit is clear, as
 * it would make the number negative; the next one is set, so that no leading zero has to go: both are
 * encodings that strict parsers refuse (X.690 8.3.2).
 */
export function serialNumber(random: Uint8Array): string {
  if (random.length !== serialBytes) {
    throw new RangeError(`a serial number is made of ${serialBytes} random bytes`);
  }
  const bytes = Buffer.from(random);
  bytes[0] = (bytes.readUInt8(0) & 0x3f) | 0x40;
  return bytes.toString("hex");
}
