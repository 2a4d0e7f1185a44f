// Made-up property values for the property tests: any JSON, with unknowns, with secret places.
import fc from "fast-check";
import {
  formatPath,
  isList,
  isMap,
  type Path,
  unknown,
  type Value,
  type ValueMap,
} from "../../../sdk/provider/values.ts";
import type { Properties } from "../../../sdk/provider/wire.ts";

/** Keys, among them those that every JavaScript object has. */
export const key = fc.oneof(
  fc.string({ maxLength: 6 }),
  fc.constantFrom("constructor", "toString", "a.b", "0", "name", ""),
);

const leaf: fc.Arbitrary<Value> = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
  fc.string({ maxLength: 12 }),
  fc.constant<Value>(unknown),
);

export const value: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(key, tie("value"), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;

export const valueMap: fc.Arbitrary<ValueMap> = fc.dictionary(key, value, {
  maxKeys: 5,
  noNullPrototype: true,
});

/** Every place in a value. */
export function places(map: ValueMap): readonly Path[] {
  const below = (at: Path, inner: Value): readonly Path[] => {
    if (isList(inner)) return [at, ...inner.flatMap((item, index) => below([...at, index], item))];
    if (!isMap(inner)) return [at];
    return [at, ...Object.entries(inner).flatMap(([name, item]) => below([...at, name], item))];
  };
  return Object.entries(map).flatMap(([name, inner]) => below([name], inner));
}

/** Values, some places of which are secret. */
export const properties: fc.Arbitrary<Properties> = valueMap.chain((values) =>
  fc
    .subarray([...places(values)])
    .map((secret) => ({ values, secrets: new Set(secret.map(formatPath)) })),
);

/** The same value with the keys of its maps the other way round. */
export function turned(given: Value): Value {
  if (isList(given)) return given.map(turned);
  if (!isMap(given)) return given;
  return Object.fromEntries(
    Object.entries(given)
      .reverse()
      .map(([name, item]) => [name, turned(item)]),
  );
}
