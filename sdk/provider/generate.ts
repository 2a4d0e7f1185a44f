// Writes the public TypeScript classes of the resources (sdk/resources/) from their descriptions:
// `npm run generate`. A test holds what is there equal to what this gives.

import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { providerFields } from "./config.ts";
import type { Field, Fields } from "./fields.ts";
import { functions } from "./functions/all.ts";
import { allResources, tokenOf } from "./registry.ts";
import type { AnyResource } from "./resource.ts";
import { describeField } from "./schema.ts";

const header = "// Made by `npm run generate` from sdk/provider/resources. Do not edit.\n";
const lineWidth = 96;

/** The generated files by name. */
export async function generatedFiles(): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  const registry = await allResources();
  const shared = sharedTypes(registry.map(nestedTypes));
  for (const resource of registry) {
    files.set(`${resource.name.toLowerCase()}.ts`, resourceFile(resource, shared));
  }
  files.set("types.ts", typesFile(shared));
  files.set("provider.ts", providerFile());
  files.set("functions.ts", functionsFile());
  return files;
}

function wrap(text: string, prefix: string): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line !== "" && prefix.length + line.length + word.length + 1 > lineWidth) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].map((l) => `${prefix}${l}`).join("\n");
}

function docComment(text: string, indent: string): string {
  const oneLine = `${indent}/** ${text} */`;
  if (oneLine.length <= lineWidth) return oneLine;
  return `${indent}/**\n${wrap(text, `${indent} * `)}\n${indent} */`;
}

type Wrapping = "input" | "output" | "plain";

function typeText({ shape }: Field, wrapping: Wrapping): string {
  const item = (field: Field) => {
    const inner = typeText(field, wrapping);
    return wrapping === "input" ? `pulumi.Input<${inner}>` : inner;
  };
  switch (shape.kind) {
    case "choice":
      return shape.values.map((value) => JSON.stringify(value)).join(" | ");
    case "list": {
      const text = item(shape.element);
      return /^[\w.<>]+$/.test(text) ? `readonly ${text}[]` : `readonly (${text})[]`;
    }
    case "map":
      return `{ readonly [name: string]: ${item(shape.element)} }`;
    case "object":
      return wrapping === "input" ? `${shape.typeName}Args` : shape.typeName;
    case "integer":
      return "number";
    case "string":
    case "number":
    case "boolean":
      return shape.kind;
  }
}

function member(name: string, field: Field, wrapping: Wrapping, inherited?: string): string {
  const text = typeText(field, wrapping);
  const type = wrapping === "input" ? `pulumi.Input<${text}>` : text;
  const optional = field.options.required === true ? "" : "?";
  return `${docComment(describeField(field, inherited), "  ")}\n  readonly ${name}${optional}: ${type};`;
}

/** The object types that some fields are made of, inner ones first. */
function objectTypes(fields: Fields): ReadonlyMap<string, Fields> {
  const found = new Map<string, Fields>();
  const visit = ({ shape }: Field): void => {
    if (shape.kind === "list" || shape.kind === "map") visit(shape.element);
    if (shape.kind !== "object") return;
    for (const field of Object.values(shape.fields)) visit(field);
    found.set(shape.typeName, shape.fields);
  };
  for (const field of Object.values(fields)) visit(field);
  return found;
}

function interfaceText(
  name: string,
  doc: string,
  fields: Fields,
  wrapping: Wrapping,
  inherited?: string,
): string {
  const members = Object.entries(fields).map(([key, field]) =>
    member(key, field, wrapping, inherited),
  );
  return `${docComment(doc, "")}\nexport interface ${name} {\n${members.join("\n")}\n}\n`;
}

/** The inputs that a program gives. */
function givenInputs({ inputs }: AnyResource): Fields {
  return Object.fromEntries(
    Object.entries(inputs).filter(([, field]) => field.options.computed !== true),
  );
}

type TypeTexts = ReadonlyMap<string, string>;

/** The object types of a resource by name: as arguments, and as they are. */
function nestedTypes(resource: AnyResource): TypeTexts {
  const outputs = { ...resource.inputs, ...resource.outputs };
  const given = [...objectTypes(givenInputs(resource))].map(
    ([name, fields]) =>
      [
        `${name}Args`,
        interfaceText(`${name}Args`, `Arguments: ${name}.`, fields, "input", "part"),
      ] as const,
  );
  const seen = [...objectTypes(outputs)].map(
    ([name, fields]) =>
      [name, interfaceText(name, `As it is: ${name}.`, fields, "plain", "part")] as const,
  );
  return new Map([...given, ...seen]);
}

/** The types that several resources have, once; one name for two of them is refused. */
function sharedTypes(each: readonly TypeTexts[]): TypeTexts {
  const all = new Map<string, string>();
  const shared = new Map<string, string>();
  for (const [name, text] of each.flatMap((types) => [...types])) {
    const known = all.get(name);
    if (known !== undefined && known !== text) throw new Error(`two types are called ${name}`);
    if (known !== undefined) shared.set(name, text);
    all.set(name, text);
  }
  return shared;
}

function typesFile(shared: TypeTexts): string {
  const head = 'import type * as pulumi from "@pulumi/pulumi";\n';
  return [header, head, ...shared.values()].join("\n");
}

function resourceFile(resource: AnyResource, shared: TypeTexts): string {
  const nested = [...nestedTypes(resource)];
  const own = nested.filter(([name]) => !shared.has(name)).map(([, text]) => text);
  const body = [
    ...own,
    interfaceText(
      `${resource.name}ResourceArgs`,
      `Arguments of ${resource.name}Resource.`,
      givenInputs(resource),
      "input",
    ),
    classText(resource, { ...resource.inputs, ...resource.outputs }),
  ].join("\n");
  const used = nested.map(([name]) => name).filter((name) => shared.has(name));
  // Not those that stand in other shared types alone.
  const names = used.filter((name) => new RegExp(`\\b${name}\\b`).test(body)).sort();
  const types =
    names.length === 0 ? "" : `import type {\n  ${names.join(",\n  ")},\n} from "./types.ts";\n`;
  return [
    header,
    `import * as pulumi from "@pulumi/pulumi";\nimport { QuietResource } from "../quiet-resource.ts";\n${types}`,
    body,
  ].join("\n");
}

function classText(resource: AnyResource, outputs: Fields): string {
  const fields = Object.entries(outputs).map(([name, field]) => {
    const optional =
      field.options.required === true || field.options.computed === true || name === "name";
    const type = `${typeText(field, "plain")}${optional ? "" : " | undefined"}`;
    return `${docComment(describeField(field), "  ")}\n  declare readonly ${name}: pulumi.Output<${type}>;`;
  });
  const secrets = Object.entries(outputs)
    .filter(([, field]) => field.options.secret === true)
    .map(([name]) => JSON.stringify(name));
  const options =
    secrets.length === 0
      ? "opts"
      : `pulumi.mergeOptions({ additionalSecretOutputs: [${secrets.join(", ")}] }, opts)`;
  const names = Object.keys(outputs).map((name) => `      ${name}: undefined,`);
  const token = tokenOf(resource.name);
  return `${docComment(resource.doc, "")}
export class ${resource.name}Resource extends QuietResource {
${fields.join("\n")}

  constructor(
    name: string,
    args: ${resource.name}ResourceArgs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    const props = {
${names.join("\n")}
      ...(opts?.id === undefined ? args : {}),
    };
    super("${token}", name, props, ${options});
  }
}
`;
}

/** The places of secrets in values of some fields: `key`, `ssh.jumps.*.privateKey`. */
function secretPlaces(fields: Fields): readonly string[] {
  const inside = ({ shape, options }: Field): readonly string[] => {
    if (options.secret === true) return [""];
    if (shape.kind === "object") return secretPlaces(shape.fields).map((place) => `.${place}`);
    if (shape.kind === "list") return inside(shape.element).map((place) => `.*${place}`);
    return [];
  };
  return Object.entries(fields).flatMap(([name, field]) =>
    inside(field).map((place) => name + place),
  );
}

/** As elsewhere, but objects are plain: an Output of one would be secret as a whole. */
function plainObjects(text: string): string {
  return text
    .replace(/pulumi\.Input<readonly pulumi\.Input<(\w+Args)>\[\]>/g, "readonly $1[]")
    .replace(/pulumi\.Input<(\w+Args)>/g, "$1");
}

function providerFile(): string {
  const nested = [...objectTypes(providerFields)].map(([name, fields]) =>
    interfaceText(`${name}Args`, `Arguments: ${name}.`, fields, "input", "update"),
  );
  const args = interfaceText(
    "ProviderResourceArgs",
    "Arguments of ProviderResource.",
    providerFields,
    "input",
  );
  const places = secretPlaces(providerFields)
    .map((place) => `  ${JSON.stringify(place)},`)
    .join("\n");
  return `${header}
import * as pulumi from "@pulumi/pulumi";
import { withSecrets } from "../secret-args.ts";

${plainObjects([...nested, args].join("\n"))}
const secretPlaces = [
${places}
];

/** A machine and its Docker daemon, and the credentials for them, which stand in the state once. */
export class ProviderResource extends pulumi.ProviderResource {
  /** The configuration, for what works on several machines at once. */
  readonly connection: ProviderResourceArgs;

  constructor(name: string, args: ProviderResourceArgs, opts?: pulumi.ResourceOptions) {
    super("dockwright", name, withSecrets(args, secretPlaces), opts);
    this.connection = args;
  }
}
`;
}

/** The functions, each with what it takes and gives. */
function functionsFile(): string {
  const nested = new Map<string, Fields>();
  const parts = functions.map(({ name, doc, inputs, outputs }) => {
    const kind = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    for (const [type, fields] of objectTypes(outputs)) nested.set(type, fields);
    return [
      interfaceText(`${kind}Args`, `Arguments of ${name}.`, inputs, "input", "part"),
      interfaceText(`${kind}Result`, `What ${name} gives.`, outputs, "plain", "part"),
      `${docComment(doc, "")}
export function ${name}(
  args: ${kind}Args,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<${kind}Result> {
  return pulumi.runtime.invokeOutput("${tokenOf(name)}", { ...args }, opts);
}
`,
    ].join("\n");
  });
  const types = [...nested].map(([name, fields]) =>
    interfaceText(name, `As it is: ${name}.`, fields, "plain", "part"),
  );
  const head = 'import * as pulumi from "@pulumi/pulumi";\n';
  return [header, head, ...types, ...parts].join("\n");
}

/** Writes them; what is there and not made any more goes. */
export async function writeGenerated(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const files = await generatedFiles();
  for (const name of readdirSync(folder)) {
    if (name.endsWith(".ts") && !files.has(name)) rmSync(join(folder, name));
  }
  for (const [name, text] of files) writeFileSync(join(folder, name), text);
}

if (import.meta.main) await writeGenerated(join(import.meta.dirname, "../resources"));
