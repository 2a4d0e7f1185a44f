// What a schema allows, in words, from its JSON schema; and which known name an unknown one may mean.
import { z } from "zod";
import type { ValuePath } from "./fields.ts";

/** A JSON schema (draft 7), as far as it is put into words. */
export interface JsonSchema {
  /** `string`, `integer`, `object`, ... */
  readonly type?: string | readonly string[];
  /** The values there are. */
  readonly enum?: readonly unknown[];
  /** The only value. */
  readonly const?: unknown;
  /** It takes what any of them takes. */
  readonly anyOf?: readonly JsonSchema[];
  /** It takes what exactly one of them takes. */
  readonly oneOf?: readonly JsonSchema[];
  /** Members of an object by name. */
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  /** Members that have to be there. */
  readonly required?: readonly string[];
  /** Elements of a list; a list of schemas is one for each place. */
  readonly items?: JsonSchema | readonly JsonSchema[];
  /** Members that `properties` does not name. */
  readonly additionalProperties?: JsonSchema | boolean;
  /** `uri`, `email`, `date-time`, ... */
  readonly format?: string;
  /** A regular expression that texts match. */
  readonly pattern?: string;
  /** The least number. */
  readonly minimum?: number;
  /** Numbers are above it. */
  readonly exclusiveMinimum?: number;
  /** The greatest number. */
  readonly maximum?: number;
  /** Numbers are below it. */
  readonly exclusiveMaximum?: number;
  /** Numbers are multiples of it. */
  readonly multipleOf?: number;
  /** The least length of texts, in characters. */
  readonly minLength?: number;
  /** The greatest length of texts, in characters. */
  readonly maxLength?: number;
  /** The least number of elements. */
  readonly minItems?: number;
  /** The greatest number of elements. */
  readonly maxItems?: number;
  /** Other keywords. */
  readonly [keyword: string]: unknown;
}

/** What values of a schema may be; what JSON cannot say is left open. */
export function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  const options = { io: "input", target: "draft-7", unrepresentable: "any" } as const;
  const { $schema: _, ...rest } = z.toJSONSchema(schema, options) as JsonSchema;
  return rest;
}

/** `a, b or c` */
export function orList(words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} or ${words.at(-1) ?? ""}`;
}

/** Bounds that zod puts on every integer say nothing to a person. */
const isBound = (bound: number | undefined): bound is number =>
  bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER;

function between(
  least: string | undefined,
  most: string | undefined,
  noun?: readonly [one: string, many: string],
): string {
  const last = most ?? least;
  const unit = noun === undefined ? "" : ` ${last === "1" ? noun[0] : noun[1]}`;
  if (least !== undefined && least === most) return ` of exactly ${least}${unit}`;
  if (least !== undefined && most !== undefined) return ` from ${least} to ${most}${unit}`;
  if (least !== undefined) return ` of at least ${least}${unit}`;
  return most === undefined ? "" : ` of at most ${most}${unit}`;
}

function numberWords(schema: JsonSchema, noun: string): string {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  const range = between(
    isBound(minimum) ? `${minimum}` : undefined,
    isBound(maximum) ? `${maximum}` : undefined,
  );
  const above = isBound(exclusiveMinimum) ? ` above ${exclusiveMinimum}` : "";
  const below = isBound(exclusiveMaximum) ? ` below ${exclusiveMaximum}` : "";
  const step = multipleOf === undefined ? "" : `, a multiple of ${multipleOf}`;
  return `${noun}${range}${above}${below}${step}`;
}

const count = (size: number | undefined): string | undefined =>
  size === undefined ? undefined : `${size}`;

function stringWords({ minLength, maxLength, format, pattern }: JsonSchema): string {
  const least = minLength === 0 ? undefined : minLength;
  const length = between(count(least), count(maxLength), ["character", "characters"]);
  const form = format === undefined ? "" : ` that is a ${format}`;
  const like = pattern === undefined || format !== undefined ? "" : ` that matches ${pattern}`;
  return `a text${length}${form}${like}`;
}

function arrayWords({ items, minItems, maxItems }: JsonSchema): string {
  if (Array.isArray(items)) {
    return `a list of ${items.map((item: JsonSchema) => describeSchema(item)).join(", then ")}`;
  }
  const size = between(count(minItems), count(maxItems), ["item", "items"]);
  const each = items === undefined ? "" : `, each ${describeSchema(items as JsonSchema)}`;
  return `a list${size}${each}`;
}

function objectWords({ properties, required = [], additionalProperties }: JsonSchema): string {
  const names = Object.keys(properties ?? {}).map((name) =>
    required.includes(name) ? name : `${name}?`,
  );
  if (names.length > 0) return `an object with ${names.join(", ")}`;
  if (typeof additionalProperties !== "object") return "an object";
  return `an object, each value ${describeSchema(additionalProperties)}`;
}

function typeWords(schema: JsonSchema, type: string): string {
  switch (type) {
    case "string":
      return stringWords(schema);
    case "integer":
      return numberWords(schema, "an integer");
    case "number":
      return numberWords(schema, "a number");
    case "boolean":
      return "true or false";
    case "array":
      return arrayWords(schema);
    case "object":
      return objectWords(schema);
    default:
      return type;
  }
}

/** What a schema allows, in words: `an integer from 1 to 9`. */
export function describeSchema(schema: JsonSchema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return orList(schema.enum.map((one) => JSON.stringify(one)));
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return [...new Set(choices.map(describeSchema))].join(", or ");
  if (typeof schema.type === "string") return typeWords(schema, schema.type);
  if (schema.type === undefined) return "another value";
  return orList(schema.type.map((type) => typeWords(schema, type)));
}

function step(schema: JsonSchema, part: PropertyKey): JsonSchema | undefined {
  const { items, properties, additionalProperties } = schema;
  if (typeof part === "number") {
    if (!Array.isArray(items)) return items as JsonSchema | undefined;
    return (items as readonly JsonSchema[])[part];
  }
  const name = String(part);
  if (properties !== undefined && Object.hasOwn(properties, name)) return properties[name];
  return typeof additionalProperties === "object" ? additionalProperties : undefined;
}

/** The schema at a place of another; undefined where a choice on the way leaves it open. */
export function schemaAt(schema: JsonSchema, path: ValuePath): JsonSchema | undefined {
  return path.reduce<JsonSchema | undefined>((at, part) => at && step(at, part), schema);
}

/** How far a path goes by names that the schema itself has: others may be part of a secret. */
export function knownPath(schema: JsonSchema, path: ValuePath): ValuePath {
  const known: PropertyKey[] = [];
  let at: JsonSchema | undefined = schema;
  for (const part of path) {
    const isNamed: boolean = typeof part === "number" || Object.hasOwn(at.properties ?? {}, part);
    at = isNamed ? step(at, part) : undefined;
    if (at === undefined) break;
    known.push(part);
  }
  return known;
}

/** How many letters differ (Levenshtein, an exchange of neighbours counts as one). */
function distance(one: string, other: string): number {
  let before: number[] = [];
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let at = 1; at <= one.length; at += 1) {
    const next = [at];
    for (let to = 1; to <= other.length; to += 1) {
      const same = one[at - 1] === other[to - 1];
      const swapped = one[at - 1] === other[to - 2] && one[at - 2] === other[to - 1];
      const steps = [
        (row[to] ?? 0) + 1,
        (next[to - 1] ?? 0) + 1,
        (row[to - 1] ?? 0) + (same ? 0 : 1),
        ...(swapped && at > 1 && to > 1 ? [(before[to - 2] ?? 0) + 1] : []),
      ];
      next.push(Math.min(...steps));
    }
    before = row;
    row = next;
  }
  return row.at(-1) ?? 0;
}

/** The known name that an unknown one may mean, if one is near enough. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  // What nobody can have typed by mistake is not worth the time.
  if (name.length > 100) return undefined;
  const near = (one: string) => distance(name.toLowerCase(), one.toLowerCase());
  const most = Math.max(1, Math.floor(name.length / 3));
  const found = known
    .map((one) => ({ one, far: near(one) }))
    .filter(({ far }) => far <= most)
    .sort((a, b) => a.far - b.far);
  return found[0]?.one;
}
