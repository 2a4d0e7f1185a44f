// Mutual TLS against a server of this process: what is taken, and what each refusal is called.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createPlain } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { DockerClient } from "../../../sdk/docker/client.ts";
import type { TlsMaterials } from "../../../sdk/docker/types.ts";
import type { SdkError } from "../../../sdk/errors.ts";
import { suite } from "../../support/suite.ts";

const test = suite("docker: TLS", { timeoutMs: 30_000 });
const dir = mkdtempSync(join(tmpdir(), "dwtest-tls-"));
const at = (name: string) => join(dir, name);
const pem = (name: string) => readFileSync(at(name), "utf8");
const openssl = (...args: string[]) => execFileSync("openssl", args, { stdio: "ignore" });

function authority(name: string): void {
  openssl(
    "req",
    "-x509",
    "-newkey",
    "rsa:2048",
    "-nodes",
    "-days",
    "2",
    "-subj",
    `/CN=${name}`,
    "-keyout",
    at(`${name}.key`),
    "-out",
    at(`${name}.pem`),
  );
}

function leaf(name: string, ca: string, names: string, days = "2"): void {
  openssl(
    "req",
    "-newkey",
    "rsa:2048",
    "-nodes",
    "-subj",
    `/CN=${name}`,
    "-keyout",
    at(`${name}.key`),
    "-out",
    at(`${name}.csr`),
  );
  writeFileSync(at("ext"), names && `subjectAltName=${names}\n`);
  openssl(
    "x509",
    "-req",
    "-in",
    at(`${name}.csr`),
    "-CA",
    at(`${ca}.pem`),
    "-CAkey",
    at(`${ca}.key`),
    "-CAcreateserial",
    "-days",
    days,
    "-extfile",
    at("ext"),
    "-out",
    at(`${name}.pem`),
  );
}

const servers: { close(): unknown; closeAllConnections(): void }[] = [];

async function listen(server: Server | ReturnType<typeof createPlain>): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

function daemon(cert: string): Promise<number> {
  const options = {
    ca: pem("ca.pem"),
    cert: pem(`${cert}.pem`),
    key: pem(`${cert}.key`),
    requestCert: true,
    rejectUnauthorized: true,
  };
  return listen(
    createServer(options, (request, response) => {
      if (request.url === "/_ping") response.setHeader("Api-Version", "1.41");
      response.end("[]");
    }),
  );
}

const materials = (ca: string, client: string): TlsMaterials => ({
  ca: pem(`${ca}.pem`),
  cert: pem(`${client}.pem`),
  key: pem(`${client}.key`),
});

async function list(port: number, tls: TlsMaterials): Promise<SdkError | undefined> {
  const client = new DockerClient({ kind: "tcp", host: "127.0.0.1", port, tls });
  try {
    await client.containers.list();
    return undefined;
  } catch (error) {
    return error as SdkError;
  } finally {
    client.close();
  }
}

test.before(() => {
  authority("ca");
  authority("other");
  leaf("server", "ca", "IP:127.0.0.1,DNS:web1.example.com");
  leaf("elsewhere", "ca", "IP:10.0.0.9");
  leaf("named", "ca", "DNS:web1.example.com");
  leaf("old", "ca", "IP:127.0.0.1", "0");
  leaf("client", "ca", "");
  leaf("stranger", "other", "");
});
test.after(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  rmSync(dir, { recursive: true });
});

test("a daemon and a client of one authority talk", async () => {
  assert.is(await list(await daemon("server"), materials("ca", "client")), undefined);
});

test("a server name takes the place of the address", async () => {
  const tls = { ...materials("ca", "client"), serverName: "web1.example.com" };
  assert.is(await list(await daemon("named"), tls), undefined);
  const wrong = { ...tls, serverName: "web2.example.com" };
  assert.match((await list(await daemon("named"), wrong))?.message ?? "", /for another name/);
});

for (const [what, server, ca, client, why] of [
  ["a certificate for another address", "elsewhere", "ca", "client", /for another name/],
  ["a daemon of another authority", "server", "other", "client", /another authority/],
  ["an expired daemon", "old", "ca", "client", /has expired/],
] as const) {
  test(`${what} is told apart`, async () => {
    const error = await list(await daemon(server), materials(ca, client));
    assert.is(error?.code, "UNREACHABLE");
    assert.match(error?.message ?? "", why);
    assert.not.match(`${error?.message} ${error?.fix}`, /PRIVATE KEY/);
  });
}

// Node's own server hangs up without the alert that dockerd, as OpenSSL, sends.
test("a client of another authority is told apart", async () => {
  const args = ["s_server", "-accept", "127.0.0.1:0", "-cert", at("server.pem"), "-key"];
  const more = [at("server.key"), "-CAfile", at("ca.pem"), "-Verify", "1"];
  const server = spawn("openssl", [...args, ...more, "-verify_return_error", "-www"]);
  try {
    let said = "";
    while (!/ACCEPT \S+:(\d+)/.test(said)) {
      const [chunk] = (await once(server.stdout, "data")) as [Buffer];
      said += chunk.toString();
    }
    const port = Number(/ACCEPT \S+:(\d+)/.exec(said)?.[1]);
    const error = await list(port, materials("ca", "stranger"));
    assert.match(error?.message ?? "", /refused this client's certificate/);
  } finally {
    server.kill();
  }
});

test("plain HTTP on the port is told apart", async () => {
  const port = await listen(createPlain((_, response) => response.end("hello")));
  const error = await list(port, materials("ca", "client"));
  assert.match(error?.message ?? "", /does not speak TLS/);
});
test.run();
