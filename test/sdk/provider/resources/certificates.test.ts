// Authority and certificates through an instance, as the engine drives it: what a preview tells, what
// an update does, stage by stage of a rotation; and silence when nothing is due.
import { X509Certificate } from "node:crypto";
import * as assert from "uvu/assert";
import { splitPem } from "../../../../sdk/pki/inspect.ts";
import { hasUnknown, unknown, type ValueMap } from "../../../../sdk/provider/values.ts";
import { suite } from "../../../support/suite.ts";
import { scratch } from "../../pki/fixture.ts";
import { Declared, newInstance, setDaysLater } from "../declared.ts";

const test = suite("provider/certificates", { timeoutMs: 60_000 });
const { verify } = scratch();
const authority = new Declared("CertificateAuthority", "web");
const server = new Declared("Certificate", "web1");
const client = new Declared("Certificate", "alice");

const issuer = (): ValueMap => ({
  caCertificate: authority.text("certificate"),
  caKey: authority.text("key"),
  crossCertificate: authority.text("crossCertificate"),
});
const forServer = (more: ValueMap = {}): ValueMap => ({
  ...issuer(),
  kind: "server",
  names: ["web1.example.com"],
  addresses: ["203.0.113.10"],
  ...more,
});
const forClient = (): ValueMap => ({ ...issuer(), kind: "client" });

/** Whether a peer with this trust accepts what server and client present. */
function accepted(trusted: string): readonly boolean[] {
  return [server, client].map((one, index) => {
    const purpose = index === 0 ? "sslserver" : "sslclient";
    const [leaf = "", ...sent] = splitPem(one.text("certificate"));
    return verify(leaf, trusted, ["-purpose", purpose], sent.join("")).includes("leaf.pem: OK");
  });
}

let oldTrust = "";

test("first: the preview knows nothing that is not certain", async () => {
  const { outputs } = await authority.preview({});
  assert.is(outputs["key"], unknown);
  assert.is(outputs["generation"], 1);
  await authority.up({});
  await server.up(forServer());
  await client.up(forClient());
  oldTrust = authority.text("bundle");
  assert.is(splitPem(oldTrust).length, 1);
  assert.equal(accepted(oldTrust), [true, true]);
  assert.match(new X509Certificate(client.text("certificate")).subject, "CN=alice");
  assert.match(new X509Certificate(oldTrust).subject, "CN=web 1");
});

test("keys are secret, certificates are not", () => {
  for (const one of [authority, server, client]) {
    assert.ok(one.secrets.has("key"));
    assert.not.ok(one.secrets.has("certificate"));
  }
  assert.ok(server.secrets.has("caKey"));
});

test("again: silence, on the same day and months later", async () => {
  for (const days of [0, 30]) {
    setDaysLater(days);
    assert.equal(await authority.up({}), []);
    assert.equal(await server.up(forServer()), []);
    assert.equal(await client.up(forClient()), []);
  }
  setDaysLater(0);
});

test("a window that is written otherwise issues nothing, and the preview knows it", async () => {
  const before = server.text("certificate");
  const { places, outputs } = await server.preview(forServer({ renewBeforeDays: 60 }));
  assert.equal(places, ["renewBeforeDays"]);
  assert.not.ok(hasUnknown(outputs));
  await server.up(forServer({ renewBeforeDays: 60 }));
  assert.is(server.text("certificate"), before);
  await server.up(forServer());
  await server.up(forServer({ addresses: ["203.0.113.10"], names: ["web1.example.com"] }));
  assert.is(server.text("certificate"), before);
});

test("another address: a new certificate, and the preview says where", async () => {
  const before = server.text("certificate");
  const wanted = forServer({ addresses: ["203.0.113.11"] });
  const { places, outputs } = await server.preview(wanted);
  assert.equal(places, ["addresses[0]"]);
  assert.is(outputs["certificate"], unknown);
  await server.up(wanted);
  assert.ok(new X509Certificate(server.text("certificate")).checkIP("203.0.113.11"));
  assert.is.not(server.text("certificate"), before);
  await server.up(forServer());
});

test("by its date a client's certificate is issued again, and the server's is left", async () => {
  setDaysLater(61);
  const before = client.text("fingerprint");
  assert.equal((await client.preview(forClient())).places, ["expiresAt"]);
  assert.equal(await client.up(forClient()), ["expiresAt"]);
  assert.is.not(client.text("fingerprint"), before);
  assert.equal(await client.up(forClient()), []);
  assert.equal(await server.up(forServer()), []);
  setDaysLater(0);
  await client.up({ ...forClient(), lifeDays: 89 });
  await client.up(forClient());
});

test("a rotation: both trusted, whichever side is first to have its new files", async () => {
  const rotate = { rotate: "2030-01-01" };
  const { places, outputs } = await authority.preview(rotate);
  assert.equal(places, ["rotate"]);
  assert.is(outputs["generation"], 2);
  assert.is(outputs["certificate"], unknown);
  await authority.up(rotate);
  assert.is(splitPem(authority.text("bundle")).length, 2);
  assert.is.not(authority.text("overlapEndsAt"), "");
  assert.equal(accepted(authority.text("bundle")), [true, true], "old leaves, new trust");
  assert.equal(accepted(authority.text("certificate")), [false, false]);
  assert.equal(await server.up(forServer()), ["caCertificate", "caKey", "crossCertificate"]);
  await client.up(forClient());
  assert.equal(accepted(oldTrust), [true, true], "new leaves, old trust");
  assert.equal(accepted(authority.text("bundle")), [true, true]);
  assert.equal(accepted(authority.text("certificate")), [true, true]);
  assert.equal(await authority.up(rotate), []);
  assert.equal(await server.up(forServer()), []);
});

test("the former key is gone from the state", () => {
  const keys = JSON.stringify(authority.outputs).match(/BEGIN PRIVATE KEY/g) ?? [];
  assert.is(keys.length, 1);
});

test("another rotation within the overlap adds a link", async () => {
  await authority.up({ rotate: "again" });
  await server.up(forServer());
  await client.up(forClient());
  assert.is(splitPem(authority.text("bundle")).length, 3);
  assert.is(splitPem(server.text("certificate")).length, 3);
  assert.equal(accepted(oldTrust), [true, true]);
});

test("the end of the overlap: the old ones are dropped, and the preview knows all of it", async () => {
  setDaysLater(31);
  const { places, outputs } = await authority.preview({ rotate: "again" });
  assert.equal(places, ["overlapEndsAt"]);
  assert.not.ok(hasUnknown(outputs));
  await authority.up({ rotate: "again" });
  assert.equal(authority.outputs, outputs);
  const leaf = server.text("fingerprint");
  const shown = await server.preview(forServer());
  assert.equal(shown.places, ["crossCertificate"]);
  assert.not.ok(hasUnknown(shown.outputs));
  await server.up(forServer());
  await client.up(forClient());
  assert.is(server.text("fingerprint"), leaf, "the same certificate, sent alone");
  assert.is(splitPem(server.text("certificate")).length, 1);
  assert.equal(authority.outputs["previous"], []);
  assert.equal(accepted(oldTrust), [false, false]);
  assert.equal(accepted(authority.text("bundle")), [true, true]);
  assert.equal(await authority.up({ rotate: "again" }), []);
});

test("by its date an authority rotates by itself", async () => {
  const wanted = { rotate: "again" };
  setDaysLater(3650 - 365 + 1);
  assert.equal((await authority.preview(wanted)).places, ["expiresAt"]);
  await authority.up(wanted);
  assert.is(authority.outputs["generation"], 4);
  assert.equal(await authority.up(wanted), []);
  setDaysLater(0);
});

test("an overlap of no days: the former one is dropped at once", async () => {
  const wanted = { rotate: "stolen", overlapDays: 0 };
  assert.equal(await authority.up(wanted), ["overlapDays", "rotate"]);
  assert.is(splitPem(authority.text("bundle")).length, 1);
  assert.is(authority.text("crossCertificate"), "");
});

test("a refresh tells what is known; an import finds nothing", async () => {
  const known = {
    inputs: { values: authority.state?.inputs ?? {}, secrets: new Set<string>() },
    outputs: { values: authority.outputs, secrets: new Set<string>() },
  };
  const seen = await newInstance().read(authority.call, authority.id, known);
  assert.equal(seen?.properties.values, authority.outputs);
  assert.is(await newInstance().read(authority.call, "anything", undefined), undefined);
});

const refused: readonly (readonly [string, string, ValueMap, string])[] = [
  ["a server for nothing", "Certificate", { kind: "server" }, "names"],
  ["a client with a name", "Certificate", { kind: "client", names: ["a.com"] }, "names"],
  ["an address as a name", "Certificate", { kind: "server", names: ["::1"] }, "names[0]"],
  ["a renewal in every update", "CertificateAuthority", { lifeDays: 90 }, "renewBeforeDays"],
  ["a name too long", "CertificateAuthority", { commonName: "x".repeat(60) }, "commonName"],
  ["no days", "CertificateAuthority", { overlapDays: -1 }, "overlapDays"],
];
for (const [what, kind, values, place] of refused) {
  test(`refused: ${what}`, async () => {
    const pem = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
    const from: ValueMap = kind === "Certificate" ? { caCertificate: pem, caKey: "k" } : {};
    const { failures } = await newInstance().check(
      new Declared(kind, "x").call,
      { values: {}, secrets: new Set() },
      { values: { ...from, ...values }, secrets: new Set() },
    );
    assert.equal(
      failures.map(({ property }) => property),
      [place],
    );
  });
}

test.run();
