// Our gRPC against the library's, each way: the library's client calls our server, and our client the
// library's server. Then what a peer may send that is wrong, byte by byte.
import { once } from "node:events";
import { connect, type OutgoingHttpHeaders } from "node:http2";
import { createServer, type Socket } from "node:net";
import grpc from "@grpc/grpc-js";
import fc from "fast-check";
import * as assert from "uvu/assert";
import {
  type Answer,
  type Answers,
  GrpcClient,
  GrpcCode,
  GrpcFailure,
  serveGrpc,
} from "../../sdk/grpc.ts";
import { cases } from "../support/cases.ts";
import { suite } from "../support/suite.ts";

const test = suite("grpc", { timeoutMs: 120_000 });

const limitBytes = 3 * 1024 * 1024;
const path = (name: string): string => `/test.Service/${name}`;
const detail = Buffer.from([1, 2, 3, 250]);
/** The calls of `Wait` that have not been answered. */
const waiting: (() => void)[] = [];
const answers: Answers = new Map<string, Answer>([
  [path("Echo"), (request: Buffer) => request],
  [path("Later"), (request: Buffer) => Promise.resolve(Buffer.concat([request, request]))],
  [
    path("Refuse"),
    (request: Buffer) => {
      throw new GrpcFailure(GrpcCode.FailedPrecondition, request.toString(), detail);
    },
  ],
  [
    path("Break"),
    () => {
      throw new Error("broken");
    },
  ],
  [
    path("Wait"),
    () =>
      new Promise<Buffer>((resolve) => {
        waiting.push(() => resolve(Buffer.alloc(0)));
      }),
  ],
]);
const server = serveGrpc(answers, limitBytes);
let port = 0;
let client: grpc.Client;

test.before(async () => {
  port = await server.listen();
  const most = { "grpc.max_receive_message_length": -1 };
  client = new grpc.Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), most);
});
test.after(() => {
  client.close();
  server.close();
});

const same = (bytes: Buffer): Buffer => bytes;

/** A call by the library's client. */
function called(name: string, request: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(path(name), same, same, request, (error, answer) =>
      error ? reject(error) : resolve(answer ?? Buffer.alloc(0)),
    );
  });
}

/** The error of a call that must fail. */
async function errorOf<E = grpc.ServiceError>(call: Promise<unknown>): Promise<E> {
  return await call.then(
    () => {
      throw new Error("the call did not fail");
    },
    (error: unknown) => error as E,
  );
}

test("any message comes through, and so does its answer", async () => {
  const bytes = fc.uint8Array({ maxLength: 70_000 }).map((array) => Buffer.from(array));
  const property = fc.asyncProperty(bytes, async (message) => {
    assert.equal(await called("Echo", message), message);
    assert.is((await called("Later", message)).length, 2 * message.length);
  });
  await fc.assert(property, cases(200));
});

test("a message as large as the limit is taken, a larger one is refused, and the next is taken", async () => {
  const most = Buffer.alloc(limitBytes, 7);
  assert.equal(await called("Echo", most), most);
  const { code, details } = await errorOf(called("Echo", Buffer.alloc(limitBytes + 1)));
  assert.is(code, grpc.status.RESOURCE_EXHAUSTED);
  assert.match(details, `larger than ${limitBytes} bytes`);
  assert.equal(await called("Echo", detail), detail);
});

test("an error's words and its detail come through, whatever they are", async () => {
  const property = fc.asyncProperty(
    fc.string({ unit: "binary", maxLength: 300 }),
    async (words) => {
      const { code, details, metadata } = await errorOf(called("Refuse", Buffer.from(words)));
      assert.is(code, grpc.status.FAILED_PRECONDITION);
      assert.is(details, Buffer.from(words).toString());
      assert.equal(metadata.get("grpc-status-details-bin"), [detail]);
    },
  );
  await fc.assert(property, cases(200));
});

test("an error of 60,000 characters comes through", async () => {
  // With spaces at its ends, which a header may not have.
  const words = " no such thing; ".repeat(3_750);
  const { details } = await errorOf(called("Refuse", Buffer.from(words)));
  assert.ok(details === words, `${details.length} characters: ${details.slice(0, 100)}`);
});

test("any other error is UNKNOWN, and a method that is not there UNIMPLEMENTED", async () => {
  const broken = await errorOf(called("Break", detail));
  assert.is(broken.code, grpc.status.UNKNOWN);
  assert.match(broken.details, "broken");
  const missing = await errorOf(called("Nothing", detail));
  assert.is(missing.code, grpc.status.UNIMPLEMENTED);
  assert.match(missing.details, path("Nothing"));
});

test("200 calls at once are each answered with their own", async () => {
  const asked = Array.from({ length: 200 }, (_, at) => Buffer.from(`call ${at}`));
  assert.equal(await Promise.all(asked.map((message) => called("Echo", message))), asked);
});

test("a caller that leaves is answered nothing, and the server goes on", async () => {
  const call = client.makeUnaryRequest(path("Wait"), same, same, detail, () => undefined);
  while (waiting.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  call.cancel();
  await new Promise((resolve) => setTimeout(resolve, 50));
  waiting.pop()?.();
  assert.equal(await called("Echo", detail), detail);
});

/** What the server answers to these bytes: the status of HTTP, and gRPC's. */
async function sent(bytes: Buffer, more: OutgoingHttpHeaders = {}) {
  const session = connect(`http://127.0.0.1:${port}`);
  try {
    const headers = {
      ":path": path("Echo"),
      ":method": "POST",
      "content-type": "application/grpc",
    };
    const stream = session.request({ ...headers, ...more });
    stream.resume();
    stream.end(bytes);
    const [answer] = (await once(stream, "response")) as [Record<string, unknown>];
    return [answer[":status"], answer["grpc-status"]];
  } finally {
    session.destroy();
  }
}

const wrong: readonly [string, Buffer, string][] = [
  ["nothing at all", Buffer.alloc(0), "13"],
  ["half a prefix", Buffer.from([0, 0, 0]), "13"],
  ["less than it says", Buffer.from([0, 0, 0, 0, 9, 1]), "13"],
  ["more than it says", Buffer.from([0, 0, 0, 0, 1, 1, 1]), "13"],
  ["a compressed message", Buffer.from([1, 0, 0, 0, 1, 1]), "12"],
];
for (const [name, bytes, status] of wrong) {
  test(`a request of ${name} ends with status ${status}`, async () => {
    assert.equal(await sent(bytes), [200, status]);
  });
}

test("what is not gRPC is refused as HTTP does", async () => {
  assert.equal(await sent(Buffer.alloc(5), { "content-type": "text/html" }), [415, undefined]);
});

/** A server of the library's, for our client. */
async function withLibrary(run: (own: GrpcClient, library: grpc.Server) => Promise<void>) {
  const library = new grpc.Server();
  const method = {
    requestStream: false,
    responseStream: false,
    requestSerialize: same,
    requestDeserialize: same,
    responseSerialize: same,
    responseDeserialize: same,
  } as const;
  library.addService(
    { echo: { ...method, path: path("Echo") }, refuse: { ...method, path: path("Refuse") } },
    {
      echo: (call: { request: Buffer }, reply: (error: null, bytes: Buffer) => void) =>
        reply(null, call.request),
      refuse: (call: { request: Buffer }, reply: (error: object) => void) =>
        reply({ code: grpc.status.NOT_FOUND, details: call.request.toString() }),
    } as unknown as grpc.UntypedServiceImplementation,
  );
  const bound = await new Promise<number>((resolve, reject) => {
    library.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, at) =>
      error ? reject(error) : resolve(at),
    );
  });
  const own = new GrpcClient(`127.0.0.1:${bound}`);
  try {
    await run(own, library);
  } finally {
    own.close();
    library.forceShutdown();
  }
}

test("our client: answers and errors of the library's server", () =>
  withLibrary(async (own) => {
    const large = Buffer.alloc(1_000_000, 3);
    assert.equal(await own.call(path("Echo"), large), large);
    assert.equal(await own.call(path("Echo"), Buffer.alloc(0)), Buffer.alloc(0));
    const refused = await errorOf<GrpcFailure>(own.call(path("Refuse"), Buffer.from("né 100%")));
    assert.equal([refused.code, refused.message], [GrpcCode.NotFound, "né 100%"]);
    const missing = await errorOf<GrpcFailure>(own.call(path("Nothing"), large));
    assert.is(missing.code, GrpcCode.Unimplemented);
  }));

test("our client: a server that leaves, and one that is not there, are UNAVAILABLE", () =>
  withLibrary(async (own, library) => {
    assert.equal(await own.call(path("Echo"), detail), detail);
    library.forceShutdown();
    for (let at = 0; at < 2; at++) {
      const { code } = await errorOf<GrpcFailure>(own.call(path("Echo"), detail));
      assert.is(code, GrpcCode.Unavailable);
    }
  }));

test("our client: a server that is no gRPC server is an error, not a wait without end", async () => {
  const sockets = new Set<Socket>();
  const other = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.end("HTTP/1.1 400 Bad Request\r\n\r\n");
  });
  other.listen(0, "127.0.0.1");
  await once(other, "listening");
  const own = new GrpcClient(`127.0.0.1:${(other.address() as { port: number }).port}`);
  const { code } = await errorOf<GrpcFailure>(own.call(path("Echo"), detail));
  assert.is(code, GrpcCode.Unavailable);
  own.close();
  for (const socket of sockets) socket.destroy();
  other.close();
});

test("a connection that was made otherwise is served, and closed with the server", async () => {
  const taking = serveGrpc(answers);
  const front = createServer((socket) => taking.take(socket));
  front.listen(0, "127.0.0.1");
  await once(front, "listening");
  const session = connect(`http://127.0.0.1:${(front.address() as { port: number }).port}`);
  const own = session.request({
    ":path": path("Echo"),
    ":method": "POST",
    "content-type": "application/grpc",
  });
  own.resume();
  own.end(Buffer.from([0, 0, 0, 0, 1, 65]));
  const [trailers] = (await once(own, "trailers")) as [Record<string, unknown>];
  assert.is(trailers["grpc-status"], "0");
  taking.close();
  await once(session, "close");
  assert.is(session.destroyed, true);
  front.close();
});

test.run();
