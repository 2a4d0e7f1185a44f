// The package schema that `pulumi package get-schema` shows, made from the descriptions.
// See https://www.pulumi.com/docs/iac/extending-pulumi/schema/ for its form.

import { version } from "../version.ts";
import { providerFields } from "./config.ts";
import type { Field, Fields } from "./fields.ts";
import { functions } from "./functions/all.ts";
import { allResources, tokenOf } from "./registry.ts";

type Json = { [key: string]: unknown };

function typeSchema(field: Field, types: Json): Json {
  const { shape } = field;
  switch (shape.kind) {
    case "choice":
      return { type: "string" };
    case "list":
      return { type: "array", items: typeSchema(shape.element, types) };
    case "map":
      return { type: "object", additionalProperties: typeSchema(shape.element, types) };
    case "object": {
      const token = tokenOf(shape.typeName);
      types[token] = { type: "object", ...propertiesSchema(shape.fields, types) };
      return { type: "object", $ref: `#/types/${token}` };
    }
    case "string":
    case "integer":
    case "number":
    case "boolean":
      return { type: shape.kind };
  }
}

/** The words of a field: its own, what it may be, its default, and what a change does. */
export function describeField(field: Field, inherited = "replace"): string {
  const { doc, onChange, default: fallback } = field.options;
  const values = field.shape.kind === "choice" ? ` One of ${field.shape.values.join(", ")}.` : "";
  const change = onChange ?? inherited;
  const words = {
    replace: " Changing it replaces the resource.",
    update: " Changing it updates in place.",
    ignore: " Changing it alone changes nothing.",
  };
  const changeText = Object.hasOwn(words, change) ? words[change as keyof typeof words] : "";
  const removal = field.options.onRemove ?? change;
  const removeText =
    removal === change || removal !== "replace" ? "" : " Taking it away replaces the resource.";
  const defaultText = fallback === undefined ? "" : ` Default: ${fallback}.`;
  return `${doc}${values}${changeText}${removeText}${defaultText}`;
}

function propertiesSchema(fields: Fields, types: Json, inherited?: string): Json {
  const properties: Json = {};
  const required: string[] = [];
  for (const [name, field] of Object.entries(fields)) {
    const secret = field.options.secret === true ? { secret: true } : {};
    properties[name] = {
      ...typeSchema(field, types),
      description: describeField(field, inherited),
      ...secret,
    };
    if (field.options.required === true) required.push(name);
  }
  return { properties, required };
}

function pick(fields: Fields, computed: boolean): Fields {
  return Object.fromEntries(
    Object.entries(fields).filter(([, field]) => (field.options.computed ?? false) === computed),
  );
}

/** The whole schema, as JSON. */
export async function pluginSchema(): Promise<Json> {
  const types: Json = {};
  const resources: Json = {};
  for (const resource of await allResources()) {
    const inputs = propertiesSchema(pick(resource.inputs, false), types);
    const outputs = propertiesSchema({ ...resource.inputs, ...resource.outputs }, types);
    resources[tokenOf(resource.name)] = {
      description: resource.doc,
      inputProperties: inputs["properties"],
      requiredInputs: inputs["required"],
      properties: outputs["properties"],
      required: outputs["required"],
    };
  }
  const calls: Json = {};
  for (const { name, doc, inputs, outputs } of functions) {
    calls[tokenOf(name)] = {
      description: doc,
      inputs: { type: "object", ...propertiesSchema(inputs, types, "part") },
      outputs: { type: "object", ...propertiesSchema(outputs, types, "part") },
    };
  }
  const config = propertiesSchema(providerFields, types);
  return {
    name: "dockwright",
    version,
    displayName: "Dockwright",
    description:
      "Takes machines to running containers, and changes containers only by replacing them.",
    license: "Apache-2.0",
    language: { nodejs: { packageName: "dockwright" } },
    provider: {
      description: "A Docker daemon, and the credentials for it.",
      inputProperties: config["properties"],
      requiredInputs: config["required"],
    },
    types,
    resources,
    functions: calls,
  };
}
