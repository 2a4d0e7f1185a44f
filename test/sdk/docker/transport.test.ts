// The transport against a server that misbehaves in every way that a daemon or a network can.

import { createServer } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import * as assert from "uvu/assert";
import { DockerApiError, DockerClient } from "../../../sdk/docker/client.ts";
import { lowerApiVersion } from "../../../sdk/docker/transport.ts";
import { SdkError } from "../../../sdk/errors.ts";
import { suite } from "../../support/suite.ts";
import { failure, folder, removeFakes, withFake } from "./fakedaemon.ts";

const test = suite("docker: transport", { timeoutMs: 15_000 });
test.after(removeFakes);

for (const [first, second, lower] of [
  ["1.45", "1.45", "1.45"],
  ["1.9", "1.45", "1.9"],
  ["1.52", "1.45", "1.45"],
  ["2.0", "1.45", "1.45"],
] as const) {
  test(`of ${first} and ${second}, ${lower} is spoken`, () => {
    assert.is(lowerApiVersion(first, second), lower);
  });
}

test("the version is asked once, also by calls in parallel, and prefixes every path", () =>
  withFake(
    (_, response) => response.end("[]"),
    async (client, fake) => {
      await Promise.all([client.containers.list(), client.containers.list()]);
      assert.equal(fake.seen, ["GET /v1.41/containers/json", "GET /v1.41/containers/json"]);
    },
  ));

test("connections are kept alive between calls", () =>
  withFake(
    (_, response) => response.end("[]"),
    async (client, fake) => {
      for (let index = 0; index < 5; index++) await client.containers.list();
      assert.is(fake.connections, 1);
    },
  ));

test("filters and flags arrive as Docker reads them", () =>
  withFake(
    (_, response) => response.end("[]"),
    async (client, fake) => {
      await client.containers.list({ all: true, filters: { label: ["a=b"] } });
      const url = new URL(fake.seen[0]?.split(" ")[1] ?? "", "http://d");
      assert.is(url.searchParams.get("all"), "1");
      assert.equal(JSON.parse(url.searchParams.get("filters") ?? ""), { label: ["a=b"] });
    },
  ));

test("a GET over a connection that went stale is sent again", () =>
  withFake(
    (request, response, calls) => {
      if (calls === 2) request.socket.destroy();
      else response.end("[]");
    },
    async (client, fake) => {
      await client.containers.list();
      assert.equal(await client.containers.list(), []);
      assert.is(fake.seen.length, 3);
    },
  ));

test("a GET whose new connection breaks is not repeated for ever", () =>
  withFake(
    (request) => request.socket.destroy(),
    async (client, fake) => {
      const error = await failure(client.containers.list());
      assert.is(error.code, "UNREACHABLE");
      assert.ok(fake.seen.length <= 3);
    },
  ));

test("a create whose connection breaks is sent once only", () =>
  withFake(
    (request) => request.socket.destroy(),
    async (client, fake) => {
      const error = await failure(client.containers.create("web", {}));
      assert.is(error.code, "UNREACHABLE");
      assert.equal(fake.seen, ["POST /v1.41/containers/create?name=web"]);
    },
  ));

test("a create never rides on a kept connection, so that a stale one cannot swallow it", () =>
  withFake(
    (_, response) => response.end('{"Id":"x"}'),
    async (client, fake) => {
      await client.containers.create("web", {});
      await client.containers.create("web", {});
      assert.is(fake.connections, 3);
    },
  ));

test("an answer cut in the middle is read again once for a GET", () =>
  withFake(
    (request, response, calls) => {
      if (calls > 1) {
        response.end('{"Id":"x"}');
        return;
      }
      response.writeHead(200, { "Content-Length": 100 });
      response.write('{"Id":');
      setTimeout(() => request.socket.destroy(), 20);
    },
    async (client, fake) => {
      assert.is((await client.containers.inspect("web"))?.Id, "x");
      assert.is(fake.seen.length, 2);
    },
  ));

test("an answer to a create cut in the middle is an error that says so", () =>
  withFake(
    (request, response) => {
      response.writeHead(201, { "Content-Length": 100 });
      response.write('{"Id":');
      setTimeout(() => request.socket.destroy(), 20);
    },
    async (client, fake) => {
      const error = await failure(client.containers.create("web", {}));
      assert.is(error.code, "UNREACHABLE");
      assert.match(error.message, /cut in the middle of the answer/);
      assert.is(fake.seen.length, 1);
    },
  ));

test("an answer that is not JSON is shown, shortened", () =>
  withFake(
    (_, response) => response.end("<html>hello"),
    async (client) => {
      const error = await failure(client.containers.list());
      assert.is(error.code, "REFUSED");
      assert.match(error.message, /not JSON: "<html>hello"/);
    },
  ));

test("an error carries the daemon's words, the status, the deed and the endpoint", () =>
  withFake(
    (_, response) => response.writeHead(500).end('{"message":"disk full\\n"}'),
    async (client, fake) => {
      const error = await failure(client.networks.create({ Name: "n" }));
      assert.instance(error, DockerApiError);
      assert.is((error as DockerApiError).status, 500);
      assert.is(
        error.message,
        `cannot create the network "n" on unix://${fake.socketPath}: disk full`,
      );
    },
  ));

test("an error with no JSON, or nothing at all, is still told", () =>
  withFake(
    (_, response, calls) => response.writeHead(502).end(calls === 1 ? "bad gateway" : ""),
    async (client) => {
      assert.match((await failure(client.networks.remove("n"))).message, /: bad gateway$/);
      assert.match((await failure(client.networks.remove("n"))).message, /HTTP status 502/);
    },
  ));

test("a daemon that does not answer ends at the time limit", () =>
  withFake(
    () => undefined,
    async (client) => {
      const error = await failure(client.containers.list({}, { timeoutMs: 100 }));
      assert.is(error.code, "TIMEOUT");
      assert.match(error.message, /cannot list containers .* after 100 ms/);
    },
  ));

test("a daemon that stops in the middle of its answer ends at the time limit", () =>
  withFake(
    (_, response) => {
      response.writeHead(200);
      response.write("[");
    },
    async (client) => {
      const error = await failure(client.containers.list({}, { timeoutMs: 100 }));
      assert.is(error.code, "TIMEOUT");
    },
  ));

test("a signal that is aborted before the call sends nothing", () =>
  withFake(
    (_, response) => response.end("[]"),
    async (client, fake) => {
      const signal = AbortSignal.abort();
      assert.is((await failure(client.containers.list({}, { signal }))).code, "CANCELLED");
      assert.equal(fake.seen, []);
    },
  ));

test("a stream that is cut tells its reader", () =>
  withFake(
    (request, response) => {
      response.write('{"Type":"volume"}\n');
      setTimeout(() => request.socket.destroy(), 20);
    },
    async (client) => {
      const types: string[] = [];
      let thrown: unknown;
      try {
        for await (const event of client.system.events()) types.push(event.Type);
      } catch (error) {
        thrown = error;
      }
      assert.equal(types, ["volume"]);
      assert.instance(thrown, Error);
    },
  ));

test("a body that fails while it is sent fails the call with the body's own error", () =>
  withFake(
    (request) => request.resume(),
    async (client) => {
      const body = Readable.from(
        (async function* () {
          yield Buffer.from("x");
          throw new SdkError("BAD_INPUT", "the context is broken");
        })(),
      );
      assert.is((await failure(client.images.load(body))).message, "the context is broken");
    },
  ));

test("a body that fails before there is a connection fails the call with the body's own error", () =>
  withFake(
    (_, response) => response.end("[]"),
    async (_client, fake) => {
      let slow = false;
      const client = new DockerClient({
        kind: "stream",
        name: "tunnel",
        connect: () =>
          slow ? new Promise(() => undefined) : Promise.resolve(connect(fake.socketPath)),
      });
      await client.containers.list();
      slow = true;
      const body = new PassThrough();
      body.destroy(new SdkError("BAD_INPUT", "the context is broken"));
      assert.is((await failure(client.images.load(body))).message, "the context is broken");
      client.close();
    },
  ));

test("an answer that comes before the body was read is the call's answer", () =>
  withFake(
    (_, response) => response.writeHead(400, { Connection: "close" }).end('{"message":"no"}'),
    async (client) => {
      const endless = new PassThrough();
      endless.write("x");
      const error = await failure(client.images.load(endless));
      assert.match(error.message, /cannot load images .*: no/);
      endless.destroy();
    },
  ));

test("an exec whose connection is not handed over says so", () =>
  withFake(
    (request, response) => response.end(request.url?.endsWith("/exec") ? '{"Id":"e"}' : "plain"),
    async (client) => {
      const error = await failure(client.exec.run("web", { cmd: ["true"] }));
      assert.match(error.message, /the connection was not handed over \(HTTP 200\)/);
    },
  ));

test("what is no daemon is told apart", async () => {
  const socketPath = join(folder, "other.sock");
  const server = createServer((_, response) => response.end("hello")).listen(socketPath);
  await new Promise((resolve) => server.once("listening", resolve));
  const client = new DockerClient({ kind: "unix", socketPath });
  assert.match((await failure(client.containers.list())).message, /no Docker daemon/);
  client.close();
  server.close();
});

test("a failed negotiation is tried again by the next call", () =>
  withFake(
    (_, response) => response.end("[]"),
    async (_client, fake) => {
      let up = false;
      const client = new DockerClient({
        kind: "stream",
        name: "tunnel to web1",
        connect: async () => {
          if (!up) throw new Error("the tunnel is down");
          return connect(fake.socketPath);
        },
      });
      const error = await failure(client.containers.list());
      assert.is(error.code, "UNREACHABLE");
      assert.match(error.message, /tunnel to web1: the tunnel is down/);
      up = true;
      assert.equal(await client.containers.list(), []);
      client.close();
    },
  ));

test("a stream endpoint is dialled once for calls in a row", () =>
  withFake(
    (_, response) => response.end("[]"),
    async (_client, fake) => {
      let dialled = 0;
      const client = new DockerClient({
        kind: "stream",
        name: "tunnel",
        connect: async () => {
          dialled += 1;
          return connect(fake.socketPath);
        },
      });
      for (let index = 0; index < 3; index++) await client.containers.list();
      assert.is(dialled, 1);
      client.close();
    },
  ));

test("no socket, and nobody behind it, are each told with a fix", async () => {
  const missing = new DockerClient({ kind: "unix", socketPath: join(folder, "none.sock") });
  const first = await failure(missing.containers.list());
  assert.is(first.code, "UNREACHABLE");
  assert.match(first.message, /there is no socket/);
  assert.match(first.fix ?? "", /start/);
  // Only a process that is killed leaves its socket file behind.
  const { spawnSync } = await import("node:child_process");
  const dead = join(folder, "left.sock");
  const script = `require("net").createServer().listen(process.argv[1],()=>process.kill(process.pid,9))`;
  spawnSync(process.execPath, ["-e", script, dead]);
  const refused = await failure(
    new DockerClient({ kind: "unix", socketPath: dead }).containers.list(),
  );
  assert.match(refused.message, /nothing listens on/);
});

test("closing the client ends what is under way", () =>
  withFake(
    () => undefined,
    async (client) => {
      const waiting = failure(client.containers.wait("web"));
      setTimeout(() => client.close(), 100);
      assert.is((await waiting).code, "CANCELLED");
    },
  ));

test("a call's secrets are in no message", () =>
  withFake(
    (request) => request.socket.destroy(),
    async (client) => {
      const error = await failure(
        client.images.pull("r.example.com/a:1", { auth: { username: "u", password: "hush-hush" } }),
      );
      assert.not.ok(JSON.stringify([error.message, error.fix, error.stack]).includes("hush"));
    },
  ));

test.run();
