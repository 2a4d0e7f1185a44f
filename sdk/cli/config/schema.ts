// `dockwright config schema`: the JSON schema of `Pulumi.STACK.yaml`, for editors.
import { writeFile } from "node:fs/promises";
import * as path from "node:path";
import type { KeySchemas } from "../../config/settings.ts";
import { say } from "../output.ts";
import { projectFile } from "./files.ts";
import { askSettings, requireProject, type SettingsOptions } from "./settings.ts";

export interface ConfigSchemaOptions extends SettingsOptions {
  /** The file to write; `-` is standard output. */
  readonly out: string;
}

const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, "\\$&");

/** Keys of other namespaces are anything; of ours, only what is in the schema. */
function othersPattern(all: readonly KeySchemas[]): string {
  const closed = [...new Set(all.filter((one) => !one.allowUnknown).map((one) => one.namespace))];
  const not = closed.map((namespace) => `(?!${escaped(namespace)}:)`).join("");
  return `^${not}[^:]+:.+$`;
}

/** The schema of a stack's file; `set` are keys that the project file sets for all stacks. */
export function fileSchema(
  project: string,
  all: readonly KeySchemas[],
  set: ReadonlySet<string>,
): object {
  const required = all.flatMap((one) => one.required).filter((key) => !set.has(key));
  const config = {
    type: "object",
    properties: Object.assign({}, ...all.map((one) => one.properties)) as object,
    patternProperties: { [othersPattern(all)]: {} },
    additionalProperties: false,
    ...(required.length === 0 ? {} : { required }),
  };
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: `Pulumi.STACK.yaml of ${project}`,
    type: "object",
    properties: { config: required.length === 0 ? { anyOf: [config, { type: "null" }] } : config },
    ...(required.length === 0 ? {} : { required: ["config"] }),
  };
}

/** 0: written; an error is 1. */
export async function configSchema(options: ConfigSchemaOptions): Promise<number> {
  const manifest = await requireProject();
  const { keys } = await askSettings(manifest, options, []);
  const { entries } = await projectFile(manifest);
  const schema = fileSchema(manifest.name, keys, new Set(entries.keys()));
  const text = `${JSON.stringify(schema, undefined, 2)}\n`;
  if (options.out === "-") {
    process.stdout.write(text);
    return 0;
  }
  await writeFile(options.out, text);
  say(`${options.out}: the first line of a Pulumi.STACK.yaml names it to editors:`);
  say(
    `# yaml-language-server: $schema=${path.relative(manifest.directory, path.resolve(options.out))}`,
  );
  return 0;
}
