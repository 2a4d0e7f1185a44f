// gRPC of one request and one answer a call, over Node's own HTTP/2: all that Pulumi's provider protocol
// and BuildKit's session are made of. A library for the whole of gRPC is most of what a plugin loads when
// it starts, and most of the time of a short call. Messages are bytes here; protobuf.ts reads them.
// Specification: grpc/grpc, doc/PROTOCOL-HTTP2.md. Not here: streams of messages, compression, deadlines
// (a caller that gave up is answered nothing).
import {
  type ClientHttp2Session,
  connect,
  createServer,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type ServerHttp2Stream,
} from "node:http2";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";

/** How a call ended. Specification: grpc/grpc, doc/statuscodes.md. */
export const GrpcCode = {
  Ok: 0,
  Cancelled: 1,
  Unknown: 2,
  NotFound: 5,
  ResourceExhausted: 8,
  FailedPrecondition: 9,
  Unimplemented: 12,
  Internal: 13,
  Unavailable: 14,
} as const;

/** A call that did not end well. */
export class GrpcFailure extends Error {
  readonly code: number;
  /** A google.rpc.Status that says more. */
  readonly detail: Uint8Array | undefined;

  constructor(code: number, message: string, detail?: Uint8Array) {
    super(message);
    this.code = code;
    this.detail = detail;
  }
}

/** What a call is answered. A {@link GrpcFailure} is told as it is, any other error as `Unknown`. */
export type Answer = (request: Buffer) => Buffer | Promise<Buffer>;
/** By the path of the call, such as `/pulumirpc.ResourceProvider/Check`. */
export type Answers = ReadonlyMap<string, Answer>;

/** The largest message that is taken, in bytes, where none is said: what gRPC's own libraries take. */
const usualLimitBytes = 4 * 1024 * 1024;
/** Before each message: whether it is compressed, and its length. */
const prefixBytes = 5;
const contentType = "application/grpc+proto";

function framed(message: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(prefixBytes + message.length);
  frame[0] = 0;
  frame.writeUInt32BE(message.length, 1);
  frame.set(message, prefixBytes);
  return frame;
}

/** The only message of a side that has sent all. */
function unframed(sent: Buffer): Buffer {
  if (sent.length < prefixBytes) throw new GrpcFailure(GrpcCode.Internal, "there is no message");
  if (sent[0] !== 0) {
    throw new GrpcFailure(GrpcCode.Unimplemented, "compressed messages are not understood");
  }
  if (sent.readUInt32BE(1) !== sent.length - prefixBytes) {
    throw new GrpcFailure(GrpcCode.Internal, "the message is not as long as it says");
  }
  return sent.subarray(prefixBytes);
}

/** All that comes until the other side has sent all, or has left. */
function allOf(stream: Duplex, limitBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    stream.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= prefixBytes + limitBytes) chunks.push(chunk);
      else {
        const words = `the message is larger than ${limitBytes} bytes`;
        reject(new GrpcFailure(GrpcCode.ResourceExhausted, words));
      }
    });
    stream.once("end", () => {
      const [first] = chunks;
      resolve(first && chunks.length === 1 ? first : Buffer.concat(chunks));
    });
    stream.once("close", () => reject(new GrpcFailure(GrpcCode.Cancelled, "the caller left")));
  });
}

/** All but printable ASCII by its bytes, what escapes them, and spaces that HTTP/2 forbids at the ends. */
const escaped = (message: string): string =>
  Buffer.from(message)
    .toString()
    .replace(/[^ -$&-~]+|^ +| +$/g, encodeURIComponent);

function unescaped(message: string): string {
  try {
    return decodeURIComponent(message);
  } catch {
    return message;
  }
}

function failureHeaders(error: unknown): OutgoingHttpHeaders {
  const failure =
    error instanceof GrpcFailure ? error : new GrpcFailure(GrpcCode.Unknown, String(error));
  const { code, message, detail } = failure;
  return {
    "grpc-status": String(code),
    "grpc-message": escaped(message),
    ...(detail && { "grpc-status-details-bin": Buffer.from(detail).toString("base64") }),
  };
}

async function serveCall(
  stream: ServerHttp2Stream,
  path: string | undefined,
  answers: Answers,
  limitBytes: number,
): Promise<void> {
  const headers = { ":status": 200, "content-type": contentType };
  const isGone = () => stream.destroyed || stream.closed;
  try {
    const answer = answers.get(path ?? "");
    if (!answer) throw new GrpcFailure(GrpcCode.Unimplemented, `there is no method ${path}`);
    const frame = framed(await answer(unframed(await allOf(stream, limitBytes))));
    if (isGone()) return;
    stream.respond(headers, { waitForTrailers: true });
    stream.once("wantTrailers", () => stream.sendTrailers({ "grpc-status": String(GrpcCode.Ok) }));
    stream.end(frame);
  } catch (error) {
    if (isGone()) return;
    stream.respond({ ...headers, ...failureHeaders(error) }, { endStream: true });
    // What is still on its way is read, and goes nowhere.
    stream.resume();
  }
}

export interface GrpcServer {
  /** Listens on a free port of the loopback; gives the port. */
  listen(): Promise<number>;
  /** Serves a connection that was made in another way. */
  take(connection: Duplex): void;
  /** Takes no more connections, and ends those that there are, calls in work included. */
  close(): void;
}

/** @param limitBytes the largest request that is taken */
export function serveGrpc(answers: Answers, limitBytes: number = usualLimitBytes): GrpcServer {
  const server = createServer({
    // Errors are told in headers, and may be long.
    maxSendHeaderBlockLength: Number.MAX_SAFE_INTEGER,
    // In MB, of all that is on its way; a connection would otherwise refuse calls at 10.
    maxSessionMemory: Number.MAX_SAFE_INTEGER,
  });
  const open = new Set<{ destroy: () => void }>();
  server.on("session", (session) => {
    open.add(session);
    session.once("close", () => open.delete(session));
  });
  // A connection that breaks ends its calls, and each is told.
  server.on("sessionError", () => undefined);
  server.on("stream", (stream, { ":path": path, "content-type": type = "" }) => {
    stream.on("error", () => undefined);
    if (type.startsWith("application/grpc")) void serveCall(stream, path, answers, limitBytes);
    else stream.respond({ ":status": 415 }, { endStream: true });
  });
  return {
    listen: () =>
      new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
      }),
    take: (connection) => void server.emit("connection", connection),
    close: () => {
      server.close();
      for (const session of open) session.destroy();
    },
  };
}

/** The outcome that headers or trailers tell; undefined where they tell none. */
function outcomeIn(headers: IncomingHttpHeaders): GrpcFailure | "ok" | undefined {
  const { "grpc-status": status, "grpc-message": message } = headers;
  if (typeof status !== "string") return undefined;
  if (Number(status) === GrpcCode.Ok) return "ok";
  return new GrpcFailure(Number(status), typeof message === "string" ? unescaped(message) : "");
}

/** Calls a server over one connection, which is made when it is first needed, and anew once it is lost. */
export class GrpcClient {
  readonly #address: string;
  #session: ClientHttp2Session | undefined;

  /** @param address `HOST:PORT`, without TLS */
  constructor(address: string) {
    this.#address = address;
  }

  /**
   * Settles with the answer.
   *
   * @throws GrpcFailure with the server's status and message; `Unavailable` where there is no server,
   * or it left
   */
  call(path: string, request: Uint8Array): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const stream = this.#open().request({
        ":method": "POST",
        ":path": path,
        "content-type": contentType,
        te: "trailers",
      });
      const lost = new GrpcFailure(GrpcCode.Unavailable, `no answer from ${this.#address}`);
      let outcome: GrpcFailure | "ok" = lost;
      const told = (headers: IncomingHttpHeaders) => {
        outcome = outcomeIn(headers) ?? outcome;
      };
      stream.on("response", told).on("trailers", told);
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => void chunks.push(chunk));
      stream.on("error", (error) => {
        lost.cause = error;
      });
      stream.once("close", () => {
        try {
          if (outcome !== "ok") throw outcome;
          resolve(unframed(Buffer.concat(chunks)));
        } catch (error) {
          reject(error as GrpcFailure);
        }
      });
      stream.end(framed(request));
    });
  }

  close(): void {
    this.#session?.destroy();
  }

  #open(): ClientHttp2Session {
    const current = this.#session;
    if (current && !current.closed && !current.destroyed) return current;
    const session = connect(`http://${this.#address}`);
    // Its calls tell it.
    session.on("error", () => undefined);
    this.#session = session;
    return session;
  }
}
