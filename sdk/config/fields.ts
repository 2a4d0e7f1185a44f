// What a schema of configuration or of outputs is made of: a zod schema for each name, some of them
// marked as secret. The mark is a wrapper and no method of zod's, so that the types see it.
import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";

/** A field whose values are secrets. Made by {@link secret}. */
export interface SecretField<S extends z.ZodType = z.ZodType> {
  /** What its value has to be. */
  readonly secret: S;
}

/** One field: what its value has to be, and whether it is a secret. */
export type Field = z.ZodType | SecretField;

/** Fields by their names. */
export type Fields = { readonly [name: string]: Field };

/** The schema of a field, secret or not. */
export type SchemaOf<F extends Field> =
  F extends SecretField<infer S> ? S : F extends z.ZodType ? F : never;

/** What a program has of a secret field; nothing where it is optional and not set. */
export type SecretValue<T> = undefined extends T
  ? pulumi.Output<Exclude<T, undefined>> | undefined
  : pulumi.Output<T>;

/**
 * Marks a field as a secret: its value is an `Output` that stays secret in the state, it is refused where
 * it stands in plain, and no error says it.
 *
 * @param schema what the value has to be
 */
export function secret<S extends z.ZodType>(schema: S): SecretField<S> {
  return { secret: schema };
}

/** Whether a field is a secret. */
export function isSecretField(field: Field): field is SecretField {
  return "secret" in field;
}

/** The schema of a field. */
export function schemaOf(field: Field): z.ZodType {
  return isSecretField(field) ? field.secret : field;
}

/** A place in a value: names of members and indices of lists. */
export type ValuePath = readonly PropertyKey[];

/** A path as Pulumi writes it, such as `shop:hosts[0].port`. */
export function writePath(key: string, path: ValuePath): string {
  const parts = path.map((part) => {
    if (typeof part === "number") return `[${part}]`;
    const name = String(part);
    return /^[A-Za-z_][\w-]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
  });
  return key + parts.join("");
}
