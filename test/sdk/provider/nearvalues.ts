// Made-up inputs that are almost what a description asks for: mostly of the right kind, so that the
// deep places are reached, and now and then of any other.
import fc from "fast-check";
import type { Field } from "../../../sdk/provider/fields.ts";
import type { Value, ValueMap } from "../../../sdk/provider/values.ts";
import { key, value } from "./arbitrary.ts";

type Fields = { readonly [name: string]: Field };

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/);
const path = fc.array(word, { minLength: 1, maxLength: 3 }).map((parts) => `/${parts.join("/")}`);
/** What the texts of inputs mostly are: names, paths, references, addresses, sizes and durations. */
const text = fc.oneof(
  fc.string({ maxLength: 12 }),
  word,
  path,
  fc.stringMatching(/^[0-9:.\-/a-z[\]@]{0,24}$/),
  fc.stringMatching(/^[0-9.]{1,6}[a-z]{0,3}$/),
);

/** A value of the right kind, what it holds being near. */
function right({ shape }: Field): fc.Arbitrary<Value> {
  switch (shape.kind) {
    case "string":
      return text;
    case "integer":
      return fc.oneof(fc.integer(), fc.nat(70_000));
    case "number":
      return fc.oneof(fc.integer(), fc.double({ noNaN: true }));
    case "boolean":
      return fc.boolean();
    case "choice":
      return fc.constantFrom(...shape.values);
    case "list":
      return fc.array(near(shape.element), { maxLength: 3 });
    case "map":
      return fc.dictionary(fc.oneof(key, path), near(shape.element), {
        maxKeys: 3,
        noNullPrototype: true,
      });
    case "object":
      return nearMap(shape.fields);
  }
}

function near(field: Field): fc.Arbitrary<Value> {
  return fc.oneof({ arbitrary: right(field), weight: 12 }, { arbitrary: value, weight: 1 });
}

/** Some of these fields; those of `requiredKeys` always. */
export function nearMap(
  fields: Fields,
  requiredKeys: readonly string[] = [],
): fc.Arbitrary<ValueMap> {
  const members = Object.entries(fields).map(([name, field]) => [name, near(field)] as const);
  return fc.record(Object.fromEntries(members) as Record<string, fc.Arbitrary<Value>>, {
    requiredKeys: [...requiredKeys],
    noNullPrototype: true,
  }) as fc.Arbitrary<ValueMap>;
}
