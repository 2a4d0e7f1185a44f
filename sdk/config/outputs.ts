// What a stack gives to others, from one schema: the program that has it exports values that fit, and a
// program that reads them has their types. Where the schema changes, the other no longer compiles.
import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import {
  type Field,
  type Fields,
  isSecretField,
  type SchemaOf,
  schemaOf,
  writePath,
} from "./fields.ts";
import { describeSchema, jsonSchemaOf, knownPath, schemaAt } from "./words.ts";

/** A value, or one that is known later, as a whole or in parts. */
export type OutputArg<T> = pulumi.Input<
  T extends object ? { readonly [K in keyof T]: OutputArg<T[K]> } : T
>;

/** What a program exports: a value, or one that is known later, for each output. */
export type OutputArgs<F extends Fields> = {
  readonly [K in keyof F as undefined extends z.input<SchemaOf<F[K]>> ? never : K]: OutputArg<
    z.input<SchemaOf<F[K]>>
  >;
} & {
  readonly [K in keyof F as undefined extends z.input<SchemaOf<F[K]>> ? K : never]?: OutputArg<
    z.input<SchemaOf<F[K]>>
  >;
};

/** Outputs of a stack by their names. */
export type OutputValues<F extends Fields> = {
  readonly [K in keyof F]: pulumi.Output<z.output<SchemaOf<F[K]>>>;
};

/** What a value is, without saying it. */
function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return `a list of ${value.length}`;
  switch (typeof value) {
    case "string":
      return value === "" ? "an empty text" : "a text";
    case "object":
      return "an object";
    case "undefined":
      return "not there";
    default:
      return `a ${typeof value}`;
  }
}

function memberAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, part) =>
      typeof at === "object" && at !== null
        ? (at as Record<PropertyKey, unknown>)[part]
        : undefined,
    value,
  );
}

/** What is wrong with an output. No value is said: an output may be secret though its schema is not. */
export function outputFaults(name: string, field: Field, value: unknown): readonly string[] {
  const schema = schemaOf(field);
  const result = schema.safeParse(value);
  if (result.success) return [];
  const json = jsonSchemaOf(schema);
  const faults = result.error.issues.map(({ path }) => {
    const at = knownPath(json, path);
    const allowed = describeSchema(schemaAt(json, at) ?? json);
    return `${writePath(name, at)} is ${kindOf(memberAt(value, at))}; it has to be ${allowed}`;
  });
  return [...new Set(faults)];
}

/** Whether a part of a value is known only later. */
function isLater(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (pulumi.Output.isInstance(value) || value instanceof Promise) return true;
  return Object.values(value).some(isLater);
}

function refuse(faults: readonly string[]): void {
  if (faults.length === 0) return;
  throw new pulumi.RunError(faults.map((fault) => `the output ${fault}`).join("\n"));
}

/** A value that fits its schema as what the schema makes of it: with its defaults, secret where it says so. */
export function typedOutput<F extends Field>(
  field: F,
  value: pulumi.Output<unknown>,
): pulumi.Output<z.output<SchemaOf<F>>> {
  const parsed = value.apply((one) => schemaOf(field).parse(one));
  const held = isSecretField(field) ? pulumi.secret(parsed) : parsed;
  return held as pulumi.Output<z.output<SchemaOf<F>>>;
}

/** The outputs of a stack by their schema. Made by {@link defineOutputs}. */
export class OutputsSchema<F extends Fields> {
  /** The fields by their names. */
  readonly fields: F;

  /** @internal */
  constructor(fields: F) {
    this.fields = fields;
  }

  /**
   * The outputs to export: `export const { url, password } = outputs.export({ ... })`. Secret ones are secret
   * in the state; a value that does not fit ends the program with its name and what is allowed.
   *
   * @param values the value of each output
   */
  export(values: OutputArgs<F>): OutputValues<F> {
    const given = values as Readonly<Record<string, pulumi.Input<unknown>>>;
    const all = Object.entries(this.fields);
    const known = all.filter(([name]) => !isLater(given[name]));
    refuse(known.flatMap(([name, field]) => outputFaults(name, field, given[name])));
    const checked = all.map(([name, field]) => {
      const value = pulumi.output(given[name] as pulumi.Input<string>) as pulumi.Output<unknown>;
      const fits = value.apply((one) => {
        refuse(outputFaults(name, field, one));
        return one;
      });
      return [name, typedOutput(field, fits)];
    });
    return Object.fromEntries(checked) as OutputValues<F>;
  }
}

/**
 * Describes what a stack gives to others, once, in a file that both programs import.
 *
 * ```ts
 * export const registryOutputs = defineOutputs({ address: z.string(), password: secret(z.string()) });
 * ```
 *
 * @param fields what each output is, by its name
 */
export function defineOutputs<F extends Fields>(fields: F): OutputsSchema<F> {
  return new OutputsSchema(fields);
}
