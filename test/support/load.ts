// A load on one URL, or on each of several, from a process of its own, which never retries: every request is one outcome.
// Only an HTTP/2 stream that was refused unprocessed is sent once more, as RFC 9113 8.7 has it.
// Anything but the expected status (connect error, closed reused connection, short body, time-out)
// counts as failed. Outcomes go to a file as JSON lines, each with its time; the summary is one JSON
// line on standard output when the load ends (duration over, SIGINT or SIGTERM, or stdin closed).
//
//   node test/support/load.ts --url http://127.0.0.1:8080/ [--url ...] [--rate 300 | --concurrency 8]
//     [--mode new|keepalive|h2] [--pauseMs 0] [--host shop.test] [--status 200] [--timeoutMs 10000]
//     [--version REGEXP] [--out FILE] [--durationMs N] [--method GET]
import { createWriteStream } from "node:fs";
import { Agent, request } from "node:http";
import { type ClientHttp2Session, connect as connectH2, constants } from "node:http2";
import { Agent as TlsAgent, request as tlsRequest } from "node:https";
import { connect as connectTls } from "node:tls";
import { parseArgs } from "node:util";
import { type Outcome, summarize } from "./outcomes.ts";

const { values } = parseArgs({
  options: {
    url: { type: "string", multiple: true, default: [] },
    rate: { type: "string" },
    concurrency: { type: "string", default: "8" },
    mode: { type: "string", default: "new" },
    pauseMs: { type: "string", default: "0" },
    host: { type: "string" },
    status: { type: "string", default: "200" },
    timeoutMs: { type: "string", default: "10000" },
    version: { type: "string", default: "^.*" },
    out: { type: "string" },
    durationMs: { type: "string" },
    method: { type: "string", default: "GET" },
  },
});
if (values.url.length === 0) throw new Error("write --url");

const urls = values.url.map((text) => new URL(text));
const timeoutMs = Number(values.timeoutMs);
const pauseMs = Number(values.pauseMs);
const expected = Number(values.status);
const pattern = new RegExp(values.version);
const lines = values.out === undefined ? undefined : createWriteStream(values.out);
const outcomes: Outcome[] = [];
let stopping = false;
let open = 0;

/** Whose certificate it is does not matter here; which one is shown does. */
const tlsOf = ({ hostname }: URL) => ({
  rejectUnauthorized: false,
  servername: values.host ?? hostname,
});
const isTls = ({ protocol }: URL): boolean => protocol === "https:";

/** A session that may be used: the former one, unless it ended or was asked to. */
class Http2 {
  private session: ClientHttp2Session | undefined;
  private readonly url: URL;

  constructor(url: URL) {
    this.url = url;
  }

  private open(): ClientHttp2Session {
    const { session, url } = this;
    if (session && !session.closed && !session.destroyed) return session;
    const socket = () =>
      connectTls({
        host: url.hostname,
        port: Number(url.port),
        ALPNProtocols: ["h2"],
        ...tlsOf(url),
      });
    const next = connectH2(url.origin, isTls(url) ? { createConnection: socket } : {});
    next.on("error", () => undefined);
    // Streams under way go on; a new one needs another session.
    next.on("goaway", () => {
      if (this.session === next) this.session = undefined;
      next.close();
    });
    this.session = next;
    return next;
  }

  once(at = Date.now(), again = true): Promise<Outcome> {
    return new Promise((resolve) => {
      let status = 0;
      let body = "";
      const authority = values.host ?? this.url.host;
      const stream = this.open().request({ ":path": this.url.pathname, ":authority": authority });
      const end = (ok: boolean, what: string) => {
        clearTimeout(timer);
        resolve({ at, ms: Date.now() - at, ok, what });
      };
      const timer = setTimeout(() => {
        end(false, "timeout");
        stream.close();
      }, timeoutMs);
      stream.on("response", (headers) => {
        status = Number(headers[":status"]);
      });
      stream.on("data", (chunk: Buffer) => {
        body += chunk.toString();
      });
      stream.on("error", (error: NodeJS.ErrnoException) => {
        const refused = stream.rstCode === constants.NGHTTP2_REFUSED_STREAM && again;
        if (!refused) return end(false, `${error.code ?? error.message} ${stream.rstCode}`);
        this.session = undefined;
        clearTimeout(timer);
        resolve(this.once(at, false));
      });
      stream.on("close", () => end(false, `h2 code ${stream.rstCode}`));
      stream.on("end", () => {
        if (status !== expected) end(false, `status ${status}`);
        else end(true, pattern.exec(body)?.[0] ?? "");
      });
    });
  }

  close(): void {
    this.session?.close();
  }
}

/** One request on a connection of its own, or on the agent's one. Never rejects. */
function once(url: URL, agent: Agent | false): Promise<Outcome> {
  const at = Date.now();
  return new Promise((resolve) => {
    const end = (ok: boolean, what: string) => {
      clearTimeout(timer);
      resolve({ at, ms: Date.now() - at, ok, what });
    };
    const sent = (isTls(url) ? tlsRequest : request)(url, {
      ...(isTls(url) ? tlsOf(url) : {}),
      agent,
      method: values.method,
      headers: values.host === undefined ? {} : { host: values.host },
    });
    const timer = setTimeout(() => sent.destroy(new Error("timeout")), timeoutMs);
    sent.on("error", (error: NodeJS.ErrnoException) => end(false, error.code ?? error.message));
    sent.on("response", (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("error", (error: NodeJS.ErrnoException) => end(false, error.code ?? "cut"));
      answer.on("end", () => {
        const body = Buffer.concat(chunks).toString();
        if (answer.statusCode !== expected) end(false, `status ${answer.statusCode}`);
        else if (answer.complete) end(true, pattern.exec(body)?.[0] ?? "");
        else end(false, "short body");
      });
    });
    sent.end();
  });
}

async function record(url: URL, agent: Agent | Http2 | false): Promise<void> {
  open += 1;
  const outcome = await (agent instanceof Http2 ? agent.once() : once(url, agent));
  open -= 1;
  outcomes.push(outcome);
  lines?.write(`${JSON.stringify(outcome)}\n`);
}

function agentOf(url: URL, options: { readonly maxSockets?: number }): Agent | Http2 | false {
  if (values.mode === "h2") return new Http2(url);
  if (values.mode !== "keepalive") return false;
  return new (isTls(url) ? TlsAgent : Agent)({ keepAlive: true, ...options });
}

const closeAgent = (agent: Agent | Http2 | false): void => {
  if (agent instanceof Http2) agent.close();
  else if (agent !== false) agent.destroy();
};

async function worker(url: URL): Promise<void> {
  const agent = agentOf(url, { maxSockets: 1 });
  while (!stopping) {
    await record(url, agent);
    if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  closeAgent(agent);
}

/** Starts requests by the clock, however slowly they are answered; at most 2000 at once. */
async function byRate(url: URL, perSecond: number): Promise<void> {
  const agent = agentOf(url, {});
  const start = performance.now();
  const pending = new Set<Promise<void>>();
  for (let sent = 0; !stopping; sent += 1) {
    const wait = start + (sent * 1000) / perSecond - performance.now();
    if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait));
    if (open >= 2000) await Promise.race(pending);
    const one = record(url, agent).finally(() => pending.delete(one));
    pending.add(one);
  }
  await Promise.all(pending);
  closeAgent(agent);
}

const stop = () => {
  stopping = true;
};
process.on("SIGINT", stop);
process.on("SIGTERM", stop);
process.stdin.on("end", stop).on("error", stop).resume();
if (values.durationMs !== undefined) setTimeout(stop, Number(values.durationMs)).unref();

process.stderr.write("load started\n");
if (values.rate === undefined) {
  const clients = Array.from({ length: Number(values.concurrency) });
  await Promise.all(urls.flatMap((url) => clients.map(() => worker(url))));
} else {
  const perSecond = Number(values.rate);
  await Promise.all(urls.map((url) => byRate(url, perSecond)));
}
process.stdout.write(`${JSON.stringify(summarize(outcomes))}\n`);
process.stdin.pause();
await new Promise<void>((resolve) => (lines ? lines.end(resolve) : resolve()));
process.exit(0);
