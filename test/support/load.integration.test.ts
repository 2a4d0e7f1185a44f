// A load that cannot fail proves nothing: it is shown here to count what a killed proxy does.
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import * as assert from "uvu/assert";
import { WebSocketServer } from "ws";
import { ensureRoute } from "../../sdk/haproxy/route.ts";
import { missingHaproxy, routeSpec, startBackend, startLab } from "../sdk/haproxy/lab.ts";
import { startLoad, startSockets } from "./outcomes.ts";
import { suite } from "./suite.ts";

const test = suite("load", { long: true, missing: missingHaproxy() });

for (const mode of ["new", "keepalive"]) {
  test(`counts what fails while the proxy is killed and started again (${mode})`, async () => {
    const lab = await startLab();
    const backend = await startBackend("v1");
    await ensureRoute(await lab.agent(), routeSpec("shop", [backend.spec]));
    const load = await startLoad({
      url: lab.url,
      host: "shop.test",
      rate: 200,
      mode,
      version: "v\\d",
    });
    await sleep(500);
    await lab.restart("SIGKILL");
    await sleep(500);
    const summary = await load.stop();
    assert.ok(summary.failed > 0, JSON.stringify(summary));
    assert.ok((summary.failures["ECONNREFUSED"] ?? 0) > 0, JSON.stringify(summary));
    assert.ok((summary.versions["v1"] ?? 0) > 100, JSON.stringify(summary));
    assert.is(summary.total, summary.failed + (summary.versions["v1"] ?? 0));
    await backend.close();
    await lab.close();
  });
}

/** Answers each message as a release does, and closes each connection after so long. */
async function chat(lifeMs: number, deaf = false): Promise<WebSocketServer> {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  server.on("connection", (socket) => {
    setTimeout(() => socket.terminate(), lifeMs).unref();
    socket.on("message", (data: Buffer) => {
      if (!deaf) socket.send(`v1 ${data.toString()}`);
    });
  });
  await once(server, "listening");
  return server;
}

const sockets = [
  { what: "a connection that is closed in time is moved", lifeMs: 300, shortestMs: 100 },
  {
    what: "one that is closed too early fails",
    lifeMs: 300,
    shortestMs: 1000,
    fails: /closed after/,
  },
  { what: "a message without an answer fails", lifeMs: 60_000, deaf: true, fails: /timeout/ },
];
for (const { what, lifeMs, deaf = false, shortestMs = 0, fails } of sockets) {
  test(`WebSockets: ${what}`, async () => {
    const server = await chat(lifeMs, deaf);
    const { port } = server.address() as AddressInfo;
    const url = [`ws://127.0.0.1:${port}/`, `ws://localhost:${port}/`];
    const version = "^v\\d";
    const options = { url, version, pauseMs: 10, timeoutMs: 400, shortestMs };
    const load = await startSockets(options);
    await sleep(1_500);
    const summary = await load.stop();
    const said = JSON.stringify(summary);
    if (fails === undefined) {
      assert.is(summary.failed, 0, said);
      assert.ok(summary.moved >= 2, said);
      assert.is(summary.total, summary.versions["v1"], said);
    } else assert.match(Object.keys(summary.failures).join(), fails, said);
    for (const client of server.clients) client.terminate();
    server.close();
  });
}

test.run();
