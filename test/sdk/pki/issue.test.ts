// What is issued, judged by openssl and by node: chains of every form, what each may be used for,
// names and addresses, dates, serial numbers.
import { createPrivateKey, X509Certificate } from "node:crypto";
import fc from "fast-check";
import * as assert from "uvu/assert";
import { SdkError } from "../../../sdk/errors.ts";
import { inspectCertificate, isIssuedBy, joinPem, splitPem } from "../../../sdk/pki/inspect.ts";
import {
  type Issuer,
  issueClient,
  issueCross,
  issueServer,
  type ServerRequest,
} from "../../../sdk/pki/issue.ts";
import { type KeyPair, newKeyPair, serialNumber } from "../../../sdk/pki/keys.ts";
import { canonicalAddress } from "../../../sdk/pki/names.ts";
import { suite } from "../../support/suite.ts";
import { authority, dayMs, daysAfter, scratch, serial } from "./fixture.ts";

const test = suite("pki/issue", { timeoutMs: 60_000 });
const { text, verify } = scratch();
const now = new Date(Math.floor(Date.now() / 1000) * 1000);
const forServer = ["-purpose", "sslserver"];
const forClient = ["-purpose", "sslclient"];

let first: Issuer;
let second: Issuer;
let third: Issuer;
let leafKey: KeyPair;

test.before(async () => {
  first = await authority("Größe 1", now);
  second = await authority("web 2", now);
  third = await authority("web 3", now);
  leafKey = await newKeyPair();
});

const server = (issuer: Issuer, more: Partial<ServerRequest> = {}) =>
  issueServer({
    issuer,
    publicKey: leafKey.publicKey,
    names: ["web1.example.com"],
    addresses: ["203.0.113.10", "fd00::10"],
    now,
    serial: serial(),
    ...more,
  });
const client = (issuer: Issuer, name = "alice", more = {}) =>
  issueClient({ issuer, publicKey: leafKey.publicKey, name, now, serial: serial(), ...more });
const cross = (issuer: Issuer, to: Issuer) =>
  issueCross({ issuer, authority: to.certificate, now, serial: serial() });

async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof SdkError) return `${error.message}; ${error.fix ?? ""}`;
    throw error;
  }
  throw new Error("it was issued");
}

test("an authority verifies by itself, and may sign certificates only", () => {
  assert.match(verify(first.certificate, first.certificate), "leaf.pem: OK");
  const words = text(first.certificate);
  assert.match(words, /Basic Constraints: critical\s+CA:TRUE/);
  assert.match(words, /Key Usage: critical\s+Certificate Sign, CRL Sign\n/);
  assert.match(words, "Signature Algorithm: sha256WithRSAEncryption");
  assert.match(words, "Public-Key: (3072 bit)");
  assert.is(inspectCertificate(first.certificate).subject, "Größe 1");
});

test("a server's certificate is for servers, and for no client", async () => {
  const leaf = await server(first);
  assert.match(verify(leaf, first.certificate, forServer), "leaf.pem: OK");
  assert.match(verify(leaf, first.certificate, forClient), /unsuitable certificate purpose/);
  assert.match(verify(leaf, second.certificate, forServer), /unable to get local issuer/);
  const words = text(leaf);
  assert.match(words, /Basic Constraints: critical\s+CA:FALSE/);
  assert.match(words, /Key Usage: critical\s+Digital Signature, Key Encipherment\n/);
  assert.match(words, /Extended Key Usage: \s+TLS Web Server Authentication\n/);
  assert.match(words, "sha256WithRSAEncryption");
});

test("a client's certificate is for clients, and for no server", async () => {
  const leaf = await client(first);
  assert.match(verify(leaf, first.certificate, forClient), "leaf.pem: OK");
  assert.match(verify(leaf, first.certificate, forServer), /unsuitable certificate purpose/);
  const words = text(leaf);
  assert.match(words, /Key Usage: critical\s+Digital Signature\n/);
  assert.match(words, /Extended Key Usage: \s+TLS Web Client Authentication\n/);
  assert.is(inspectCertificate(leaf).subject, "alice");
});

test("keys are PKCS #8, and belong to their certificates", async () => {
  assert.match(leafKey.privateKey, /^-----BEGIN PRIVATE KEY-----\n/);
  const leaf = new X509Certificate(await server(first));
  assert.ok(leaf.checkPrivateKey(createPrivateKey(leafKey.privateKey)));
  assert.not.ok(leaf.checkPrivateKey(createPrivateKey(first.key)));
  assert.ok(isIssuedBy(leaf.toString(), first.certificate));
  assert.not.ok(isIssuedBy(leaf.toString(), second.certificate));
});

test("the key identifiers lead from the certificate to its authority", async () => {
  const identifiers = (pem: string) =>
    [...text(pem).matchAll(/Key Identifier: \n\s+(\S+)/g)].map((found) => found[1]);
  const [, ofIssuer] = identifiers(await server(second));
  const [own, itself] = identifiers(second.certificate);
  assert.ok(own);
  assert.is(ofIssuer, own);
  assert.is(itself, own);
});

/** Leaf of the newest, chain that is sent, what the peer trusts, verdict. */
test("chains of a rotation: who trusts the old one, the new one or both", async () => {
  const bySecond = await cross(first, second);
  const byThird = await cross(second, third);
  const [old, young, newest] = [first, second, third].map(({ certificate }) => certificate);
  const of2 = await server(second);
  const of3 = await server(third);
  const ok = "leaf.pem: OK";
  for (const [what, leaf, sent, trusted, verdict] of [
    ["old trusts the new by the cross certificate", of2, bySecond, old, ok],
    ["old alone does not trust the new", of2, "", old, "unable to get local issuer"],
    ["new needs no cross certificate", of2, "", young, ok],
    ["new is not confused by it", of2, bySecond, young, ok],
    ["both are not confused by it", of2, bySecond, joinPem([young ?? "", old ?? ""]), ok],
    ["a third one does not trust it", of2, bySecond, newest, "unable to get"],
    ["two rotations: a link each", of3, joinPem([byThird, bySecond]), old, ok],
    ["two rotations: from the middle", of3, joinPem([byThird, bySecond]), young, ok],
    ["two rotations: a missing link", of3, byThird, old, "unable to get"],
  ] as const) {
    assert.match(verify(leaf, trusted ?? "", forServer, sent), verdict, what);
  }
  const alice = await client(second);
  assert.match(verify(alice, old ?? "", forClient, bySecond), ok, "clients as well");
  assert.is(inspectCertificate(bySecond).subject, "web 2");
  assert.is(inspectCertificate(bySecond).issuer, "Größe 1");
});

test("names and addresses are found by who connects", async () => {
  const leaf = new X509Certificate(
    await server(first, {
      names: ["web1.example.com", "*.apps.example.com", "localhost"],
      addresses: ["203.0.113.10", "127.0.0.1", "::1", "fd00:0:0::10", "::ffff:198.51.100.7"],
    }),
  );
  for (const name of ["web1.example.com", "a.apps.example.com", "localhost"]) {
    assert.ok(leaf.checkHost(name), name);
  }
  for (const name of ["web2.example.com", "apps.example.com", "a.b.apps.example.com"]) {
    assert.not.ok(leaf.checkHost(name), name);
  }
  for (const address of ["203.0.113.10", "127.0.0.1", "::1", "fd00::10", "::ffff:198.51.100.7"]) {
    assert.ok(leaf.checkIP(address), address);
  }
  assert.not.ok(leaf.checkIP("203.0.113.11"));
  assert.equal(inspectCertificate(leaf.toString()).addresses.slice(2, 4), ["::1", "fd00::10"]);
});

test("a server that has addresses only is named by the first; a long name stays whole", async () => {
  const byAddress = await server(first, { names: [], addresses: ["203.0.113.10"] });
  assert.is(inspectCertificate(byAddress).subject, "203.0.113.10");
  const long = `${"a".repeat(60)}.${"b".repeat(60)}.example.com`;
  const leaf = await server(first, { names: [long], addresses: [] });
  assert.ok(new X509Certificate(leaf).checkHost(long));
  assert.match(verify(leaf, first.certificate, forServer), "leaf.pem: OK");
});

test("dates: an hour back, as long as told, never longer than the authority", async () => {
  const life = (pem: string) => {
    const { startsAt, expiresAt } = inspectCertificate(pem);
    return [now.getTime() - startsAt.getTime(), (expiresAt.getTime() - now.getTime()) / dayMs];
  };
  const hour = 60 * 60 * 1000;
  assert.equal(life(first.certificate), [hour, 3650]);
  assert.equal(life(await server(first)), [hour, 365]);
  assert.equal(life(await client(first)), [hour, 90]);
  assert.equal(life(await client(first, "bob", { lifeDays: 7 })), [hour, 7]);
  const short = await authority("short", now, 10);
  assert.equal(life(await server(short)), [hour, 10]);
  assert.match(verify(await server(short), short.certificate), "leaf.pem: OK");
});

test("dates beyond 2050 are written in full", async () => {
  const long = await authority("long", now, 365 * 60);
  assert.ok(inspectCertificate(long.certificate).expiresAt.getFullYear() > 2080);
  assert.match(verify(long.certificate, long.certificate), "leaf.pem: OK");
});

test("serial numbers are positive, of one length, and without a needless zero", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (random) => {
      const serial = serialNumber(random);
      const top = Number.parseInt(serial.slice(0, 2), 16);
      assert.match(serial, /^[0-9a-f]{32}$/);
      assert.ok(top >= 0x40 && top <= 0x7f, serial);
    }),
  );
  assert.throws(() => serialNumber(new Uint8Array(8)));
});

test("a serial number arrives in the certificate as it was handed in", async () => {
  for (const byte of [0x00, 0x7f, 0x80, 0xff]) {
    const given = serialNumber(new Uint8Array(16).fill(byte));
    const leaf = new X509Certificate(await client(first, "alice", { serial: given }));
    assert.is(leaf.serialNumber.toLowerCase(), given);
  }
});

const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/);
const dnsName = fc.array(label, { minLength: 1, maxLength: 5 }).map((parts) => parts.join("."));

test("any names and addresses come back as they were written", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(
        dnsName.filter((name) => !/(^|\.)\d+$/.test(name)),
        { maxLength: 4 },
      ),
      fc.uniqueArray(fc.ipV4(), { maxLength: 3 }),
      fc.uniqueArray(fc.ipV6(), { minLength: 1, maxLength: 3 }),
      async (names, v4, v6) => {
        const leaf = await server(first, { names, addresses: [...v4, ...v6] });
        const facts = inspectCertificate(leaf);
        assert.equal(facts.names, names);
        assert.equal(facts.addresses, [...v4, ...v6].map(canonicalAddress));
        const parsed = new X509Certificate(leaf);
        for (const address of [...v4, ...v6]) assert.ok(parsed.checkIP(address), address);
      },
    ),
    { numRuns: 25 },
  );
});

test("any common name comes back as it was written, and its chain holds", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ minLength: 1, maxLength: 30, unit: "grapheme" }).filter((name) => {
        const plain = name.trim() === name && !/\p{Cc}|\p{Cn}|\p{Co}/u.test(name);
        return plain && [...name].length <= 64;
      }),
      async (name) => {
        const leaf = await client(first, name);
        assert.is(inspectCertificate(leaf).subject, name);
        assert.ok(isIssuedBy(leaf, first.certificate));
      },
    ),
    { numRuns: 25 },
  );
});

test("what cannot be issued is refused in words", async () => {
  const bits = { names: ["a.example.com"], addresses: [] };
  const later = daysAfter(now, 4000);
  for (const [what, work, words] of [
    ["nothing to be for", server(first, { names: [], addresses: [] }), /name or an address/],
    ["an address as a name", server(first, { ...bits, names: ["10.0.0.1"] }), /among the addr/],
    ["a URL", server(first, { ...bits, names: ["https://a"] }), /DNS name/],
    ["a wildcard in the middle", server(first, { ...bits, names: ["a.*.com"] }), /DNS name/],
    ["a zone", server(first, { ...bits, addresses: ["fe80::1%eth0"] }), /without a zone/],
    ["an empty name", client(first, ""), /1 to 64 characters/],
    ["a name with a line break", client(first, "a\nCN=b"), /1 to 64 characters/],
    ["no life", client(first, "a", { lifeDays: 0 }), /at least one day/],
    ["an expired authority", client(first, "a", { now: later }), /"Größe 1" expired on .*rotate/],
    ["another's key", client({ ...first, key: second.key }), /does not belong to/],
    ["no authority", client({ ...first, certificate: await client(first) }), /not .* authority/],
    ["no PEM", client({ ...first, certificate: "hello" }), /not a certificate as PEM/],
  ] as const) {
    const said = await refusal(work);
    assert.match(said, words, what);
    assert.not.match(said, /PRIVATE KEY/);
  }
});

test("PEM texts are split and joined, whatever their line ends", () => {
  const both = `${first.certificate}\n\n${second.certificate.replaceAll("\n", "\r\n")}`;
  assert.equal(splitPem(both), [first.certificate, second.certificate]);
  assert.is(joinPem([both, ""]), first.certificate + second.certificate);
  assert.equal(splitPem(""), []);
});

test.run();
