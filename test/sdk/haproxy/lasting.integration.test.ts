// Connections that are not going to end by themselves, through the proxy and through a drain:
// WebSockets with real frames, and server-sent events. At the deadline they are closed, their clients
// come again and are then on the new servers; that is told apart from requests that were cut.
import { createServer, get, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import * as assert from "uvu/assert";
import { WebSocket, WebSocketServer } from "ws";
import { takeOver } from "../../../sdk/haproxy/handover.ts";
import { ensureRoute } from "../../../sdk/haproxy/route.ts";
import type { Agent, ServerSpec } from "../../../sdk/haproxy/types.ts";
import { suite } from "../../support/suite.ts";
import { get as getPage, type Lab, missingHaproxy, routeSpec, startLab } from "./lab.ts";

const test = suite("lasting connections", {
  long: true,
  timeoutMs: 40_000,
  missing: missingHaproxy(),
});
const host = "chat.test";
let lab: Lab;
let agent: Agent;
let servers: Server[] = [];
let clients: { stop(): unknown }[] = [];

/** Says its name on WebSockets and event streams; `/slow` answers after ten seconds. */
async function chatServer(name: string): Promise<ServerSpec> {
  const server = createServer((request, response) => {
    if (request.url === "/events") {
      response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
      response.write(`data: ${name}\n\n`);
    } else if (request.url === "/slow") setTimeout(() => response.end(name), 10_000);
    else response.end(name);
  });
  const sockets = new WebSocketServer({ server });
  sockets.on("connection", (socket) => {
    socket.on("message", (data: Buffer) => socket.send(`${name} ${data.toString()}`));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { name, host: "127.0.0.1", address: "127.0.0.1", port };
}

/** A client that connects again whenever it is cut; what it was told, in order. */
function webSocketClient() {
  const heard: string[] = [];
  let open: WebSocket;
  let stopped = false;
  const start = () => {
    open = new WebSocket(`ws://127.0.0.1:${lab.port}/socket`, { headers: { host } });
    open.on("open", () => open.send("hello"));
    open.on("message", (data: Buffer) => heard.push(data.toString()));
    open.on("error", () => undefined);
    open.on("close", () => {
      if (!stopped) setTimeout(start, 20);
    });
  };
  start();
  return {
    heard,
    say: (text: string) => open.send(text),
    stop() {
      stopped = true;
      open.terminate();
    },
  };
}

function eventClient() {
  const heard: string[] = [];
  let stop = () => undefined as unknown;
  const start = () => {
    const sent = get({ port: lab.port, path: "/events", headers: { host }, agent: false });
    const again = () => setTimeout(start, 20);
    stop = () => sent.off("close", again).destroy();
    sent.on("response", (answer) =>
      answer
        .on("data", (chunk: Buffer) => heard.push(chunk.toString().trim()))
        .on("error", () => 0),
    );
    sent.on("error", () => undefined).on("close", again);
  };
  start();
  return { heard, stop: () => stop() };
}

async function until(what: string, holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 100 && !holds(); tries += 1) await sleep(50);
  assert.ok(holds(), what);
}

test.before.each(async () => {
  lab = await startLab();
  agent = await lab.agent();
});
test.after.each(async () => {
  for (const client of clients) client.stop();
  clients = [];
  for (const server of servers) server.closeAllConnections();
  for (const server of servers) server.close();
  servers = [];
  await lab.close();
});

for (const how of ["at run time", "with a reload", "after a hand-over"] as const) {
  test(`clients of WebSockets and events move to the new servers, ${how}`, async () => {
    const check = { check: { path: "/", intervalMs: 1000 }, sites: [{ host, path: "/" }] };
    const [old, next] = [await chatServer("v1"), await chatServer("v2")];
    await ensureRoute(agent, routeSpec("chat", [old], check));
    const [socket, events] = [webSocketClient(), eventClient()];
    clients.push(socket, events);
    await until("both are on v1", () => socket.heard.length + events.heard.length === 2);
    const cut = getPage(lab, { host, path: "/slow" });
    await sleep(100);
    if (how === "after a hand-over") {
      agent = await (await lab.join()).agent();
      await takeOver(agent);
      socket.say("still");
      await until("it lives on in the old container", () => socket.heard.includes("v1 still"));
    }
    const more = how === "with a reload" ? { hstsSeconds: 1 } : {};
    const spec = routeSpec("chat", [next], { ...check, ...more });
    const result = await ensureRoute(agent, spec, { drainTimeoutMs: 700 });
    const { drained, moved, reloaded } = result;
    assert.equal(
      { drained, cut: result.cut, moved, reloaded },
      { drained: 0, cut: 1, moved: 2, reloaded: how === "with a reload" },
    );
    await until("they came again", () => events.heard.length >= 2 && socket.heard.length >= 2);
    socket.say("there");
    await until("frames go both ways", () => socket.heard.includes("v2 there"));
    assert.is(events.heard.at(-1), "data: v2");
    // A GET of which nothing was answered yet is asked again, of the servers that its worker knows.
    assert.equal((await cut).body, how === "at run time" ? "v2" : "v1");
  });
}

test.run();
