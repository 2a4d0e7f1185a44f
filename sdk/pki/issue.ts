// Issues certificates (X.509 v3, RFC 5280): authorities, servers, clients, and the cross certificate
// that leads from a new authority to the one before it. node-forge lays them out, node:crypto signs
// them, always with SHA-256. Pure but for the signing: clock, serial numbers and keys are handed in.
import { createPrivateKey, createPublicKey, sign, X509Certificate } from "node:crypto";
import { ErrorCode, SdkError } from "../errors.ts";
import { loadForge, type pki } from "./forge.ts";
import { inspectCertificate, isKeyOf } from "./inspect.ts";
import { canonicalAddress, checkAddress, checkCommonName, checkDnsName } from "./names.ts";

const dayMs = 24 * 60 * 60 * 1000;
/** Clocks differ: Go's clients refuse a certificate from what is the future to them. */
const backdateMs = 60 * 60 * 1000;

/** How long certificates last unless told otherwise, in days. */
export const defaultLifeDays = { authority: 3650, server: 365, client: 90 } as const;

/** What decides a certificate besides its contents. */
export interface Issuing {
  readonly now: Date;
  /** From `serialNumber`; a new one for each certificate. */
  readonly serial: string;
  /** @defaultValue `defaultLifeDays` of its kind; never beyond the issuer's own end */
  readonly lifeDays?: number;
}

/** An authority that signs. */
export interface Issuer {
  /** Its certificate, as PEM. */
  readonly certificate: string;
  /** Its private key, as PEM. Secret. */
  readonly key: string;
}

export interface AuthorityRequest extends Issuing {
  readonly commonName: string;
  /** The authority's own private key, as PEM. Secret. */
  readonly key: string;
}

export interface ServerRequest extends Issuing {
  readonly issuer: Issuer;
  /** The server's public key, as PEM. */
  readonly publicKey: string;
  /** DNS names under which it is reached. */
  readonly names: readonly string[];
  /** IPv4 and IPv6 addresses under which it is reached. */
  readonly addresses: readonly string[];
  /** @defaultValue the first name or address */
  readonly commonName?: string;
}

export interface ClientRequest extends Issuing {
  readonly issuer: Issuer;
  /** The client's public key, as PEM. */
  readonly publicKey: string;
  /** Who or what it is, as its common name. */
  readonly name: string;
}

export interface CrossRequest extends Issuing {
  /** The authority that is trusted already. */
  readonly issuer: Issuer;
  /** The certificate of the new authority, as PEM. */
  readonly authority: string;
}

/** The parts of a certificate that differ by its kind. */
interface Layout {
  readonly publicKey: string;
  readonly subject: readonly pki.CertificateField[];
  readonly extensions: readonly object[];
  readonly startsAt: Date;
  readonly endsAt: Date;
}

type Forge = Awaited<ReturnType<typeof loadForge>>;

function refuse(what: string, fix: string): SdkError {
  return new SdkError(ErrorCode.BadInput, what, { fix });
}

function mustPass(what: string, value: string, check: (value: string) => string | undefined): void {
  const reason = check(value);
  if (reason !== undefined) throw refuse(`the ${what} is ${JSON.stringify(value)}`, reason);
}

function subjectOf(forge: Forge, commonName: string): readonly pki.CertificateField[] {
  mustPass("common name", commonName, checkCommonName);
  const valueTagClass = forge.asn1.Type.UTF8 as unknown as pki.CertificateField["valueTagClass"];
  return [{ name: "commonName", value: commonName, valueTagClass } as pki.CertificateField];
}

/** The subject of a certificate that was read: forge encodes UTF-8 but does not decode it. */
function readSubject(forge: Forge, certificate: pki.Certificate): pki.CertificateField[] {
  const utf8 = forge.asn1.Type.UTF8 as unknown as pki.CertificateField["valueTagClass"];
  return certificate.subject.attributes.map((attribute) =>
    attribute.valueTagClass === utf8 && typeof attribute.value === "string"
      ? { ...attribute, value: forge.util.decodeUtf8(attribute.value) }
      : attribute,
  );
}

function endOf(request: Issuing, defaultDays: number): Date {
  const { now, lifeDays = defaultDays } = request;
  if (!(lifeDays > 0)) throw refuse(`a life of ${lifeDays} days is none`, "give at least one day");
  // Certificates count whole seconds.
  return new Date(Math.floor((now.getTime() + lifeDays * dayMs) / 1000) * 1000);
}

function startOf({ now }: Issuing): Date {
  return new Date(now.getTime() - backdateMs);
}

function earlier(a: Date, b: Date): Date {
  return a < b ? a : b;
}

/** Refuses what cannot issue: another key, no authority, one whose time is over. */
function mustIssue({ certificate, key }: Issuer, now: Date): void {
  const facts = inspectCertificate(certificate);
  const who = `the certificate of ${JSON.stringify(facts.subject)}`;
  if (!facts.isAuthority) {
    throw refuse(`${who} is not that of an authority`, "give the certificate of an authority");
  }
  if (!isKeyOf(certificate, key)) {
    throw refuse(`the key does not belong to ${who}`, "give the authority's own private key");
  }
  if (createPrivateKey(key).asymmetricKeyType !== "rsa") {
    throw refuse(`${who} has a key that is not RSA`, "use an authority with an RSA key");
  }
  if (facts.expiresAt <= now) {
    const since = facts.expiresAt.toISOString();
    throw refuse(`${who} expired on ${since}`, "rotate the authority before it issues more");
  }
}

function signWith(
  forge: Forge,
  certificate: pki.Certificate,
  serial: string,
  privateKey: string,
): string {
  certificate.serialNumber = serial;
  // forge hands over a digest; node signs the whole text itself, twenty times as fast, and the key
  // stays out of forge.
  const key = {
    sign: () => {
      const text = forge.asn1.toDer(certificate.tbsCertificate as never).getBytes();
      return sign("sha256", Buffer.from(text, "latin1"), privateKey).toString("latin1");
    },
  };
  certificate.sign(key as unknown as pki.rsa.PrivateKey, forge.md.sha256.create());
  return forge.pki.certificateToPem(certificate).replaceAll("\r", "");
}

function layOut(forge: Forge, layout: Layout): pki.Certificate {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(layout.publicKey);
  certificate.validity.notBefore = layout.startsAt;
  certificate.validity.notAfter = layout.endsAt;
  certificate.setSubject([...layout.subject]);
  return certificate;
}

function publicKeyOf(privateKey: string): string {
  return createPublicKey(privateKey).export({ type: "spki", format: "pem" }).toString();
}

const authorityExtensions = [
  { name: "basicConstraints", critical: true, cA: true },
  { name: "keyUsage", critical: true, keyCertSign: true, cRLSign: true },
] as const;

/** A certificate of `layout`, signed by `issuer`. */
async function issue(forge: Forge, layout: Layout, request: Issuing, issuer: Issuer) {
  mustIssue(issuer, request.now);
  const parent = forge.pki.certificateFromPem(issuer.certificate);
  const certificate = layOut(forge, {
    ...layout,
    endsAt: earlier(layout.endsAt, inspectCertificate(issuer.certificate).expiresAt),
  });
  certificate.setIssuer(readSubject(forge, parent));
  certificate.setExtensions([
    ...layout.extensions,
    { name: "subjectKeyIdentifier" },
    { name: "authorityKeyIdentifier", keyIdentifier: keyIdentifierOf(forge, parent) },
  ]);
  return signWith(forge, certificate, request.serial, issuer.key);
}

/** The identifier that the issuer gives itself; another tool may have made it another way. */
function keyIdentifierOf(forge: Forge, parent: pki.Certificate): string {
  const own = parent.getExtension("subjectKeyIdentifier") as
    | { readonly subjectKeyIdentifier?: string }
    | undefined;
  if (own?.subjectKeyIdentifier) return forge.util.hexToBytes(own.subjectKeyIdentifier);
  return parent.generateSubjectKeyIdentifier().getBytes();
}

/** The certificate of a new authority, signed by itself. */
export async function issueAuthority(request: AuthorityRequest): Promise<string> {
  const forge = await loadForge();
  const certificate = layOut(forge, {
    publicKey: publicKeyOf(request.key),
    subject: subjectOf(forge, request.commonName),
    extensions: authorityExtensions,
    startsAt: startOf(request),
    endsAt: endOf(request, defaultLifeDays.authority),
  });
  certificate.setIssuer(certificate.subject.attributes);
  const keyIdentifier = certificate.generateSubjectKeyIdentifier().getBytes();
  certificate.setExtensions([
    ...authorityExtensions,
    { name: "subjectKeyIdentifier" },
    { name: "authorityKeyIdentifier", keyIdentifier },
  ]);
  return signWith(forge, certificate, request.serial, request.key);
}

/** A server's certificate, for the names and addresses under which it is reached. */
export async function issueServer(request: ServerRequest): Promise<string> {
  const { names, addresses, commonName = names[0] ?? addresses[0] } = request;
  if (commonName === undefined || names.length + addresses.length === 0) {
    throw refuse("a server's certificate is for nothing", "give a name or an address at least");
  }
  for (const name of names) mustPass("name", name, checkDnsName);
  for (const address of addresses) mustPass("address", address, checkAddress);
  const forge = await loadForge();
  const altNames = [
    ...names.map((value) => ({ type: 2, value })),
    ...addresses.map((address) => ({ type: 7, ip: canonicalAddress(address) })),
  ];
  const layout = {
    publicKey: request.publicKey,
    // Checkers go by the alternatives; a name that is too long for a common name stands there only.
    subject: subjectOf(forge, [...commonName].slice(0, 64).join("")),
    extensions: [
      { name: "basicConstraints", critical: true, cA: false },
      { name: "keyUsage", critical: true, digitalSignature: true, keyEncipherment: true },
      { name: "extKeyUsage", serverAuth: true },
      { name: "subjectAltName", altNames },
    ],
    startsAt: startOf(request),
    endsAt: endOf(request, defaultLifeDays.server),
  };
  return issue(forge, layout, request, request.issuer);
}

/** A client's certificate. */
export async function issueClient(request: ClientRequest): Promise<string> {
  const forge = await loadForge();
  const layout = {
    publicKey: request.publicKey,
    subject: subjectOf(forge, request.name),
    extensions: [
      { name: "basicConstraints", critical: true, cA: false },
      { name: "keyUsage", critical: true, digitalSignature: true },
      { name: "extKeyUsage", clientAuth: true },
    ],
    startsAt: startOf(request),
    endsAt: endOf(request, defaultLifeDays.client),
  };
  return issue(forge, layout, request, request.issuer);
}

/**
 * The new authority's key and subject, certified by the old one: who trusts only the old authority
 * accepts what the new one issued when this certificate is sent along.
 */
export async function issueCross(request: CrossRequest): Promise<string> {
  const forge = await loadForge();
  const subject = readSubject(forge, forge.pki.certificateFromPem(request.authority));
  const publicKey = new X509Certificate(request.authority).publicKey;
  const layout = {
    publicKey: publicKey.export({ type: "spki", format: "pem" }).toString(),
    subject,
    extensions: authorityExtensions,
    startsAt: startOf(request),
    endsAt: endOf(request, defaultLifeDays.authority),
  };
  return issue(forge, layout, request, request.issuer);
}
