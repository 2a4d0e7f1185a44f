// Property values: equality, canonical text, places.
import fc from "fast-check";
import * as assert from "uvu/assert";
import {
  canonicalJson,
  equalValues,
  formatPath,
  hasUnknown,
  type Path,
  unknown,
  type Value,
} from "../../../sdk/provider/values.ts";
import { suite } from "../../support/suite.ts";
import { places, turned, value, valueMap } from "./arbitrary.ts";

const test = suite("provider/values");
const known = value.filter((given) => !hasUnknown(given));

test("a value equals itself with its keys in another order, unless something is unknown", () => {
  fc.assert(
    fc.property(value, (given) => equalValues(given, turned(given)) === !hasUnknown(given)),
  );
});

test("equality goes both ways", () => {
  fc.assert(fc.property(value, value, (a, b) => equalValues(a, b) === equalValues(b, a)));
});

test("values are equal just when their canonical texts are", () => {
  fc.assert(
    fc.property(
      known,
      known,
      (a, b) => equalValues(a, b) === (canonicalJson(a) === canonicalJson(b)),
    ),
  );
});

test("the canonical text does not depend on the order of keys, and is JSON of the same value", () => {
  fc.assert(
    fc.property(known, (given) => {
      const text = canonicalJson(given);
      assert.is(text, canonicalJson(turned(given)));
      assert.ok(equalValues(JSON.parse(text) as Value, given), text);
    }),
  );
});

const cases: readonly [string, Value, Value, boolean][] = [
  ["the order of a list counts", [1, 2], [2, 1], false],
  ["a list is not the map of its indices", ["a"], { 0: "a" }, false],
  ["a text is not the number it shows", "1", 1, false],
  ["null is not an empty map", null, {}, false],
  ["unknown does not equal unknown", unknown, unknown, false],
  ["a key that every object has is only there when it is set", {}, { constructor: "x" }, false],
];
for (const [name, a, b, want] of cases) {
  test(name, () => {
    assert.is(equalValues(a, b), want);
  });
}

const paths: readonly [Path, string][] = [
  [["image"], "image"],
  [["ports", 0, "hostPort"], "ports[0].hostPort"],
  [["labels", "a.b"], 'labels["a.b"]'],
  [["files", "/etc/app.conf", "content"], 'files["/etc/app.conf"].content'],
  [["env", ""], 'env[""]'],
  [["env", "0"], 'env["0"]'],
  [["a", 0, 1], "a[0][1]"],
];
for (const [path, want] of paths) {
  test(`a place is written ${want}`, () => {
    assert.is(formatPath(path), want);
  });
}

test("no two places of a value are written alike", () => {
  fc.assert(
    fc.property(valueMap, (values) => {
      const texts = places(values).map(formatPath);
      return new Set(texts).size === texts.length;
    }),
  );
});

test.run();
