// Checks values against fields: everything at once, each failure with its path, what is allowed and what
// to do. No message has the value of a secret, nor of what stands as one.
import type { z } from "zod";
import { decodeText } from "./decode.ts";
import { type Fields, isSecretField, schemaOf, type ValuePath, writePath } from "./fields.ts";
import {
  describeSchema,
  type JsonSchema,
  jsonSchemaOf,
  knownPath,
  nearest,
  schemaAt,
} from "./words.ts";

/** What is wrong with a configuration value. */
export const ConfigFault = {
  /** It is not set, has no default and is not optional. */
  Missing: "missing",
  /** It is not what the schema takes. */
  Wrong: "wrong",
  /** The schema has no such key. */
  Unknown: "unknown",
  /** It is a secret and stands in plain. */
  Plain: "plain",
  /** It stands as a secret and the program takes it in plain. */
  Concealed: "concealed",
} as const;
export type ConfigFault = (typeof ConfigFault)[keyof typeof ConfigFault];

/** A configuration value that cannot be used. */
export interface ConfigProblem {
  /** What is wrong with it. */
  readonly kind: ConfigFault;
  /** The key, such as `shop:hosts`. */
  readonly key: string;
  /** The place in its value: names of members and indices of lists; empty is all of it. */
  readonly at: readonly (string | number)[];
  /** Key and place as Pulumi writes them, such as `shop:hosts[0].port`. */
  readonly path: string;
  /** What is wrong, and what is allowed. It has no value of a secret. */
  readonly message: string;
  /** What to do about it. */
  readonly fix: string;
}

/** A configuration value as it stands. */
export interface ConfigEntry {
  /** Its text, as Pulumi hands it over; undefined where it is encrypted and cannot be read. */
  readonly text: string | undefined;
  /** Whether it, or a part of it, stands as a secret. */
  readonly secret: boolean;
}

/** Configuration values by their keys, `namespace:name`. */
export type ConfigEntries = ReadonlyMap<string, ConfigEntry>;

/** What is checked against what. */
export interface ConfigCheck {
  /** The fields. */
  readonly fields: Fields;
  /** What stands before the colon of their keys. */
  readonly namespace: string;
  /** The stack, for the fixes. @defaultValue the selected one */
  readonly stack?: string | undefined;
  /** Whether keys that no field has are left alone. */
  readonly allowUnknown: boolean;
}

/** What came of it: the values by the names of their fields, where there is no problem. */
export interface CheckedConfig {
  /** Values by the names of the fields. */
  readonly values: Readonly<Record<string, unknown>>;
  /** All that is wrong, in the order of the fields; unknown keys come last. */
  readonly problems: readonly ConfigProblem[];
}

const longestValue = 60;

/** A value in a message. */
export function showValue(value: unknown): string {
  const text = typeof value === "bigint" ? String(value) : JSON.stringify(value);
  return text.length > longestValue ? `${text.slice(0, longestValue)}...` : text;
}

const isStructured = ({ type }: JsonSchema): boolean => type === "object" || type === "array";

/** One field being checked. */
class FieldCheck {
  readonly #key: string;
  readonly #stack: string | undefined;
  readonly #json: JsonSchema;
  readonly #isSecret: boolean;

  constructor(check: ConfigCheck, name: string, json: JsonSchema, isSecret: boolean) {
    this.#key = `${check.namespace}:${name}`;
    this.#stack = check.stack;
    this.#json = json;
    this.#isSecret = isSecret;
  }

  problem(kind: ConfigFault, says: string, fix: string, at: ValuePath = []): ConfigProblem {
    const place = at.map((part) => (typeof part === "number" ? part : String(part)));
    const path = writePath(this.#key, place);
    return { kind, key: this.#key, at: place, path, message: `${path} ${says}`, fix };
  }

  #run(words: string): string {
    return `pulumi config ${words}${this.#stack === undefined ? "" : ` --stack ${this.#stack}`}`;
  }

  /** How the value at a place is set. */
  #setting(at: ValuePath): string {
    const flags = [...(this.#isSecret ? ["--secret"] : []), ...(at.length > 0 ? ["--path"] : [])];
    const place = at.length > 0 ? `'${writePath(this.#key, at)}'` : this.#key;
    const schema = schemaAt(this.#json, at);
    if (!this.#isSecret && schema !== undefined && isStructured(schema)) {
      const file = `Pulumi.${this.#stack ?? "STACK"}.yaml`;
      return `write ${writePath(this.#key, at)} in ${file} as ${describeSchema(schema)}`;
    }
    const words = ["set", ...flags, place, ...(this.#isSecret ? [] : ["VALUE"])];
    return `run \`${this.#run(words.join(" "))}\``;
  }

  missing(): ConfigProblem {
    const says = `is not set; it takes ${describeSchema(this.#json)}`;
    return this.problem("missing", says, this.#setting([]));
  }

  plain(): ConfigProblem {
    return this.problem("plain", "is a secret and stands in plain", this.#setting([]));
  }

  concealed(): ConfigProblem {
    const says = "stands as a secret, and the program takes it in plain";
    const run = this.#run(`set --plaintext ${this.#key} VALUE`);
    return this.problem("concealed", says, `declare it by secret(...), or run \`${run}\``);
  }

  /** What zod says of a value, in our words. */
  wrong(issue: z.core.$ZodIssue, value: unknown): readonly ConfigProblem[] {
    if (this.#isSecret) return [this.#wrongSecret(issue)];
    const at = issue.path;
    if (issue.code === "unrecognized_keys") {
      const known = Object.keys(schemaAt(this.#json, at)?.properties ?? {});
      return issue.keys.map((name) => this.#unknownMember([...at, name], known));
    }
    const schema = schemaAt(this.#json, at);
    const seen = valueAt(value, at);
    const allowed = schema === undefined ? undefined : `it takes ${describeSchema(schema)}`;
    // The words of a rule of the schema's author, and of what has no JSON schema, are zod's.
    const rule =
      issue.code === "custom" || issue.code === "invalid_key" ? issue.message : undefined;
    const says = seen === undefined ? "is not set" : `is ${showValue(seen)}`;
    const what = rule ?? allowed ?? issue.message;
    return [this.problem("wrong", `${says}; ${what}`, this.#setting(at), at)];
  }

  #unknownMember(at: ValuePath, known: readonly string[]): ConfigProblem {
    const run = this.#run(`rm --path '${writePath(this.#key, at)}'`);
    return this.problem("wrong", unknownWords(String(at.at(-1)), known), `run \`${run}\``, at);
  }

  #wrongSecret({ path }: z.core.$ZodIssue): ConfigProblem {
    const at = knownPath(this.#json, path);
    const schema = schemaAt(this.#json, at) ?? this.#json;
    const says = `has a value that it does not take; it takes ${describeSchema(schema)}`;
    return this.problem("wrong", says, this.#setting(at), at);
  }
}

function unknownWords(name: string, known: readonly string[], prefix = ""): string {
  const meant = nearest(name, known);
  const there = known.map((one) => prefix + one).join(", ");
  if (meant !== undefined) return `is not known; did you mean ${prefix}${meant}?`;
  return known.length === 0 ? "is not known" : `is not known; there are ${there}`;
}

function valueAt(value: unknown, path: ValuePath): unknown {
  return path.reduce<unknown>((at, part) => {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, part)) return undefined;
    return (at as Record<PropertyKey, unknown>)[part];
  }, value);
}

interface CheckedField {
  readonly value?: unknown;
  readonly problems: readonly ConfigProblem[];
}

/** Of a list of which many are wrong, so many are told. */
const mostProblems = 20;

function checkField(
  check: ConfigCheck,
  name: string,
  entry: ConfigEntry | undefined,
): CheckedField {
  const field = check.fields[name];
  if (field === undefined) return { problems: [] };
  const schema = schemaOf(field);
  const isSecret = isSecretField(field);
  const json = jsonSchemaOf(schema);
  const one = new FieldCheck(check, name, json, isSecret);
  if (entry === undefined) {
    const otherwise = schema.safeParse(undefined);
    return otherwise.success
      ? { value: otherwise.data, problems: [] }
      : { problems: [one.missing()] };
  }
  if (isSecret && !entry.secret) return { problems: [one.plain()] };
  if (!isSecret && entry.secret) return { problems: [one.concealed()] };
  if (entry.text === undefined) return { problems: [] };
  const { value, result } = decodeText(entry.text, schema, json);
  if (result.success) return { value: result.data, problems: [] };
  const all = result.error.issues.flatMap((issue) => one.wrong(issue, value));
  const told = new Map(all.map((problem) => [problem.message, problem]));
  return { problems: [...told.values()].slice(0, mostProblems) };
}

function unknownKeys(check: ConfigCheck, entries: ConfigEntries): readonly ConfigProblem[] {
  if (check.allowUnknown) return [];
  const prefix = `${check.namespace}:`;
  const known = Object.keys(check.fields);
  return [...entries.keys()]
    .filter((key) => key.startsWith(prefix) && !known.includes(key.slice(prefix.length)))
    .sort()
    .map((key) => {
      const says = unknownWords(key.slice(prefix.length), known, prefix);
      const stack = check.stack === undefined ? "" : ` --stack ${check.stack}`;
      const fix = `run \`pulumi config rm ${key}${stack}\``;
      return { kind: "unknown", key, at: [], path: key, message: `${key} ${says}`, fix };
    });
}

/** Checks what stands against the fields. */
export function checkConfig(check: ConfigCheck, entries: ConfigEntries): CheckedConfig {
  const values: Record<string, unknown> = {};
  const problems: ConfigProblem[] = [];
  for (const name of Object.keys(check.fields)) {
    const checked = checkField(check, name, entries.get(`${check.namespace}:${name}`));
    values[name] = checked.value;
    problems.push(...checked.problems);
  }
  return { values, problems: [...problems, ...unknownKeys(check, entries)] };
}
