// An authority of certificates for the tests of this folder.
import { randomBytes } from "node:crypto";
import { issueAuthority } from "../../../sdk/pki/issue.ts";
import { newKeyPair, serialBytes, serialNumber } from "../../../sdk/pki/keys.ts";

export async function authority(): Promise<{ certificate: string; key: string }> {
  const { privateKey } = await newKeyPair();
  const certificate = await issueAuthority({
    key: privateKey,
    lifeDays: 365,
    now: new Date(),
    serial: serialNumber(randomBytes(serialBytes)),
    commonName: "test authority",
  });
  return { certificate, key: privateKey };
}
