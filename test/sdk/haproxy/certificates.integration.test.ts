// Certificates of a proxy's sites: by name, over HTTP/2 and HTTP/1.1, changed without losing a
// request; what HAProxy must not meet is refused before.
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { connect as connectH2 } from "node:http2";
import { connect, type TLSSocket } from "node:tls";
import * as assert from "uvu/assert";
import {
  certificateDrift,
  checkCertificate,
  ensureCertificate,
  removeCertificate,
} from "../../../sdk/haproxy/certificates.ts";
import { ensureRoute } from "../../../sdk/haproxy/route.ts";
import type { Agent } from "../../../sdk/haproxy/types.ts";
import { issueServer } from "../../../sdk/pki/issue.ts";
import { newKeyPair, serialBytes, serialNumber } from "../../../sdk/pki/keys.ts";
import { startLoad } from "../../support/outcomes.ts";
import { freePort } from "../../support/ports.ts";
import { suite } from "../../support/suite.ts";
import { authority } from "./authority.ts";
import { type Backend, failure, type Lab, missingHaproxy, routeSpec, startLab } from "./lab.ts";

const test = suite("certificates", { timeoutMs: 60_000, missing: missingHaproxy() });
const host = "shop.test";
let lab: Lab;
let agent: Agent;
let backend: Backend;
let port: number;
let ca: { readonly certificate: string; readonly key: string };

async function issued(...names: readonly string[]) {
  const { publicKey, privateKey } = await newKeyPair();
  const certificate = await issueServer({
    issuer: ca,
    publicKey,
    lifeDays: 30,
    now: new Date(),
    serial: serialNumber(randomBytes(serialBytes)),
    names,
    addresses: [],
    commonName: names[0] ?? "",
  });
  return { certificate, key: privateKey };
}

test.before(async () => {
  ca = await authority();
  port = await freePort();
  lab = await startLab({ tls: { binds: [{ address: "127.0.0.1", port }] } });
  agent = await lab.agent();
  backend = await lab.backend("v1");
  await ensureRoute(agent, routeSpec("shop", [backend.spec]));
});
test.after(async () => {
  await backend.close();
  await lab.close();
});

/** The serial number that is shown for a name; the error's code when there is none. */
const shown = (servername: string, more: object = {}): Promise<string> =>
  new Promise((resolve) => {
    const socket: TLSSocket = connect(
      { host: "127.0.0.1", port, servername, ca: ca.certificate, ...more },
      () => {
        resolve(socket.getPeerCertificate().serialNumber);
        socket.destroy();
      },
    );
    socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });

const serialOf = async (pem: string) =>
  new (await import("node:crypto")).X509Certificate(pem).serialNumber;

test("each name has its own certificate, and a name without one is shown none", async () => {
  const [shop, blog] = [await issued(host), await issued("blog.test", "*.blog.test")];
  assert.is(await ensureCertificate(agent, { entry: "shop", ...shop }), true);
  assert.is(await ensureCertificate(agent, { entry: "blog", ...blog }), true);
  assert.is(await ensureCertificate(agent, { entry: "blog", ...blog }), false, "nothing to do");
  assert.is(await shown(host), await serialOf(shop.certificate));
  assert.is(await shown("a.blog.test"), await serialOf(blog.certificate));
  assert.match(await shown("other.test"), /UNRECOGNIZED_NAME/);
  assert.match(await shown(host, { maxVersion: "TLSv1.1" }), /ERR_SSL|ECONNRESET/);
  assert.equal(await certificateDrift(agent, { entry: "shop", ...shop }), []);
});

test("keys are on the volume for root alone, and of a former certificate nothing is left", () => {
  const folder = `${lab.paths.dataFolder}/certificates`;
  const files = readdirSync(folder);
  assert.is(files.length, 2);
  for (const file of files) assert.is(statSync(`${folder}/${file}`).mode & 0o777, 0o600);
  assert.is(statSync(folder).mode & 0o777, 0o700);
  assert.not.match(lab.log(), "PRIVATE KEY");
  assert.not.match(readFileSync(`${lab.paths.dataFolder}/certificates.list`, "utf8"), "PRIVATE");
});

test("HTTP/2 is spoken, and the server hears that it was https", async () => {
  const session = connectH2(`https://${host}:${port}`, {
    ca: ca.certificate,
    createConnection: () =>
      connect({
        host: "127.0.0.1",
        port,
        servername: host,
        ca: ca.certificate,
        ALPNProtocols: ["h2"],
      }),
  });
  const text = await new Promise<string>((resolve, reject) => {
    const stream = session.request({ ":path": "/headers" });
    let body = "";
    stream.on("data", (chunk: Buffer) => {
      body += chunk.toString();
    });
    stream.on("end", () => resolve(body)).on("error", reject);
  });
  session.close();
  assert.is((JSON.parse(text) as Record<string, string>)["x-forwarded-proto"], "https");
});

test("a certificate is changed three times, and no request fails", async () => {
  const url = `https://127.0.0.1:${port}/`;
  const loads = [
    await startLoad({ url, host, mode: "new", concurrency: 3 }),
    await startLoad({ url, host, mode: "keepalive", concurrency: 3, pauseMs: 10 }),
    await startLoad({ url, host, mode: "h2", concurrency: 3, pauseMs: 10 }),
  ];
  for (let round = 0; round < 3; round += 1) {
    const next = await issued(host);
    assert.is(await ensureCertificate(agent, { entry: "shop", ...next }), true);
    assert.is(await shown(host), await serialOf(next.certificate));
  }
  for (const load of loads) {
    const summary = await load.stop();
    assert.is(summary.failed, 0, JSON.stringify(summary));
    assert.ok(summary.total > 100, JSON.stringify(summary));
  }
  assert.is(readdirSync(`${lab.paths.dataFolder}/certificates`).length, 2);
});

test("a name that another certificate has is refused, and nothing changes", async () => {
  const before = await shown(host);
  const thief = await issued(host);
  assert.match(
    await failure(ensureCertificate(agent, { entry: "thief", ...thief })),
    'shop.test has the certificate "shop"',
  );
  assert.is(await shown(host), before);
});

test("a certificate that is taken away is shown no more", async () => {
  await removeCertificate(agent, "blog");
  assert.match(await shown("blog.test"), /UNRECOGNIZED_NAME/);
  assert.is(await certificateDrift(agent, { entry: "blog", certificate: "", key: "" }), undefined);
});

test("what HAProxy must not meet is refused with its place", async () => {
  const [one, other] = [await issued(host), await issued("other.test")];
  const of = (spec: Partial<{ certificate: string; key: string; names: readonly string[] }>) =>
    checkCertificate({ entry: "x", ...one, ...spec })
      .map(({ property, reason }) => `${property} ${reason}`)
      .join("; ");
  assert.is(of({}), "");
  assert.is(of({ certificate: one.certificate + ca.certificate }), "", "with its chain");
  assert.is(of({ key: other.key }), "key does not belong to the certificate");
  assert.match(of({ key: "none" }), "key is no private key as PEM");
  assert.match(of({ certificate: "none" }), "certificate is no chain of certificates");
  assert.match(of({ certificate: one.certificate + other.certificate }), "at place 2");
  assert.match(of({ names: ["evil.test"] }), "names[0] is evil.test, which it is not for");
  assert.match(of({ names: ["a b"] }), 'names[0] is "a b"');
});

test.run();
