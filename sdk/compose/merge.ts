// What `extends` does with the service that is extended and its own words: single values are taken
// over, maps are merged, lists are joined, those of ports, volumes and the like by what they are
// about. Compose specification, 13-merge.md.
import { isValues, plainText, type Values } from "./source.ts";

/** Lists whose items belong to a place: the later one of a place counts. */
const byPlace: Readonly<Record<string, (item: unknown) => string>> = {
  volumes: (item) =>
    isValues(item) ? plainText(item["target"]) : (plainText(item).split(":")[1] ?? plainText(item)),
  devices: (item) => plainText(item).split(":")[1] ?? plainText(item),
  secrets: (item) =>
    isValues(item) ? plainText(item["target"] ?? item["source"]) : plainText(item),
  configs: (item) =>
    isValues(item) ? plainText(item["target"] ?? item["source"]) : plainText(item),
};
/** Lists that stand for one value: the later one counts. */
const whole = new Set(["command", "entrypoint", "test"]);
/** Members that may be a list of NAME=VALUE or a map. */
const mappings = new Set([
  "environment",
  "labels",
  "args",
  "sysctls",
  "extra_hosts",
  "annotations",
]);

/** A map, from itself or from a list of `NAME=VALUE`; a name alone has the value null. */
export function mapping(value: unknown, separator = "="): Values {
  if (isValues(value)) return value;
  const list = Array.isArray(value) ? (value as readonly unknown[]) : [];
  return Object.fromEntries(
    list.map((item) => {
      const text = plainText(item);
      const at = text.indexOf(separator);
      return at < 0 ? [text, null] : [text.slice(0, at), text.slice(at + separator.length)];
    }),
  );
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [value];
}

function mergeLists(key: string, base: unknown, own: unknown): readonly unknown[] {
  const place = byPlace[key] ?? ((item: unknown) => JSON.stringify(item));
  const all = [...listOf(base), ...listOf(own)];
  const last = new Map(all.map((item) => [place(item), item] as const));
  return [...last.values()];
}

/** The value of one member, of the base and of its own. */
function mergeMember(key: string, base: unknown, own: unknown): unknown {
  if (base === undefined || base === null) return own;
  if (own === undefined) return base;
  if (mappings.has(key)) {
    const separator = key === "extra_hosts" ? ":" : "=";
    return { ...mapping(base, separator), ...mapping(own, separator) };
  }
  if (key === "depends_on" || key === "networks") {
    const named = (value: unknown) => (Array.isArray(value) ? mapping(value) : value);
    return mergeMaps(named(base) as Values, named(own) as Values);
  }
  if (isValues(base) && isValues(own)) return mergeMaps(base, own);
  if (Array.isArray(base) && !whole.has(key)) return mergeLists(key, base, own);
  return own;
}

/** Two maps as one, member by member; the second counts where both have a value. */
export function mergeMaps(base: Values, own: Values): Values {
  const keys = [...new Set([...Object.keys(base), ...Object.keys(own)])];
  return Object.fromEntries(keys.map((key) => [key, mergeMember(key, base[key], own[key])]));
}
