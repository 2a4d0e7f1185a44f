// What is kept of a program's output: its end, bounded, and no piece of a secret at the cut.
import * as assert from "uvu/assert";
import { keptOutputBytes, OutputTail } from "../../../sdk/provider/output.ts";
import { createScrubber } from "../../../sdk/provider/scrub.ts";
import { suite } from "../../support/suite.ts";

const test = suite("provider/output");
const plain = (text: string) => text;

function tailOf(pieces: readonly string[], scrub = plain): string {
  const tail = new OutputTail();
  for (const piece of pieces) tail.push(Buffer.from(piece));
  return tail.text(scrub);
}

test("a short output is told whole", () => {
  assert.is(tailOf(["one\n", "tw", "o\n"]), "one\ntwo\n");
  assert.is(tailOf([]), "");
});

test("of a long one the last 64 KiB are told, at a character's beginning", () => {
  const line = "äöü€ and more\n";
  const pieces = Array.from({ length: 40_000 }, (_, at) => `${at} ${line}`);
  const text = tailOf(pieces);
  assert.ok(Buffer.byteLength(text) <= keptOutputBytes);
  assert.ok(Buffer.byteLength(text) > keptOutputBytes - 4);
  assert.ok(text.endsWith(`39999 ${line}`));
  assert.not.match(text, /\uFFFD/);
});

test("one that has no lines is cut too", () => {
  const text = tailOf(Array.from({ length: 1000 }, () => "x".repeat(1000)));
  assert.ok(text.length <= keptOutputBytes && text.length > 0);
});

for (const length of [10, 63, 64, 65, 127, 128, 129, 300]) {
  test(`no piece of a secret is left at the cut: lines of ${length} KiB`, () => {
    const secret = "correct-horse-battery-staple";
    const { add, scrub } = createScrubber();
    add([secret]);
    const line = `${secret.repeat(Math.ceil((length * 1024) / secret.length))}\n`;
    const text = tailOf([line, line, line, "the end\n"], scrub);
    assert.ok(text.endsWith("the end\n"));
    for (const piece of [secret.slice(-8), secret.slice(0, 8), secret.slice(9, 17)]) {
      assert.not.match(text, piece);
    }
  });
}

test.run();
