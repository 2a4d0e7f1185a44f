// A configuration value from its text. Pulumi keeps every value as text, objects and lists as JSON; what
// it is meant as, the schema says: a text that the schema takes is taken as it is, else what it says as a
// number, as `true` or `false`, or as JSON.
import type { z } from "zod";
import type { JsonSchema } from "./words.ts";

/** What a text was read as. */
export interface Decoded {
  /** What it was read as. */
  readonly value: unknown;
  /** What the schema makes of that. */
  readonly result: z.ZodSafeParseResult<unknown>;
}

/** Which types a schema takes; undefined is any. */
function typesOf(schema: JsonSchema): ReadonlySet<string> | undefined {
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) {
    const all = choices.map(typesOf);
    const open = all.some((types) => types === undefined);
    return open ? undefined : new Set(all.flatMap((types) => [...(types ?? [])]));
  }
  const { type } = schema;
  if (type === undefined) return undefined;
  return new Set(typeof type === "string" ? [type] : type);
}

function asNumber(text: string): number | undefined {
  if (!/^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(text)) return undefined;
  return Number(text);
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What the text may be meant as, the likeliest first; the text itself is always among it. */
function readings(text: string, json: JsonSchema): readonly unknown[] {
  const types = typesOf(json);
  const takes = (...names: readonly string[]) =>
    types === undefined || names.some((name) => types.has(name));
  const found: unknown[] = takes("string") ? [text] : [];
  if (takes("number", "integer")) found.push(asNumber(text));
  if (takes("boolean") && (text === "true" || text === "false")) found.push(text === "true");
  const value = asJson(text);
  if (typeof value === "object" && takes(value === null ? "null" : "object", "array")) {
    found.push(value);
  }
  const meant = found.filter((one) => one !== undefined);
  return takes("string") ? meant : [...meant, text];
}

/** Reads a text as what the schema takes; where it takes none of it, what it was likeliest meant as. */
export function decodeText(text: string, schema: z.ZodType, json: JsonSchema): Decoded {
  const all = readings(text, json).map((value) => ({ value, result: schema.safeParse(value) }));
  const structured = all.find(({ value }) => typeof value === "object");
  const found = all.find(({ result }) => result.success) ?? structured ?? all[0];
  return found ?? { value: text, result: schema.safeParse(text) };
}
