import fc from "fast-check";
import * as assert from "uvu/assert";
import { joinLog, LogDemuxer, readLog } from "../../../sdk/docker/logs.ts";
import type { LogChunk } from "../../../sdk/docker/types.ts";
import { suite } from "../../support/suite.ts";

const test = suite("docker: output streams");

function frame(kind: number, data: string | Buffer): Buffer {
  const bytes = Buffer.from(data);
  const header = Buffer.alloc(8);
  header[0] = kind;
  header.writeUInt32BE(bytes.length, 4);
  return Buffer.concat([header, bytes]);
}

/** Adjacent pieces of one stream joined: how the bytes were cut does not count. */
function merged(chunks: readonly LogChunk[]): readonly (readonly [string, string])[] {
  const out: [string, string][] = [];
  for (const { stream, data } of chunks) {
    if (data.length === 0) continue;
    const last = out.at(-1);
    if (last?.[0] === stream) last[1] += data.toString("latin1");
    else out.push([stream, data.toString("latin1")]);
  }
  return out;
}

test("frames are split by stream and kept in order", () => {
  const bytes = Buffer.concat([frame(1, "a"), frame(2, "b"), frame(1, ""), frame(0, "c")]);
  const demuxer = new LogDemuxer();
  assert.equal(merged(demuxer.push(bytes)), [
    ["stdout", "a"],
    ["stderr", "b"],
    ["stdout", "c"],
  ]);
  assert.is(demuxer.cut, false);
});

test("however the bytes are cut, the same comes out", () => {
  const frames = fc.array(fc.tuple(fc.constantFrom(1, 2), fc.uint8Array({ maxLength: 40 })), {
    maxLength: 8,
  });
  fc.assert(
    fc.property(frames, fc.array(fc.integer({ min: 1, max: 20 })), (made, cuts) => {
      const bytes = Buffer.concat(made.map(([kind, data]) => frame(kind, Buffer.from(data))));
      const whole = merged(new LogDemuxer().push(bytes));
      const demuxer = new LogDemuxer();
      const pieces: LogChunk[] = [];
      let from = 0;
      for (const cut of cuts) {
        pieces.push(...demuxer.push(bytes.subarray(from, from + cut)));
        from += cut;
      }
      pieces.push(...demuxer.push(bytes.subarray(from)));
      assert.equal(merged(pieces), whole);
      assert.is(demuxer.cut, false);
    }),
    { numRuns: 2000 },
  );
});

for (const [where, length] of [
  ["header", 4],
  ["data", 10],
] as const) {
  test(`a stream that ends in a ${where} is known to be cut`, () => {
    const demuxer = new LogDemuxer();
    demuxer.push(frame(1, "hello").subarray(0, length));
    assert.is(demuxer.cut, true);
  });
}

for (const [name, bytes] of [
  ["an unknown stream", Buffer.from([9, 0, 0, 0, 0, 0, 0, 1, 65])],
  ["raw text", Buffer.from("hello world")],
  ["an absurd length", Buffer.from([1, 0, 0, 0, 255, 255, 255, 255])],
] as const) {
  test(`${name} is refused`, () => {
    assert.throws(() => new LogDemuxer().push(bytes), /output stream/);
  });
}

async function* stream(...pieces: Buffer[]): AsyncGenerator<Buffer> {
  yield* pieces;
}

test("the daemon's own error in a stream counts as standard error", () => {
  assert.equal(merged(new LogDemuxer().push(frame(3, "lost"))), [["stderr", "lost"]]);
});

const call = { doing: "read the log", where: "unix:///x" };

test("a stream that breaks, or is none, is told as the failure of its call", async () => {
  async function* broken() {
    yield frame(1, "a");
    await Promise.resolve();
    throw new Error("aborted");
  }
  const read = (pieces: AsyncIterable<unknown>) =>
    joinLog(readLog(pieces, false, call)).catch((error: unknown) => (error as Error).message);
  assert.match(await read(broken()), "cannot read the log: the connection to unix:///x was cut");
  const none = stream(Buffer.from("{ nonsense"));
  assert.match(await read(none), "cannot read the log: the daemon's output stream has the header");
});

test("a terminal's stream is passed as it is, characters across pieces included", async () => {
  const euro = Buffer.from("€");
  const pieces = stream(euro.subarray(0, 1), euro.subarray(1));
  assert.is(await joinLog(readLog(pieces, true, call)), "€");
  const framed = stream(frame(1, euro.subarray(0, 2)), frame(1, euro.subarray(2)));
  assert.is(await joinLog(readLog(framed, false, call)), "€");
});
test.run();
