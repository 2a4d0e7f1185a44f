// Which places of values are secret by their description, however deep: a list of objects with a key
// in each has one a member. Whether the program marked them or not, they stand in the state encrypted.

import type { Field, Fields } from "./fields.ts";
import { formatPath, isList, isMap, type Path, type Value, type ValueMap } from "./values.ts";
import type { Properties } from "./wire.ts";

/** The values, with the places that are secret by description among those that are secret. */
export function withSecrets(fields: Fields, { values, secrets }: Properties): Properties {
  return { values, secrets: new Set([...secrets, ...secretPlaces(fields, values)]) };
}

/** The places of secrets in values of the given fields, as `formatPath` writes them. */
export function secretPlaces(fields: Fields, values: ValueMap, path: Path = []): readonly string[] {
  return Object.entries(fields).flatMap(([name, field]) =>
    Object.hasOwn(values, name) ? placesOf(field, values[name], [...path, name]) : [],
  );
}

function placesOf(
  { shape, options }: Field,
  value: Value | undefined,
  path: Path,
): readonly string[] {
  if (value === undefined || value === null) return [];
  if (options.secret === true) return [formatPath(path)];
  if (shape.kind === "object" && isMap(value)) return secretPlaces(shape.fields, value, path);
  if (shape.kind === "list" && isList(value)) {
    return value.flatMap((item, index) => placesOf(shape.element, item, [...path, index]));
  }
  if (shape.kind === "map" && isMap(value)) {
    return Object.entries(value).flatMap(([key, item]) =>
      placesOf(shape.element, item, [...path, key]),
    );
  }
  return [];
}
