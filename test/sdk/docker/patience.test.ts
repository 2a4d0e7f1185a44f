// A daemon that is away for a while: which calls wait for it, for how long, and what ends the wait.
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as assert from "uvu/assert";
import { DockerClient, type TransportOptions } from "../../../sdk/docker/client.ts";
import type { SdkError } from "../../../sdk/errors.ts";
import { suite } from "../../support/suite.ts";

const test = suite("docker: patience", { timeoutMs: 20_000 });
const folder = mkdtempSync(join(tmpdir(), "dwtest-patience-"));
test.after(() => rmSync(folder, { recursive: true, force: true }));

/** A daemon that can be stopped, its connections cut, and started again on the same socket. */
class Daemon {
  readonly socketPath: string;
  readonly seen: string[] = [];
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;

  constructor(name: string) {
    this.socketPath = join(folder, `${name}.sock`);
  }

  async start(): Promise<void> {
    const server = createServer((request, response) => {
      if (request.url === "/_ping") response.setHeader("Api-Version", "1.41");
      else this.seen.push(request.method ?? "");
      response.end(request.method === "POST" ? '{"Id":"x"}' : "[]");
    });
    server.on("connection", (socket) => this.#sockets.add(socket));
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(this.socketPath, resolve));
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
    await new Promise((resolve) => this.#server?.close(resolve));
  }
}

async function scene(
  name: string,
  options: TransportOptions,
  run: (client: DockerClient, daemon: Daemon) => Promise<void>,
): Promise<void> {
  const daemon = new Daemon(name);
  await daemon.start();
  const client = new DockerClient({ kind: "unix", socketPath: daemon.socketPath }, options);
  try {
    await run(client, daemon);
  } finally {
    client.close();
    await daemon.stop();
  }
}

async function failure(work: Promise<unknown>): Promise<SdkError> {
  try {
    await work;
  } catch (error) {
    return error as SdkError;
  }
  throw new Error("it passed");
}

test("calls under way while a daemon restarts all succeed, each once", () =>
  scene("restart", {}, async (client, daemon) => {
    await client.containers.list();
    await daemon.stop();
    const reads = [client.containers.list(), client.networks.list(), client.images.list()];
    // It is not sent before there is a connection: safe, though it may not be sent twice.
    const create = client.containers.create("web", {});
    await sleep(400);
    await daemon.start();
    await Promise.all([...reads, create]);
    assert.equal(daemon.seen.filter((method) => method === "POST").length, 1);
  }));

test("a daemon that stays away is an error, soon after the time for it is up", () =>
  scene("away", { reconnectMs: 300 }, async (client, daemon) => {
    await client.containers.list();
    await daemon.stop();
    const begin = performance.now();
    const error = await failure(client.containers.list());
    assert.is(error.code, "UNREACHABLE");
    assert.match(error.message, /there is no socket/);
    assert.ok(performance.now() - begin >= 250);
    await daemon.start();
  }));

test("a daemon that never answered is an error at once", async () => {
  const client = new DockerClient({ kind: "unix", socketPath: join(folder, "never.sock") });
  const begin = performance.now();
  assert.is((await failure(client.containers.list())).code, "UNREACHABLE");
  // Far below the 15 s of one that has answered.
  assert.ok(performance.now() - begin < 5000);
});

test("a first contact may be told to wait", async () => {
  const daemon = new Daemon("first");
  const endpoint = { kind: "unix", socketPath: daemon.socketPath } as const;
  const client = new DockerClient(endpoint, { firstContactMs: 10_000 });
  const listing = client.containers.list();
  await sleep(200);
  await daemon.start();
  assert.equal(await listing, []);
  client.close();
  await daemon.stop();
});

test("a call's own time limit, its signal and a close each end the wait", () =>
  scene("ended", {}, async (client, daemon) => {
    await client.containers.list();
    await daemon.stop();
    assert.is((await failure(client.containers.list({}, { timeoutMs: 150 }))).code, "TIMEOUT");
    const signal = AbortSignal.timeout(150);
    assert.is((await failure(client.containers.list({}, { signal }))).code, "CANCELLED");
    const open = failure(client.containers.list());
    await sleep(150);
    client.close();
    assert.is((await open).code, "CANCELLED");
    await daemon.start();
  }));

test.run();
