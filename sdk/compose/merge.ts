// What becomes of the words of two files, or of a service and of the one that it extends: single values
// are taken over, maps are merged, lists are joined, those of volumes and the like by what they are
// about. Compose specification, 13-merge.md.
import { isValues, type Place, plainText, type Values } from "./source.ts";

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
/** What may be one text, or a list of them. */
const oneOrMore = new Set(["dns", "dns_opt", "dns_search", "env_file", "tmpfs"]);
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

function buildOf(value: unknown): Values {
  return isValues(value) ? value : { context: value };
}

/** Whether both name one, and not the same. */
function differentDrivers(base: unknown, own: unknown): boolean {
  const [one, other] = [base, own].map((value) => (isValues(value) ? value["driver"] : undefined));
  return one !== undefined && other !== undefined && one !== other;
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
  if (key === "build") return mergeMaps(buildOf(base), buildOf(own));
  // Options of one driver are nothing to another.
  if (key === "logging" && differentDrivers(base, own)) return own;
  if (oneOrMore.has(key)) return mergeLists(key, base, own);
  if (isValues(base) && isValues(own)) return mergeMaps(base, own);
  if (Array.isArray(base) && !whole.has(key)) return mergeLists(key, base, own);
  return own;
}

/** Two maps as one, member by member; the second counts where both have a value. */
export function mergeMaps(base: Values, own: Values): Values {
  const keys = [...new Set([...Object.keys(base), ...Object.keys(own)])];
  return Object.fromEntries(keys.map((key) => [key, mergeMember(key, base[key], own[key])]));
}

function withoutOne(values: Values, [name = "", ...inner]: Place): Values {
  const { [name]: member, ...others } = values;
  if (member === undefined || inner.length === 0) return others;
  return isValues(member) ? { ...values, [name]: withoutOne(member, inner) } : values;
}

/** The values with what stands at these places taken out. */
export function without(values: Values, places: readonly Place[]): Values {
  return places.reduce(withoutOne, values);
}
