// What an error may cost to print. The frame below sends Node's own colouring into a loop of 15 s and
// more, so this file would run into its time limit without the cure.
import util from "node:util";
import * as assert from "uvu/assert";
import {
  affordableDepth,
  boundErrorPrinting,
  boundedOptions,
} from "../../../../sdk/engine/langhost/preload.ts";
import { suite } from "../../../support/suite.ts";

const test = suite("engine/langhost/preload", { timeoutMs: 10_000 });
const original = util.inspect;
test.before(boundErrorPrinting);
test.after(() => {
  util.inspect = original;
});

function errorWithFrame(message: string): Error {
  const error = new Error(message);
  error.stack = `Error: ${message}\n    at f (/p/node_modules/@pulumi/resource.ts:1687:22)`;
  return error;
}

function wide(width: number): Record<string, Record<string, string>> {
  const keys = Array.from({ length: width }, (_, index) => `k${index}`);
  return Object.fromEntries(
    keys.map((key) => [key, Object.fromEntries(keys.map((each) => [each, "v"]))]),
  );
}

test("an error with a frame that Node cannot colour prints at once, with message and stack", () => {
  const text = util.inspect(errorWithFrame("boom"), { colors: true });
  assert.match(text, "boom");
  assert.match(text, "resource.ts:1687:22");
});

test("so does one that is the cause of another", () => {
  const text = util.inspect(new Error("outer", { cause: errorWithFrame("inner") }), {
    colors: true,
  });
  assert.match(text, "inner");
});

test("and one in an object that only looks like an error", () => {
  const thrown = { stack: "s", error: errorWithFrame("inner") };
  assert.match(util.inspect(thrown, { colors: true }), "inner");
});

test("a value that is no error keeps its colours", () => {
  assert.is(util.inspect(1, { colors: true }), original(1, { colors: true }));
});

test("an error that drags a huge object along shows fewer of its levels", () => {
  const error = Object.assign(new Error("big"), { data: wide(2_000) });
  assert.is(affordableDepth(error), 0);
  assert.is(boundedOptions(error, { colors: true }).depth, 0);
  assert.ok(util.inspect(error, { colors: true }).length < 20_000);
});

test("an ordinary error shows as many levels as ever", () => {
  const error = Object.assign(new Error("small"), { data: { a: { b: 1 } } });
  assert.is(affordableDepth(error), 2);
  assert.is(boundedOptions(error, {}).depth, undefined);
});

test("no getter is run to count", () => {
  const error = Object.defineProperty(new Error("x"), "trap", {
    enumerable: true,
    get: () => assert.unreachable(),
  });
  assert.is(affordableDepth(error), 2);
});

test.run();
