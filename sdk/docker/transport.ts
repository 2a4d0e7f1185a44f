// The one way to the daemon: versioned paths, JSON in and out, streams, hijacked connections.
// A call is repeated only when that is safe: when it is repeatable and its connection broke before any
// answer, or when no connection was made at all; with pauses, while a daemon that has answered before
// is away. Other POSTs get a connection of their own, so that a stale one cannot leave open whether
// they were carried out.
// Specification: Docker Engine API 1.45, "Versioning"; RFC 9110 9.2.2 (idempotent methods).
import {
  type Agent,
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
} from "node:http";
import type { Duplex, Readable } from "node:stream";
import { ErrorCode, SdkError } from "../errors.ts";
import { apiError } from "./api-error.ts";
import { type Answer, type ApiCall, encodeQuery, Guard, isRepeatable } from "./call.ts";
import { dialEndpoint, EndpointAgent } from "./connector.ts";
import { CutAnswer, cutBy, tellingCuts } from "./cut-answer.ts";
import { describeEndpoint } from "./endpoint.ts";
import { BodyFailure, headersOf, writeBody } from "./outgoing.ts";
import { defaultReconnectMs, Patience, type PatienceOptions } from "./patience.ts";
import type { DockerEndpoint } from "./types.ts";
import { UnreachableError, unreachable } from "./unreachable.ts";

/** The newest API that the types describe. */
export const maxApiVersion = "1.45";

/** How often a call is tried that can be repeated. */
const tries = 3;

/** Longest error body that is read. */
const errorBodyBytes = 64 * 1024;

export interface Hijacked {
  readonly socket: Duplex;
  /** Bytes of the stream that came with the head. */
  readonly head: Buffer;
}

/**
 * Whether a call that failed may be sent again: at once over another connection; after a pause,
 * because a new connection broke; after a pause, because none was made; or not.
 */
type Repeat = "now" | "broken" | "away" | "no";

/** No connection was made, as while a daemon restarts. */
const awayCodes: ReadonlySet<string | undefined> = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOENT",
  "EPIPE",
]);

/** How a client waits. */
export interface TransportOptions extends PatienceOptions {
  /** How long making a connection may take. @defaultValue 20 s */
  readonly connectTimeoutMs?: number;
  /** How long the beginning of a stream that may last for ever is waited for. @defaultValue 60 s */
  readonly headTimeoutMs?: number;
}

/** What became of one try. */
type Tried =
  | { readonly kind: "answer"; readonly response: IncomingMessage }
  | { readonly kind: "hijacked"; readonly hijacked: Hijacked }
  | { readonly kind: "failed"; readonly error: unknown; readonly repeat: Repeat };

export function lowerApiVersion(first: string, second: string): string {
  const [a = 0, b = 0] = first.split(".").map(Number);
  const [c = 0, d = 0] = second.split(".").map(Number);
  return a < c || (a === c && b < d) ? first : second;
}

export class Transport {
  readonly endpoint: DockerEndpoint;
  readonly where: string;
  readonly #agent: Agent;
  readonly #options: TransportOptions;
  readonly #open = new Set<Duplex>();
  #closed = false;
  /** Whether the daemon has ever answered. */
  #answered = false;
  #apiVersion: Promise<string> | undefined;

  constructor(endpoint: DockerEndpoint, options: TransportOptions = {}) {
    this.endpoint = endpoint;
    this.#options = options;
    this.where = describeEndpoint(endpoint);
    this.#agent = new EndpointAgent(endpoint, options.connectTimeoutMs);
  }

  close(): void {
    this.#closed = true;
    this.#agent.destroy();
    for (const socket of this.#open) socket.destroy();
  }

  /** The API version spoken: the lower of the daemon's and ours, asked once. */
  apiVersion(): Promise<string> {
    this.#apiVersion ??= this.#negotiate().catch((error: unknown) => {
      this.#apiVersion = undefined;
      throw error;
    });
    return this.#apiVersion;
  }

  // A ping costs the daemon nothing; GET /version makes it run several programs.
  async #negotiate(): Promise<string> {
    const doing = "agree on an API version";
    const call: ApiCall = { doing, method: "HEAD", path: "/_ping", unversioned: true };
    const theirs = (await this.headers(call))["api-version"];
    if (typeof theirs !== "string" || !/^\d+\.\d+$/.test(theirs)) {
      throw new SdkError(
        ErrorCode.Refused,
        `cannot ${doing}: what answers at ${this.where} is no Docker daemon`,
        { fix: "check the address: it must be the Docker Engine's own socket or port" },
      );
    }
    return lowerApiVersion(theirs, maxApiVersion);
  }

  /** Sends a call and gives its answer once the head is there; errors are read and thrown. */
  async send(call: ApiCall): Promise<Answer> {
    const prefix = call.unversioned ? "" : `/v${await this.#versionFor(call)}`;
    const guard = new Guard(call, this.where, this.#options.headTimeoutMs);
    try {
      const tried = await this.#tryAll(call, `${prefix}${call.path}`, guard, false);
      if (tried.kind !== "answer") throw new Error("an ordinary call was hijacked");
      return await this.#judge(call, tried.response, guard);
    } catch (error) {
      guard.release();
      throw guard.ended ?? error;
    }
  }

  /** Sends a call and gives its answer's bytes as they come. */
  async stream(call: ApiCall): Promise<Readable> {
    const { body } = await this.send(call);
    return tellingCuts(body, call.doing, this.where);
  }

  /** Takes the connection over, as exec does: a raw stream both ways (`Upgrade: tcp`). */
  async hijack(call: ApiCall): Promise<Hijacked> {
    const path = `/v${await this.#versionFor(call)}${call.path}`;
    const guard = new Guard(call, this.where, this.#options.headTimeoutMs);
    try {
      const tried = await this.#tryAll(call, path, guard, true);
      if (tried.kind === "hijacked") {
        const { socket } = tried.hijacked;
        guard.onEnd((error) => socket.destroy(error));
        this.#open.add(socket);
        socket.once("close", () => {
          this.#open.delete(socket);
          guard.release();
        });
        return tried.hijacked;
      }
      const answer = await this.#judge(
        call,
        (tried as { response: IncomingMessage }).response,
        guard,
      );
      answer.body.destroy();
      throw new SdkError(
        ErrorCode.Refused,
        `cannot ${call.doing} on ${this.where}: the connection was not handed over (HTTP ${answer.status})`,
        { fix: "check that nothing between here and the daemon strips the Upgrade header" },
      );
    } catch (error) {
      guard.release();
      throw guard.ended ?? error;
    }
  }

  /** The whole answer. A GET that is cut in the middle of it gets one new try. */
  async text(call: ApiCall): Promise<{ readonly status: number; readonly text: string }> {
    for (let left = call.method === "GET" ? 1 : 0; ; left--) {
      const answer = await this.send(call);
      try {
        const text = (await this.#drain(call, answer.body)).toString("utf8");
        return { status: answer.status, text };
      } catch (error) {
        if (!(error instanceof CutAnswer) || left <= 0) throw error;
      }
    }
  }

  /** The head of an answer whose body says nothing; the connection is free again afterwards. */
  async headers(call: ApiCall): Promise<IncomingHttpHeaders> {
    const answer = await this.send(call);
    await this.#drain(call, answer.body);
    return answer.headers;
  }

  /** The call's JSON answer, or undefined for a status in `accept`. */
  async json<T>(call: ApiCall): Promise<T | undefined> {
    const { status, text } = await this.text(call);
    if (call.accept?.includes(status)) return undefined;
    try {
      return JSON.parse(text) as T;
    } catch (cause) {
      throw new SdkError(
        ErrorCode.Refused,
        `cannot ${call.doing}: ${this.where} answered something that is not JSON: ` +
          JSON.stringify(text.slice(0, 120)),
        { fix: "check that the address is the Docker Engine's own socket or port", cause },
      );
    }
  }

  /** As `json`, where no answer is an error. */
  async jsonOf<T>(call: ApiCall): Promise<T> {
    const value = await this.json<T>(call);
    if (value === undefined) throw new Error(`no answer to ${call.doing}`);
    return value;
  }

  /** Sends a call of which only the status counts. */
  async done(call: ApiCall): Promise<number> {
    return (await this.text(call)).status;
  }

  // The negotiation belongs to the call: it must not outlive its time limit or signal.
  async #versionFor(call: ApiCall): Promise<string> {
    const guard = new Guard(call, this.where);
    try {
      return await Promise.race([
        this.apiVersion(),
        new Promise<never>((_, reject) => guard.onEnd(reject)),
      ]);
    } catch (error) {
      throw relabel(error, call.doing);
    } finally {
      guard.release();
    }
  }

  async #drain(call: ApiCall, body: IncomingMessage): Promise<Buffer> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of body) chunks.push(chunk as Buffer);
    } catch (cause) {
      throw cutBy(call.doing, this.where, cause);
    }
    return Buffer.concat(chunks);
  }

  async #tryAll(
    call: ApiCall,
    path: string,
    guard: Guard,
    hijack: boolean,
  ): Promise<Exclude<Tried, { kind: "failed" }>> {
    const patience = new Patience(this.#patienceMs());
    for (let left = tries - 1; ; left--) {
      this.#refuseIfClosed(call);
      const tried = await this.#tryOnce(call, path, guard, hijack);
      if (tried.kind !== "failed") {
        this.#answered = true;
        guard.begun();
        return tried;
      }
      if (tried.error instanceof BodyFailure && !guard.ended) throw tried.error.reason;
      const { repeat } = tried;
      // A daemon that is away may be so for long; one that breaks connections is not restarting.
      const wanted = repeat === "away" || (repeat !== "no" && left > 0);
      if (wanted && (repeat === "now" || (await patience.pause(guard)))) continue;
      if (guard.ended) throw guard.ended;
      this.#refuseIfClosed(call);
      throw unreachable(call.doing, this.endpoint, tried.error);
    }
  }

  #patienceMs(): number {
    const { reconnectMs = defaultReconnectMs, firstContactMs = 0 } = this.#options;
    return this.#answered ? reconnectMs : firstContactMs;
  }

  #refuseIfClosed(call: ApiCall): void {
    if (!this.#closed) return;
    const message = `cannot ${call.doing} on ${this.where}: the client was closed`;
    throw new SdkError(ErrorCode.Cancelled, message);
  }

  #tryOnce(call: ApiCall, path: string, guard: Guard, hijack: boolean): Promise<Tried> {
    return new Promise((resolve) => {
      let dialled = false;
      const own = hijack || !isRepeatable(call);
      const outgoing = request({
        method: call.method,
        path: path + encodeQuery(call.query),
        headers: headersOf(call, hijack),
        ...(own
          ? {
              createConnection: (_options: unknown, done: unknown) => {
                dialEndpoint(this.endpoint, (error, socket) => {
                  if (socket) this.#track(socket);
                  (done as (error: Error | null, socket?: Duplex) => void)(error, socket);
                });
                return undefined;
              },
            }
          : { agent: this.#agent }),
      });
      const fail = (error: Error) => {
        outgoing.destroy(error);
        // Destroying a request that has no socket yet need not say anything.
        resolve({ kind: "failed", error, repeat: "no" });
      };
      guard.onEnd(fail);
      outgoing.once("socket", () => {
        dialled = true;
      });
      outgoing.on("error", (error) =>
        resolve({ kind: "failed", error, repeat: mayRepeat(call, outgoing, error, dialled) }),
      );
      outgoing.once("response", (response) => resolve({ kind: "answer", response }));
      if (hijack) {
        outgoing.once("upgrade", (_response, socket, head) =>
          resolve({ kind: "hijacked", hijacked: { socket, head } }),
        );
      }
      writeBody(outgoing, call, fail);
    });
  }

  #track(socket: Duplex): void {
    this.#open.add(socket);
    socket.once("close", () => this.#open.delete(socket));
  }

  async #judge(call: ApiCall, response: IncomingMessage, guard: Guard): Promise<Answer> {
    const status = response.statusCode ?? 0;
    guard.onEnd((error) => response.destroy(error));
    response.once("close", () => guard.release());
    if (status < 300 || call.accept?.includes(status)) {
      return { status, headers: response.headers, body: response };
    }
    throw apiError(call.doing, this.endpoint, { status, body: await readSome(response) });
  }
}

/** Safe to send again: either it never left, or it is repeatable and its connection broke. */
function mayRepeat(call: ApiCall, outgoing: ClientRequest, error: Error, dialled: boolean): Repeat {
  const { code } = error as NodeJS.ErrnoException;
  // A stream may have been read from already.
  if (call.body && !Buffer.isBuffer(call.body)) return "no";
  if (!dialled) return code === "EAGAIN" ? "now" : awayCodes.has(code) ? "away" : "no";
  const broke = code === "ECONNRESET" || code === "EPIPE";
  if (!broke || !isRepeatable(call)) return "no";
  return outgoing.reusedSocket ? "now" : "broken";
}

function relabel(error: unknown, doing: string): unknown {
  if (!(error instanceof SdkError)) return error;
  const message = error.message.replace("agree on an API version", doing);
  if (message === error.message) return error;
  if (error instanceof UnreachableError) return error.with(message);
  return new SdkError(error.code, message, { fix: error.fix, cause: error.cause });
}

async function readSome(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response) {
      chunks.push(chunk as Buffer);
      bytes += (chunk as Buffer).length;
      if (bytes > errorBodyBytes) break;
    }
  } catch {
    // The status alone says that it failed; half a message is better than another error.
  }
  return Buffer.concat(chunks).toString("utf8");
}
