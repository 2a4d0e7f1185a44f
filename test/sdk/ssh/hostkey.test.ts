// Host keys as text: what is taken, and how a changed one is told.
import * as assert from "uvu/assert";
import {
  algorithmsOf,
  fingerprint,
  formatHostKey,
  hostKeyChanged,
  hostKeyFault,
  parseHostKey,
} from "../../../sdk/ssh/hostkey.ts";
import { suite } from "../../support/suite.ts";

const test = suite("ssh/hostkey");

const blobOf = (type: string) => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(type.length);
  return Buffer.concat([length, Buffer.from(type), Buffer.alloc(36, 7)]).toString("base64");
};
const ed25519 = `ssh-ed25519 ${blobOf("ssh-ed25519")}`;

const faults: readonly [string, string, RegExp | undefined][] = [
  ["a key", ed25519, undefined],
  ["a key with a comment", `${ed25519} root@web1`, undefined],
  ["RSA", `ssh-rsa ${blobOf("ssh-rsa")}`, undefined],
  ["ECDSA", `ecdsa-sha2-nistp256 ${blobOf("ecdsa-sha2-nistp256")}`, undefined],
  ["DSA is not taken", `ssh-dss ${blobOf("ssh-dss")}`, /is of no type that is taken/],
  ["a line of known_hosts, with the name", `web1 ${ed25519}`, /is of no type that is taken/],
  ["what every object has", `toString ${blobOf("toString")}`, /is of no type that is taken/],
  ["nothing after the type", "ssh-ed25519", /has no base64/],
  ["a fingerprint", "SHA256:nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8", /is of no type/],
  ["the type of one, the bytes of another", `ssh-rsa ${blobOf("ssh-ed25519")}`, /holds something/],
  ["too short to say its type", "ssh-ed25519 AAA=", /holds something else/],
];
for (const [name, text, want] of faults) {
  test(name, () => {
    const fault = hostKeyFault(text);
    if (want === undefined) assert.is(fault, undefined);
    else assert.match(fault ?? "", want);
  });
}

test("a fingerprint is the one that GitHub publishes for its key", () => {
  const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
  assert.is(fingerprint(parseHostKey(key)), "SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU");
  assert.is(formatHostKey(parseHostKey(key)), key);
});

test("RSA signs with SHA-2 only", () => {
  assert.equal(algorithmsOf(parseHostKey(`ssh-rsa ${blobOf("ssh-rsa")}`)), [
    "rsa-sha2-512",
    "rsa-sha2-256",
  ]);
});

test("a changed key is told with both fingerprints", () => {
  const known = parseHostKey(ed25519);
  const shown = { type: "ssh-ed25519", blob: Buffer.from("other") };
  const { message, fix } = hostKeyChanged("root@web1", known, shown);
  assert.match(message, fingerprint(known));
  assert.match(message, fingerprint(shown));
  assert.match(fix ?? "", "pin the new key");
});

test.run();
