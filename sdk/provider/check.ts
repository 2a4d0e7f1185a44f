// Checks values against their descriptions: every failure at once, each with its property path, the
// value seen and what is allowed. What a preview does not know yet passes.

import type { Field, Fields } from "./fields.ts";
import {
  formatPath,
  hasUnknown,
  isList,
  isMap,
  type Path,
  unknown,
  type Value,
  type ValueMap,
} from "./values.ts";

export interface Failure {
  /** The place, in Pulumi's notation: `ports[0].hostPort`. */
  readonly property: string;
  readonly reason: string;
}

const kinds = {
  string: "a string",
  integer: "a whole number",
  number: "a number",
  boolean: "true or false",
  list: "a list",
  map: "a map",
  object: "an object",
} as const;

/** All that is wrong with values of the given fields. Secret values are not repeated. */
export function checkFields(
  fields: Fields,
  values: ValueMap,
  secrets: ReadonlySet<string> = new Set(),
  path: Path = [],
  retired: Readonly<Record<string, string>> = {},
): readonly Failure[] {
  const failures: Failure[] = [];
  for (const [name, field] of Object.entries(fields)) {
    const value = values[name];
    if (value === undefined || value === null) {
      if (field.options.required === true && field.options.computed !== true) {
        failures.push({ property: formatPath([...path, name]), reason: "is required" });
      }
    } else failures.push(...checkField(field, value, secrets, [...path, name]));
  }
  return [...failures, ...strangers(fields, values, path, retired)];
}

function strangers(
  fields: Fields,
  values: ValueMap,
  path: Path,
  retired: Readonly<Record<string, string>>,
): readonly Failure[] {
  return Object.keys(values)
    .filter((name) => !Object.hasOwn(fields, name) && !name.startsWith("__"))
    .map((name) => ({
      property: formatPath([...path, name]),
      reason: `is not known here; ${
        Object.hasOwn(retired, name)
          ? (retired[name] ?? "")
          : `known are ${Object.keys(fields).sort().join(", ")}`
      }`,
    }));
}

function checkField(
  field: Field,
  value: Value,
  secrets: ReadonlySet<string>,
  path: Path,
): readonly Failure[] {
  if (value === unknown) return [];
  const property = formatPath(path);
  const secret = field.options.secret === true || isSecretPlace(path, secrets);
  const wrongKind = checkKind(field, value);
  if (wrongKind !== undefined) {
    return [{ property, reason: `${secret ? "" : `is ${show(value)}; `}write ${wrongKind}` }];
  }
  const inner = checkInner(field, value, secrets, path);
  // A rule of its own may look at any part of the value: it is asked once all of that is known.
  if (inner.length > 0 || !field.options.check || hasUnknown(value)) return inner;
  const reason = field.options.check(value);
  return reason === undefined
    ? []
    : [{ property, reason: secret ? reason : `is ${show(value)}; ${reason}` }];
}

function isSecretPlace(path: Path, secrets: ReadonlySet<string>): boolean {
  return path.some((_, index) => secrets.has(formatPath(path.slice(0, index + 1))));
}

function checkKind({ shape }: Field, value: Value): string | undefined {
  switch (shape.kind) {
    case "choice":
      if (typeof value === "string" && shape.values.includes(value)) return undefined;
      return `one of ${shape.values.join(", ")}`;
    case "integer":
      return Number.isInteger(value) ? undefined : kinds.integer;
    case "list":
      return isList(value) ? undefined : kinds.list;
    case "map":
    case "object":
      return isMap(value) ? undefined : kinds[shape.kind];
    case "string":
    case "number":
    case "boolean":
      return typeof value === shape.kind ? undefined : kinds[shape.kind];
  }
}

function checkInner(
  { shape, options }: Field,
  value: Value,
  secrets: ReadonlySet<string>,
  path: Path,
): readonly Failure[] {
  if (shape.kind === "object" && isMap(value))
    return checkFields(shape.fields, value, secrets, path, options.retired);
  if (shape.kind === "list" && isList(value)) {
    return value.flatMap((item, index) =>
      checkField(shape.element, item, secrets, [...path, index]),
    );
  }
  if (shape.kind === "map" && isMap(value)) {
    return Object.entries(value).flatMap(([key, item]) =>
      checkField(shape.element, item, secrets, [...path, key]),
    );
  }
  return [];
}

/** A value as an error may show it: short. */
export function show(value: Value): string {
  if (value === unknown) return "not known yet";
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
