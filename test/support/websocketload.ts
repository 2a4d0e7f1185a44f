// WebSockets that are held open on one URL or several, from a process of its own: each sends a message, waits for
// its answer, pauses, and goes on. A message is one outcome. When a connection is closed, its client
// connects again, which counts as moved; a message that was not answered yet is sent once more, as such
// clients do, and counted as resent. What fails is a connection that cannot be made, a message without an
// answer in time, and a closed connection that was held for less than --shortestMs: whoever moves
// them has a deadline. The summary is one JSON line, as that of load.ts.
//
//   node test/support/websocketload.ts --url ws://127.0.0.1:8080/ws [--url ...] [--host shop.test]
//     [--concurrency 1] [--pauseMs 100] [--timeoutMs 10000] [--shortestMs 0] [--version REGEXP]
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { WebSocket } from "ws";
import { type Outcome, type SocketSummary, summarize } from "./outcomes.ts";

const { values } = parseArgs({
  options: {
    url: { type: "string", multiple: true, default: [] },
    host: { type: "string" },
    concurrency: { type: "string", default: "1" },
    pauseMs: { type: "string", default: "100" },
    timeoutMs: { type: "string", default: "10000" },
    shortestMs: { type: "string", default: "0" },
    version: { type: "string", default: "^.*" },
  },
});
const { url: urls, host } = values;
if (urls.length === 0) throw new Error("write --url");
const timeoutMs = Number(values.timeoutMs);
const pattern = new RegExp(values.version);
const outcomes: Outcome[] = [];
let moved = 0;
let resent = 0;
let stopping = false;

async function connect(url: string): Promise<WebSocket> {
  const headers = host === undefined ? {} : { host };
  const socket = new WebSocket(url, { headers, handshakeTimeout: timeoutMs });
  // Why it closed does not matter: it is made again.
  socket.on("error", () => undefined);
  const failed = once(socket, "close").then(() => Promise.reject(new Error("no connection")));
  failed.catch(() => undefined);
  await Promise.race([once(socket, "open"), failed]);
  return socket;
}

/** The answer; undefined when the connection was closed before it came. */
function ask(socket: WebSocket, text: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const settle = (answer?: string) => {
      clearTimeout(timer);
      socket.off("message", heard).off("close", closed);
      resolve(answer);
    };
    const heard = (data: Buffer) => settle(data.toString());
    const closed = () => settle();
    const timer = setTimeout(() => reject(new Error("timeout")), timeoutMs);
    socket.on("message", heard).on("close", closed).send(text);
  });
}

/** A client with the connection that it has now. */
interface Client {
  readonly url: string;
  socket: WebSocket;
  since: number;
}

async function again(client: Client): Promise<void> {
  moved += 1;
  const heldMs = Date.now() - client.since;
  client.socket = await connect(client.url);
  client.since = Date.now();
  if (heldMs < Number(values.shortestMs)) throw new Error(`closed after ${heldMs} ms`);
}

async function answered(client: Client, text: string): Promise<string> {
  if (client.socket.readyState !== WebSocket.OPEN) await again(client);
  const first = await ask(client.socket, text);
  if (first !== undefined) return first;
  resent += 1;
  await again(client);
  const second = await ask(client.socket, text);
  if (second !== undefined) return second;
  throw new Error("closed again before the answer");
}

async function send(client: Client, number: number): Promise<void> {
  const at = Date.now();
  const text = `message ${number}`;
  try {
    const answer = await answered(client, text);
    const ok = answer.endsWith(` ${text}`) && pattern.test(answer);
    const what = ok ? (pattern.exec(answer)?.[0] ?? "") : `answered "${answer}"`;
    outcomes.push({ at, ms: Date.now() - at, ok, what });
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    outcomes.push({ at, ms: Date.now() - at, ok: false, what });
    await sleep(100);
  }
}

async function hold(client: Client): Promise<void> {
  for (let number = 0; !stopping; number += 1) {
    await send(client, number);
    await sleep(Number(values.pauseMs));
  }
  client.socket.terminate();
}

const stop = () => {
  stopping = true;
};
process.on("SIGINT", stop);
process.on("SIGTERM", stop);
process.stdin.on("end", stop).on("error", stop).resume();
const wanted = urls.flatMap((url) => Array.from({ length: Number(values.concurrency) }, () => url));
const clients = await Promise.all(
  wanted.map(async (url) => ({ url, socket: await connect(url), since: Date.now() })),
);
process.stderr.write("load started\n");
await Promise.all(clients.map(hold));
const summary: SocketSummary = { ...summarize(outcomes), moved, resent };
process.stdout.write(`${JSON.stringify(summary)}\n`);
process.exit(0);
