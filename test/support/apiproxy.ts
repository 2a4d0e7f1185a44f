// An HTTP proxy between a client and a real daemon, that knows each call. For a call it is told to hold
// (before the request goes on, or once the whole answer was read, and never passes that on), delay, cut,
// spoil or answer itself. Connections that are handed over (exec, build sessions) are passed through.
// A client that goes away takes its request to the daemon with it, as without the proxy.
import { once } from "node:events";
import {
  createServer,
  type IncomingMessage,
  request as requestTo,
  type ServerResponse,
} from "node:http";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** A call as the proxy sees it. */
export interface SeenCall {
  readonly method: string;
  /** Without the version: `/containers/create`. */
  readonly path: string;
  readonly query: URLSearchParams;
}

/** What becomes of a call. */
export type Fate =
  | { readonly kind: "pass" }
  /** Neither side hears of it any more; `reached` is called when it got there. */
  | { readonly kind: "hold"; readonly when: "before" | "after"; readonly reached: () => void }
  /** The answer comes so much later. */
  | { readonly kind: "delay"; readonly ms: number }
  /** The connection is cut once so many bytes of the answer's body were passed on. */
  | { readonly kind: "cut"; readonly bytes: number }
  /** The connection is cut before the request goes on. */
  | { readonly kind: "drop" }
  /** Answered here; the daemon hears nothing. */
  | { readonly kind: "answer"; readonly status: number; readonly body: string }
  /** These bytes in place of an answer, which need not be HTTP. */
  | { readonly kind: "raw"; readonly text: string }
  /** The real answer's head, with another body. */
  | { readonly kind: "body"; readonly body: string };

export type Judge = (call: SeenCall) => Fate;

export interface ApiProxy {
  readonly socketPath: string;
  /** All calls so far, `POST /containers/create`. */
  readonly seen: readonly string[];
  /** What becomes of the calls from now on. */
  judge: Judge;
  /** As a daemon that ended: connections break, and there is nobody to connect to. */
  down(): Promise<void>;
  up(): Promise<void>;
  close(): Promise<void>;
}

const endless = /\/events|follow=1/;
const pass: Fate = { kind: "pass" };

function callOf(incoming: IncomingMessage): SeenCall {
  const url = new URL(incoming.url ?? "/", "http://daemon");
  return {
    method: incoming.method ?? "",
    path: url.pathname.replace(/^\/v\d+\.\d+(?=\/)/, ""),
    query: url.searchParams,
  };
}

/** Names and values alternate, as node:http gives them. */
function headLines(incoming: IncomingMessage): string {
  const { rawHeaders } = incoming;
  let text = `${incoming.method ?? ""} ${incoming.url ?? ""} HTTP/1.1\r\n`;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    text += `${rawHeaders[index] ?? ""}: ${rawHeaders[index + 1] ?? ""}\r\n`;
  }
  return `${text}\r\n`;
}

async function relayAnswer(
  answer: IncomingMessage,
  response: ServerResponse,
  fate: Fate,
  path: string,
): Promise<void> {
  if (fate.kind === "hold") {
    // What never ends is there when it has begun.
    if (!endless.test(path)) for await (const _ of answer);
    fate.reached();
    return;
  }
  if (fate.kind === "delay") await sleep(fate.ms);
  const status = answer.statusCode ?? 500;
  if (fate.kind === "body") {
    answer.resume();
    response.writeHead(status, { "content-type": "application/json" }).end(fate.body);
    return;
  }
  response.writeHead(status, answer.statusMessage, answer.rawHeaders);
  response.flushHeaders();
  let left = fate.kind === "cut" ? fate.bytes : Number.POSITIVE_INFINITY;
  if (left <= 0) response.destroy();
  for await (const chunk of answer) {
    const bytes = chunk as Buffer;
    const part = bytes.subarray(0, Math.min(left, bytes.length));
    left -= part.length;
    if (!response.write(part))
      await Promise.race([once(response, "drain"), once(response, "close")]);
    if (left <= 0) {
      // What was written has to leave before.
      await sleep(20);
      response.destroy();
      return;
    }
  }
  response.end();
}

function relay(
  incoming: IncomingMessage,
  response: ServerResponse,
  fate: Fate,
  daemonSocket: string,
): void {
  const upstream = requestTo({
    socketPath: daemonSocket,
    method: incoming.method,
    path: incoming.url,
    headers: incoming.rawHeaders as unknown as readonly string[],
    agent: false,
    setHost: false,
  });
  response.once("close", () => upstream.destroy());
  upstream.on("error", () => response.destroy());
  upstream.once("response", (answer) => {
    relayAnswer(answer, response, fate, incoming.url ?? "").catch(() => response.destroy());
  });
  const length = incoming.headers["content-length"];
  if (length === undefined) {
    incoming.pipe(upstream);
    return;
  }
  // With its head in one piece, as the client sends it: a daemon that refuses by the head alone hangs
  // up, and what is written after that would be an error in place of its answer.
  const chunks: Buffer[] = [];
  incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
  incoming.once("end", () => upstream.end(Buffer.concat(chunks)));
}

function hijack(
  incoming: IncomingMessage,
  client: Socket,
  head: Buffer,
  fate: Fate,
  daemonSocket: string,
): Socket {
  const upstream = connect({ path: daemonSocket, allowHalfOpen: true });
  upstream.write(headLines(incoming));
  if (head.length > 0) upstream.write(head);
  const end = () => {
    client.destroy();
    upstream.destroy();
  };
  for (const socket of [client, upstream]) socket.on("error", end).once("close", end);
  client.pipe(upstream);
  if (fate.kind === "hold") {
    upstream.once("data", () => fate.reached());
  } else passBack(upstream, client, fate);
  return upstream;
}

/** The daemon's side of a connection that was handed over: late, or cut behind its head. */
function passBack(upstream: Socket, client: Socket, fate: Fate): void {
  if (fate.kind === "delay") {
    setTimeout(() => upstream.pipe(client), fate.ms);
  } else if (fate.kind === "cut") {
    let seen = Buffer.alloc(0);
    upstream.on("data", (chunk: Buffer) => {
      seen = Buffer.concat([seen, chunk]);
      const head = seen.indexOf("\r\n\r\n");
      if (head >= 0) client.end(seen.subarray(0, head + 4 + fate.bytes), () => client.destroy());
    });
  } else upstream.pipe(client);
}

/** An answer in place of the daemon's. */
function answerOf({ status, body }: Fate & { readonly kind: "answer" }): string {
  const length = `content-length: ${Buffer.byteLength(body)}`;
  return `HTTP/1.1 ${status} Not The Daemon\r\n${length}\r\nconnection: close\r\n\r\n${body}`;
}

/** Listens on `socketPath`, in front of a daemon. */
export async function apiProxy(socketPath: string, daemonSocket: string): Promise<ApiProxy> {
  const seen: string[] = [];
  const open = new Set<Socket>();
  const judge = (incoming: IncomingMessage): Fate => {
    const call = callOf(incoming);
    seen.push(`${call.method} ${call.path}`);
    return proxy.judge(call);
  };
  /** Whether the call ends here. */
  const isOver = (fate: Fate, client: Socket): boolean => {
    if (fate.kind === "hold" && fate.when === "before") fate.reached();
    else if (fate.kind === "drop") client.destroy();
    else if (fate.kind === "raw") client.end(fate.text);
    else return false;
    return true;
  };
  const server = createServer((incoming, response) => {
    const fate = judge(incoming);
    if (isOver(fate, incoming.socket)) return;
    if (fate.kind === "answer") {
      incoming.resume();
      response.writeHead(fate.status, { "content-type": "application/json" }).end(fate.body);
    } else relay(incoming, response, fate, daemonSocket);
  });
  server.on("upgrade", (incoming, client, head) => {
    const fate = judge(incoming);
    const socket = client as Socket;
    if (isOver(fate, socket)) return;
    if (fate.kind === "answer") {
      socket.end(answerOf(fate));
      return;
    }
    const upstream = hijack(incoming, socket, head, fate, daemonSocket);
    open.add(upstream);
    upstream.once("close", () => open.delete(upstream));
  });
  server.on("connection", (socket) => {
    open.add(socket);
    socket.on("error", () => undefined).once("close", () => open.delete(socket));
  });
  const up = async () => {
    server.listen(socketPath);
    await once(server, "listening");
  };
  const down = async () => {
    for (const socket of open) socket.destroy();
    if (!server.listening) return;
    server.close();
    await once(server, "close");
  };
  await up();
  const proxy: ApiProxy = {
    socketPath,
    seen,
    judge: () => pass,
    up,
    down,
    close: down,
  };
  return proxy;
}
