// The JSON schema of `Pulumi.STACK.yaml`: what editors know of the keys under `config:`. Pulumi takes a
// number or `true` as itself and as text, and writes what `config set` was given as text.
import { type Field, type Fields, isSecretField, schemaOf } from "./fields.ts";
import { type JsonSchema, jsonSchemaOf } from "./words.ts";

/** What stands where a value is encrypted. */
const encrypted: JsonSchema = {
  type: "object",
  properties: { secure: { type: "string" } },
  required: ["secure"],
  additionalProperties: false,
  description: "a secret, as `pulumi config set --secret` writes it",
};

/** In a secret, any text, list or object may be encrypted as a part. */
const secretly: JsonSchema = {
  anyOf: [encrypted, { type: "object" }, { type: "array" }],
  description: "a secret; set it by `pulumi config set --secret`",
};

const numberText = {
  type: "string",
  pattern: "^\\s*[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?\\s*$",
};
const jsonText = { type: "string", pattern: "^\\s*[\\[{]" };

function asWritten(schema: JsonSchema): readonly JsonSchema[] {
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return choices.flatMap(asWritten);
  switch (schema.type) {
    case "integer":
    case "number":
      return [schema, numberText];
    case "boolean":
      return [schema, { enum: ["true", "false"] }];
    case "object":
    case "array":
      return [schema, jsonText];
    case "string":
      // YAML reads 8080 and true as no text, and Pulumi as one.
      return [schema, { type: ["number", "boolean"] }];
    default:
      return [schema];
  }
}

function keySchema(field: Field): JsonSchema {
  const json = jsonSchemaOf(schemaOf(field));
  const { description, default: otherwise, title } = json;
  const told = {
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
  };
  if (isSecretField(field)) return { ...secretly, ...told };
  const { default: _, description: __, title: ___, ...bare } = json;
  const written = asWritten(bare);
  const [only] = written;
  const body = written.length === 1 && only !== undefined ? only : { anyOf: written };
  return { ...body, ...told, ...(otherwise === undefined ? {} : { default: otherwise }) };
}

/** What may stand at the keys of fields, and which of them have to stand. */
export function keySchemas(
  namespace: string,
  fields: Fields,
): {
  readonly properties: Readonly<Record<string, JsonSchema>>;
  readonly required: readonly string[];
} {
  const all = Object.entries(fields);
  const isRequired = ([, field]: [string, Field]) => !schemaOf(field).safeParse(undefined).success;
  return {
    properties: Object.fromEntries(
      all.map(([name, field]) => [`${namespace}:${name}`, keySchema(field)]),
    ),
    required: all.filter(isRequired).map(([name]) => `${namespace}:${name}`),
  };
}
