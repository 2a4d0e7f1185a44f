// What the two builders say, read by the classic and the BuildKit reader; and progress in general.

import { Readable } from "node:stream";
import fc from "fast-check";
import protobuf from "protobufjs/minimal.js";
import * as assert from "uvu/assert";
import { buildkitReader } from "../../../sdk/docker/build-progress.ts";
import { classicReader, LineTail } from "../../../sdk/docker/build-reader.ts";
import { decodeTrace } from "../../../sdk/docker/build-trace.ts";
import { followProgress, progressError, progressOf } from "../../../sdk/docker/image-progress.ts";
import { jsonLines } from "../../../sdk/docker/json-lines.ts";
import { suite } from "../../support/suite.ts";

const test = suite("docker: build and pull progress");

/** Recorded from dockerd 20.10: a RUN that printed "hello-from-run". */
const recorded =
  "GmoKR3NoYTI1NjpjNmNlYjQ2Njg0YjEwNTRmMzllOWNmNDRlMjZiMzI2MTJmMmU3ZTQ4ZTdjZTdkMTI0YmIyOGMwMTlkNGMxOGVjEgwI0e2F2AYQ8t/D8gIYASIPaGVsbG8tZnJvbS1ydW4K";

interface Fields {
  readonly [number: number]: string | number | boolean | Fields;
}

/** A message of the given fields, as BuildKit would write it. */
function encode(fields: Fields, writer = protobuf.Writer.create()): protobuf.Writer {
  for (const [key, value] of Object.entries(fields)) {
    const field = Number(key);
    if (typeof value === "string") writer.uint32((field << 3) | 2).string(value);
    else if (typeof value === "object") {
      encode(value, writer.uint32((field << 3) | 2).fork()).ldelim();
    } else writer.uint32(field << 3).int64(Number(value));
  }
  return writer;
}
const trace = (fields: Fields) => ({
  id: "moby.buildkit.trace",
  aux: Buffer.from(encode(fields).finish()).toString("base64"),
});
const time = { 1: 1_700_000_000, 2: 5 };

test("a trace of a real daemon is read", () => {
  const { vertexes, statuses, logs } = decodeTrace(recorded);
  assert.equal([vertexes.length, statuses.length], [0, 0]);
  assert.is(logs[0]?.text, "hello-from-run\n");
  assert.match(logs[0]?.vertex ?? "", /^sha256:[0-9a-f]{64}$/);
});

test("steps, their end, layers and unknown fields are read", () => {
  const { aux } = trace({
    1: { 1: "d", 2: "input", 3: "[1/2] RUN x", 4: true, 5: time, 6: time, 99: "new" },
    2: { 1: "extracting", 2: "d", 4: 5_000_000_000, 5: 2 ** 40, 8: time },
    77: "new",
  });
  const read = decodeTrace(aux);
  assert.equal(read.vertexes, [
    { digest: "d", name: "[1/2] RUN x", cached: true, started: true, completed: true, error: "" },
  ]);
  assert.equal(read.statuses, [
    { id: "extracting", vertex: "d", current: 5_000_000_000, total: 2 ** 40, completed: true },
  ]);
});

test("a BuildKit build shows steps and output once, and knows the step that failed", () => {
  const reader = buildkitReader();
  const shown = [
    trace({ 1: { 1: "a", 3: "[1/2] FROM x" } }),
    trace({ 1: { 1: "a", 3: "[1/2] FROM x", 5: time } }),
    trace({ 1: { 1: "a", 3: "[1/2] FROM x", 4: true, 5: time, 6: time } }),
    trace({ 1: { 1: "b", 3: "[2/2] RUN y", 5: time } }),
    trace({ 3: { 1: "b", 4: "one\ntw" } }),
    trace({ 3: { 1: "b", 4: "o\n" } }),
    trace({ 1: { 1: "b", 3: "[2/2] RUN y", 5: time, 6: time, 7: "exit code: 4" } }),
    trace({ 1: { 1: "b", 3: "[2/2] RUN y", 5: time, 6: time, 7: "exit code: 4" } }),
    trace({ 1: { 1: "c", 3: "other", 5: time, 6: time, 7: "context canceled" } }),
  ].flatMap((message) => reader.read(message).map(({ text }) => text));
  assert.equal(shown, [
    "[1/2] FROM x",
    "[1/2] FROM x: cached",
    "[2/2] RUN y",
    "one",
    "two",
    "[2/2] RUN y: failed: exit code: 4",
    "other: failed: context canceled",
  ]);
  assert.equal(reader.failure(), { step: "[2/2] RUN y", lines: ["one", "two"] });
  reader.read({ id: "moby.image.id", aux: { ID: "sha256:x" } });
  assert.is(reader.imageId, "sha256:x");
});

test("a classic build knows its image, its step and the output of that step alone", () => {
  const reader = classicReader();
  const streams = [
    "Step 1/2 : FROM x",
    "\n",
    " ---> 0123\n",
    "Step 2/2 : RUN y",
    "\n",
    " ---> Running in 4567\n",
    "\u001b[91mthe reason\n\u001b[0m",
  ];
  const shown = streams.flatMap((stream) => reader.read({ stream }).map(({ text }) => text));
  assert.is(shown[0], "Step 1/2 : FROM x");
  assert.equal(reader.failure(), { step: "Step 2/2 : RUN y", lines: ["the reason"] });
  reader.read({ aux: { ID: "sha256:x" } });
  assert.is(reader.imageId, "sha256:x");
});

test("the tail keeps the last 20 lines, without colours and what was overwritten", () => {
  const tail = new LineTail();
  for (let index = 0; index < 30; index++) tail.push(`10%\r\u001b[1m${index}\u001b[0m\n`);
  tail.push("half");
  assert.is(tail.lines.length, 20);
  assert.equal([tail.lines[0], tail.lines.at(-1)], ["11", "half"]);
});

test("progress is a line for a person, with bytes where there are any", () => {
  const detail = { current: 5, total: 9 };
  assert.equal(progressOf({ id: "ab", status: "Downloading", progressDetail: detail }), {
    id: "ab",
    text: "Downloading",
    currentBytes: 5,
    totalBytes: 9,
  });
  assert.equal(progressOf({ stream: "x\n", progressDetail: {} }), { text: "x" });
  assert.is(progressOf({ aux: {} }), undefined);
});

test("an error in a stream that began with 200 is an error, with its code where it has one", async () => {
  assert.equal(progressError({ error: "no\n" }), { message: "no", status: 500 });
  const detail = { code: 404, message: "not found" };
  assert.equal(progressError({ error: "x", errorDetail: detail }), {
    message: "not found",
    status: 404,
  });
  const lines = Readable.from([Buffer.from('{"status":"a"}\n{"error":"denied"}\n')]);
  const what = { doing: "pull", where: "unix:///d" };
  try {
    await followProgress(jsonLines(lines), what, () => undefined);
    assert.unreachable("it passed");
  } catch (error) {
    assert.is((error as Error).message, "cannot pull on unix:///d: denied");
  }
});

test("JSON lines are the same however their bytes are cut", async () => {
  const value = fc.dictionary(fc.string(), fc.string(), { maxKeys: 3, noNullPrototype: true });
  await fc.assert(
    fc.asyncProperty(
      fc.array(value, { maxLength: 5 }),
      fc.integer({ min: 1, max: 9 }),
      async (values, cut) => {
        const bytes = Buffer.from(values.map((one) => `${JSON.stringify(one)}\n`).join(""));
        const pieces: Buffer[] = [];
        for (let at = 0; at < bytes.length; at += cut) pieces.push(bytes.subarray(at, at + cut));
        const read: unknown[] = [];
        for await (const one of jsonLines(Readable.from(pieces))) read.push(one);
        assert.equal(read, values);
      },
    ),
    { numRuns: 300 },
  );
});

test("a line that is not JSON is refused and shown", async () => {
  try {
    for await (const _ of jsonLines(Readable.from([Buffer.from("{}\n<html>\n")])));
    assert.unreachable("it passed");
  } catch (error) {
    assert.match((error as Error).message, /not JSON: "<html>"/);
  }
});
test.run();
