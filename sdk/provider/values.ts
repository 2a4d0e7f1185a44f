// Property values as the provider's code sees them: plain JSON, with one marker for what a preview
// does not know yet, and the places of secrets kept beside the values, not inside them.

/** Stands for a value that is known only once the update runs. */
export const unknown: unique symbol = Symbol("unknown");
export type Unknown = typeof unknown;

export type Value =
  | null
  | boolean
  | number
  | string
  | Unknown
  | readonly Value[]
  | { readonly [key: string]: Value };
export type ValueMap = { readonly [key: string]: Value };

/** A place in a value: keys of objects and indices of lists. */
export type Path = readonly (string | number)[];

export function isMap(value: Value | undefined): value is ValueMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

export function hasUnknown(value: Value | undefined): boolean {
  if (value === unknown) return true;
  if (isList(value)) return value.some(hasUnknown);
  return isMap(value) && Object.values(value).some(hasUnknown);
}

/** The same without members that are null: they say nothing. Elements of lists stay. */
export function withoutNulls(map: ValueMap): ValueMap {
  const inner = (value: Value): Value => {
    if (isList(value)) return value.map(inner);
    return isMap(value) ? withoutNulls(value) : value;
  };
  const kept = Object.entries(map).filter(([, value]) => value !== null);
  return Object.fromEntries(kept.map(([name, value]) => [name, inner(value)]));
}

/** A member of a map. Not by index: a key such as `constructor` would find what every object has. */
export function memberOf(map: ValueMap, key: string): Value | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

/** Equality by content; the order of an object's keys does not count, that of a list does. */
export function equalValues(a: Value | undefined, b: Value | undefined): boolean {
  if (a === b) return a !== unknown;
  if (isList(a) && isList(b)) {
    return a.length === b.length && a.every((item, index) => equalValues(item, b[index]));
  }
  if (!isMap(a) || !isMap(b)) return false;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => equalValues(memberOf(a, key), memberOf(b, key)));
}

/** A path in Pulumi's notation: `ports[0].hostPort`, `labels["a.b"]`. */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    if (!/^[A-Za-z_$][\w$]*$/.test(part)) return `${text}[${JSON.stringify(part)}]`;
    return text === "" ? part : `${text}.${part}`;
  }, "");
}

/** JSON with sorted keys: the same text for the same value, whoever wrote it. */
export function canonicalJson(value: Value | undefined): string {
  if (value === unknown || value === undefined) return "null";
  if (isList(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (!isMap(value)) return JSON.stringify(value);
  const members = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key])}`);
  return `{${members.join(",")}}`;
}
