// A certificate that ends on a day, to be looked at.
import { generateKeyPairSync } from "node:crypto";
import forge from "node-forge";

/** A self-signed certificate, as PEM, with so many days left. */
export function issuedPem(now: Date, days: number): string {
  const { privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  const key = forge.pki.privateKeyFromPem(privateKey);
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.setRsaPublicKey(key.n, key.e);
  certificate.serialNumber = "01";
  certificate.validity.notBefore = now;
  certificate.validity.notAfter = new Date(now.getTime() + (days + 0.5) * 86_400_000);
  const name = [{ name: "commonName", value: "docker" }];
  certificate.setSubject(name);
  certificate.setIssuer(name);
  certificate.sign(key, forge.md.sha256.create());
  return forge.pki.certificateToPem(certificate);
}
