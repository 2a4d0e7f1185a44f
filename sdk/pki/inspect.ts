// What certificates say, read by node's X509Certificate only: node-forge builds, it does not judge.
import { createPrivateKey, X509Certificate } from "node:crypto";
import { ErrorCode, SdkError } from "../errors.ts";
import { canonicalAddress } from "./names.ts";

export interface CertificateFacts {
  /** Common name of the subject; the whole subject where it has none. */
  readonly subject: string;
  /** Common name of the issuer; the whole issuer where it has none. */
  readonly issuer: string;
  /** DNS names it is for. */
  readonly names: readonly string[];
  /** Addresses it is for, in their canonical form. */
  readonly addresses: readonly string[];
  readonly startsAt: Date;
  readonly expiresAt: Date;
  /** SHA-256 of the whole certificate, as hexadecimal in pairs: `3F:9A:...`. */
  readonly fingerprint: string;
  readonly isAuthority: boolean;
  /** Object identifiers of what it may be used for; empty: anything. */
  readonly usages: readonly string[];
}

export const serverUsage = "1.3.6.1.5.5.7.3.1";
export const clientUsage = "1.3.6.1.5.5.7.3.2";

/** Certificates of a PEM text, each a text of its own, in their order. */
export function splitPem(pem: string): readonly string[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => `${block.replaceAll("\r", "").trim()}\n`);
}

/** Joins PEM texts: the leaf first, then what leads from it to an authority. */
export function joinPem(parts: readonly string[]): string {
  return parts.flatMap(splitPem).join("");
}

/** The common name as it was written: node escapes it as RFC 2253 says. */
function commonName(distinguished: string): string {
  const line = distinguished.split("\n").find((part) => part.startsWith("CN="));
  if (line === undefined) return distinguished.replaceAll("\n", ", ");
  return line
    .slice("CN=".length)
    .replace(/\\([0-9A-F]{2}|.)/gu, (_, escaped: string) =>
      escaped.length === 2 && /^[0-9A-F]{2}$/.test(escaped)
        ? String.fromCharCode(Number.parseInt(escaped, 16))
        : escaped,
    );
}

function parse(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw new SdkError(ErrorCode.BadInput, "what was given is not a certificate as PEM", {
      fix: "give the text from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----",
      cause,
    });
  }
}

/** The facts of the first certificate of a PEM text. */
export function inspectCertificate(pem: string): CertificateFacts {
  const certificate = parse(pem);
  const alternatives = (certificate.subjectAltName ?? "").split(", ");
  const after = (prefix: string) =>
    alternatives.filter((one) => one.startsWith(prefix)).map((one) => one.slice(prefix.length));
  return {
    subject: commonName(certificate.subject),
    issuer: commonName(certificate.issuer),
    names: after("DNS:"),
    addresses: after("IP Address:").map(canonicalAddress),
    startsAt: new Date(certificate.validFrom),
    expiresAt: new Date(certificate.validTo),
    fingerprint: certificate.fingerprint256,
    isAuthority: certificate.ca,
    // The typings leave out that there need be none.
    usages: (certificate.keyUsage as readonly string[] | undefined) ?? [],
  };
}

/** Whether the first certificate of `pem` was signed by that of `authority`; dates do not count. */
export function isIssuedBy(pem: string, authority: string): boolean {
  const issuer = parse(authority);
  const certificate = parse(pem);
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

/** Whether the private key belongs to the first certificate of `pem`. */
export function isKeyOf(pem: string, privateKey: string): boolean {
  return parse(pem).checkPrivateKey(createPrivateKey(privateKey));
}
