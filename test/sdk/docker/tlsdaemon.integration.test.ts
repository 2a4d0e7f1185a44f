// Real daemons behind mutual TLS, on hosts of their own: each way of being refused is told apart. Two
// versions of dockerd, since what a server says of a client's certificate changed with Go.
import { request } from "node:http";
import * as assert from "uvu/assert";
import { DockerClient, UnreachableError } from "../../../sdk/docker/client.ts";
import type { TlsMaterials } from "../../../sdk/docker/types.ts";
import { type Issuer, issueClient, issueServer } from "../../../sdk/pki/issue.ts";
import { newKeyPair } from "../../../sdk/pki/keys.ts";
import { type Lab, type LabHost, makeHosts, missingForLab } from "../../lab/hosts.ts";
import { suite } from "../../support/suite.ts";
import { authority, daysAfter, serial } from "../pki/fixture.ts";
import { must, port, start, startTls, stop, type TlsFiles, writeFiles } from "./tlshost.ts";

const test = suite("docker: TLS daemon", {
  long: true,
  timeoutMs: 8 * 60_000,
  missing: missingForLab(),
});
const log = (line: string) => process.stdout.write(`${line}\n`);
const now = new Date();

let lab: Lab | undefined;
let ca: Issuer;
let other: Issuer;

function host(index: number): LabHost {
  const found = lab?.hosts[index];
  if (!found) throw new Error("the lab is not there");
  return found;
}

async function client(issuer: Issuer, more: object = {}): Promise<TlsMaterials> {
  const { publicKey, privateKey } = await newKeyPair();
  const name = "alice";
  const cert = await issueClient({ issuer, publicKey, name, now, serial: serial(), ...more });
  return { ca: ca.certificate, cert, key: privateKey };
}

async function server(of: LabHost, more: object = {}): Promise<TlsFiles> {
  const { publicKey, privateKey } = await newKeyPair();
  const names = [`${of.name}.example.com`];
  const request = { issuer: ca, publicKey, names, addresses: [of.address], now, serial: serial() };
  return { ca: ca.certificate, cert: await issueServer({ ...request, ...more }), key: privateKey };
}

async function call(
  of: LabHost,
  tls: TlsMaterials,
  more: { readonly port?: number; readonly host?: string } = {},
): Promise<UnreachableError | undefined> {
  const endpoint = { kind: "tcp", host: of.address, port, tls, ...more } as const;
  const docker = new DockerClient(endpoint, { connectTimeoutMs: 2000 });
  try {
    await docker.containers.list();
    return undefined;
  } catch (error) {
    if (error instanceof UnreachableError) return error;
    throw error;
  } finally {
    docker.close();
  }
}

/** Holds what was said of a call that must be refused. */
function tells(
  what: string,
  error: UnreachableError | undefined,
  reasonWanted: string,
  words: RegExp,
): void {
  if (!error) throw new Error(`${what} was let in`);
  log(`  ${what}: ${error.message}; ${error.fix ?? ""}`);
  assert.is(error.reason, reasonWanted, `${what}: ${error.message}`);
  assert.match(error.message, words, what);
  assert.not.match(`${error.message} ${error.fix ?? ""}`, /PRIVATE KEY/);
}

test.before(async () => {
  ca = await authority("web 1", now);
  other = await authority("other 1", now);
  lab = await makeHosts(
    [
      { name: "old", suite: "bookworm", docker: "installed" },
      { name: "new", suite: "trixie", docker: "installed" },
    ],
    { log },
  );
});
test.after(async () => {
  await lab?.close();
});

test("plain TCP: the daemon that has it is refused", async () => {
  const of = host(0);
  await stop(of);
  const tls = await client(ca);
  tells("nothing there", await call(of, tls), "refused", /the connection was refused/);
  await start(of, `-H tcp://0.0.0.0:${port}`);
  tells("a plain daemon", await call(of, tls), "plain-text", /does not speak TLS/);
  await stop(of);
});

for (const index of [0, 1]) {
  test(`${index === 0 ? "Debian 12" : "Debian 13"}: each refusal is told apart`, async () => {
    const of = host(index);
    await stop(of);
    await writeFiles(of, await server(of));
    await startTls(of);
    log(await must(of, "docker version --format '{{.Server.Version}} {{.Server.GoVersion}}'"));
    const good = await client(ca);
    assert.is(await call(of, good), undefined);
    const refused = "refused this client's certificate";
    const none = { ...good, cert: "", key: "" };
    tells("no certificate", await call(of, none), "client-missing", /none was given/);
    const stranger = { ...(await client(other)), ca: ca.certificate };
    tells(
      "another CA's",
      await call(of, stranger),
      "client-authority",
      new RegExp(`${refused}.*issued by "other 1", which is none of`),
    );
    const past = daysAfter(now, -100);
    const expired = await client(ca, { now: past, lifeDays: 90 });
    tells(
      "an expired one",
      await call(of, expired),
      "client-expired",
      new RegExp(`${refused}.* has expired, on `),
    );
    const wrong = await server(of, { names: ["x.example.com"], addresses: [] });
    const asServer = { ca: ca.certificate, cert: wrong.cert, key: wrong.key };
    tells("a server's", await call(of, asServer), "client-purpose", /is not for clients/);
    const named = { ...good, serverName: "db.example.com" };
    tells(
      "another name",
      await call(of, named),
      "server-name",
      new RegExp(
        `another name than db.example.com: it is for ${of.name}.example.com, ${of.address}`,
      ),
    );
    const doubt = { ...good, ca: other.certificate };
    tells(
      "another CA trusted",
      await call(of, doubt),
      "server-authority",
      /from another authority .*issued by "web 1", and trusted is "other 1"/,
    );
    const mixed = { ...good, key: stranger.key };
    tells("another key", await call(of, mixed), "materials", /does not belong to/);
    const closed = await call(of, good, { port: 2399 });
    tells("a closed port", closed, "refused", /was refused/);
    await must(of, "iptables -I INPUT -p tcp --dport 2398 -j DROP");
    const dropped = await call(of, good, { port: 2398 });
    tells("a dropped port", dropped, "timed-out", /the machine does not answer/);
    await must(of, "kill -STOP $(cat /run/docker.pid)");
    const hung = await call(of, good);
    await must(of, "kill -CONT $(cat /run/docker.pid)");
    tells("a hung daemon", hung, "timed-out", /nothing answered the TLS handshake/);
    await stop(of);
  });

  test(`${index === 0 ? "Debian 12" : "Debian 13"}: an expired daemon, and plain text`, async () => {
    const of = host(index);
    await stop(of);
    await writeFiles(of, await server(of, { now: daysAfter(now, -400), lifeDays: 365 }));
    await startTls(of);
    const error = await call(of, await client(ca));
    tells("an expired daemon", error, "server-expired", /has expired: that of .* ended on/);
    const answer = await new Promise<string>((resolve, reject) => {
      const sent = request({ host: of.address, port, path: "/_ping" }, (response) => {
        response.setEncoding("utf8").on("data", (text: string) => {
          resolve(`${response.statusCode} ${text}`);
        });
      });
      sent.on("error", reject).end();
    });
    assert.match(answer, /^400 .*HTTP request to an HTTPS server/);
    await stop(of);
  });
}

test.run();
