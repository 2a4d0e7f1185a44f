// What the tests of certificates share: keys (made once a file: each takes half a second), serial
// numbers, and openssl as the second opinion.
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Issuer, issueAuthority } from "../../../sdk/pki/issue.ts";
import { newKeyPair, serialNumber } from "../../../sdk/pki/keys.ts";

export const dayMs = 24 * 60 * 60 * 1000;
export const serial = (): string => serialNumber(randomBytes(16));

export function daysAfter(date: Date, days: number): Date {
  return new Date(date.getTime() + days * dayMs);
}

export async function authority(commonName: string, now: Date, lifeDays = 3650): Promise<Issuer> {
  const { privateKey } = await newKeyPair();
  const request = { commonName, key: privateKey, now, lifeDays, serial: serial() };
  return { certificate: await issueAuthority(request), key: privateKey };
}

/** A folder for openssl's files, gone at the end of the process. */
export function scratch() {
  const dir = mkdtempSync(join(tmpdir(), "dwtest-pki-"));
  process.on("exit", () => rmSync(dir, { recursive: true, force: true }));
  const openssl = (...args: string[]): string => {
    const { stdout, stderr } = spawnSync("openssl", args, { cwd: dir, encoding: "utf8" });
    return stdout + stderr;
  };
  return {
    openssl,
    text: (pem: string): string => {
      writeFileSync(join(dir, "one.pem"), pem);
      return openssl("x509", "-in", "one.pem", "-noout", "-text");
    },
    /** openssl's judgement: `leaf.pem: OK`, or its reasons. */
    verify: (leaf: string, trusted: string, more: readonly string[] = [], sent = ""): string => {
      writeFileSync(join(dir, "leaf.pem"), leaf);
      writeFileSync(join(dir, "trusted.pem"), trusted);
      writeFileSync(join(dir, "sent.pem"), sent);
      const untrusted = sent === "" ? [] : ["-untrusted", "sent.pem"];
      const strict = ["-x509_strict", "-no-CApath", "-no-CAstore", "-CAfile", "trusted.pem"];
      return openssl("verify", ...strict, ...untrusted, ...more, "leaf.pem");
    },
  };
}
