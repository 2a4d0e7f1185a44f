// google.protobuf.Struct as plain values, against the stubs: any JSON is written by one and read by the
// other.
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import structs from "google-protobuf/google/protobuf/struct_pb.js";
import * as assert from "uvu/assert";
import { message } from "../../../../sdk/protobuf.ts";
import { type Json, type JsonMap, struct } from "../../../../sdk/provider/protocol/struct.ts";
import { cases } from "../../../support/cases.ts";
import { suite } from "../../../support/suite.ts";

const test = suite("provider/protocol/struct");

/** A message of one Struct: its length and then the Struct's own bytes. */
const carrier = message({ json: [1, struct] });

/** The stubs lose a member of this name, wherever it is. */
const lost = '"__proto__"';
const json: fc.Arbitrary<Json> = fc.jsonValue({
  maxDepth: 5,
  stringUnit: "binary",
}) as fc.Arbitrary<Json>;
const maps: fc.Arbitrary<JsonMap> = fc
  .dictionary(fc.string({ unit: "binary" }), json, { noNullPrototype: true })
  .filter((map) => !JSON.stringify(map).includes(lost));

/** The Struct of a message, as bytes of its own. */
function inner(bytes: Buffer): Buffer {
  let at = 1;
  while ((bytes[at] ?? 0) & 0x80) at += 1;
  return bytes.subarray(at + 1);
}

/** The stubs have no minus zero that differs, and give null for what JSON cannot say. */
function same(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(JSON.parse(JSON.stringify(a)), JSON.parse(JSON.stringify(b)));
}

test("what we write, the stubs read", () => {
  fc.assert(
    fc.property(maps, (map) => {
      const theirs = structs.Struct.deserializeBinary(inner(carrier.encode({ json: map })));
      return same(theirs.toJavaScript(), map);
    }),
    cases(),
  );
});

test("what the stubs write, we read", () => {
  fc.assert(
    fc.property(maps, (map) => {
      const theirs = structs.Struct.fromJavaScript(map as never).serializeBinary();
      const head = message({ json: [1, struct] })
        .encode({ json: {} })
        .subarray(0, 1);
      const length = Buffer.from(varint(theirs.length));
      return same(carrier.decode(Buffer.concat([head, length, theirs])).json, map);
    }),
    cases(),
  );
});

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}

test("values come back as they were, numbers to the last bit", () => {
  const given = {
    big: Number.MAX_SAFE_INTEGER,
    small: 5e-324,
    minus: -0.1,
    max: 1.7976931348623157e308,
  };
  assert.equal(carrier.decode(carrier.encode({ json: given })).json, given);
});

test("a member called __proto__ is a member", () => {
  const given = JSON.parse('{"__proto__": {"a": 1}, "b": {"__proto__": 2}}') as JsonMap;
  const back = carrier.decode(carrier.encode({ json: given })).json ?? {};
  assert.is(JSON.stringify(back), JSON.stringify(given));
  assert.is(Object.getPrototypeOf(back), Object.prototype);
});

test("a Struct that is absent is not an empty one", () => {
  assert.is(carrier.decode(carrier.encode({})).json, undefined);
  assert.equal(carrier.decode(carrier.encode({ json: {} })).json, {});
});

test.run();
