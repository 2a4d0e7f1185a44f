// Streams cut anywhere: the mark is found, lines are whole, memory is bounded; the gate counts.
import fc from "fast-check";
import * as assert from "uvu/assert";
import { createGate } from "../../../sdk/ssh/gate.ts";
import { findMark } from "../../../sdk/ssh/marks.ts";
import { createCollector, createLines } from "../../../sdk/ssh/output.ts";
import { suite } from "../../support/suite.ts";

const test = suite("ssh/streams");

/** The bytes of a text in pieces, cut by these lengths in turn. */
function pieces(text: string, lengths: readonly number[]): readonly Buffer[] {
  const bytes = Buffer.from(text);
  const found: Buffer[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const length = lengths[turn % lengths.length] ?? 1;
    found.push(bytes.subarray(at, at + length));
    at += length;
  }
  return found;
}
const cuts = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 6 });
/** Texts that often look like the beginning of the mark. */
const near = fc.stringMatching(/^[abc\n]{0,30}$/);
const unicode = fc.string({ unit: "grapheme", maxLength: 30 });

test("what is before the mark is passed on, what is after it given, however it is cut", () => {
  const mark = "abcab";
  fc.assert(
    fc.property(near, unicode, cuts, (before, after, lengths) => {
      const whole = `${before}${mark}${after}`;
      let passed = Buffer.alloc(0);
      const finder = findMark(mark, (chunk) => {
        passed = Buffer.concat([passed, chunk]);
      });
      let rest: Buffer | undefined;
      for (const piece of pieces(whole, lengths)) {
        if (rest) rest = Buffer.concat([rest, piece]);
        else rest = finder.push(piece);
      }
      const at = whole.indexOf(mark);
      assert.is(passed.toString(), whole.slice(0, at));
      assert.is(rest?.toString(), whole.slice(at + mark.length));
    }),
  );
});

test("without the mark nothing is held back but what may be its beginning", () => {
  fc.assert(
    fc.property(near, cuts, (text, lengths) => {
      let passed = 0;
      const finder = findMark("abcabX", (chunk) => {
        passed += chunk.length;
      });
      for (const piece of pieces(text, lengths)) assert.is(finder.push(piece), undefined);
      assert.ok(text.length - passed < 6);
    }),
  );
});

test("lines are whole, whatever cuts them and their characters", () => {
  fc.assert(
    fc.property(fc.array(unicode, { maxLength: 6 }), cuts, (texts, lengths) => {
      const lines = texts.map((text) => text.replaceAll("\n", ""));
      const told: string[] = [];
      const cutter = createLines((line) => told.push(line));
      for (const piece of pieces(lines.map((line) => `${line}\n`).join(""), lengths)) {
        cutter.write(piece);
      }
      cutter.end();
      assert.equal(told, lines);
    }),
  );
});

test("a last line without an end is told too", () => {
  const told: string[] = [];
  const collector = createCollector(100, (line) => told.push(line));
  collector.write(Buffer.from("a\nb"));
  assert.is(collector.end(), "a\nb");
  assert.equal(told, ["a", "b"]);
});

test("of a long text its end is kept, from the beginning of a line, and what is missing is said", () => {
  const line = "0123456789\n";
  const collector = createCollector(100, undefined);
  for (let count = 0; count < 1000; count += 1) collector.write(Buffer.from(line));
  const text = collector.end();
  const [first, ...rest] = text.split("\n");
  assert.match(first ?? "", /^\.\.\. \(\d+ bytes left out\)$/);
  const left = Number(/\d+/.exec(first ?? "")?.[0]);
  assert.is(left + rest.join("\n").length, 11_000);
  assert.ok(rest.slice(0, -1).every((one) => one === "0123456789"));
});

test("a gate lets so many in, the others in their order, and forgets who gave up", async () => {
  const gate = createGate(2);
  const order: string[] = [];
  const leaveA = await gate.enter();
  const leaveB = await gate.enter();
  const stop = new AbortController();
  const gone = gate.enter(stop.signal).catch((error: Error) => order.push(error.message));
  const c = gate.enter().then((leave) => {
    order.push("c");
    return leave;
  });
  const d = gate.enter().then((leave) => {
    order.push("d");
    return leave;
  });
  stop.abort(new Error("gave up"));
  await gone;
  leaveA();
  leaveA();
  (await c)();
  (await d)();
  leaveB();
  assert.equal(order, ["gave up", "c", "d"]);
  const both = [await gate.enter(), await gate.enter()];
  for (const leave of both) leave();
  const late = gate.enter(AbortSignal.abort(new Error("before"))).catch((error: Error) => error);
  assert.is(((await late) as Error).message, "before");
});

test.run();
