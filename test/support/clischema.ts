// The JSON schemas that docs/cli.md and docs/deploys.md show, to hold what the command prints against them.
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { Ajv, type SchemaObject } from "ajv";
import { packageRoot } from "../../sdk/engine/package.ts";

const text = ["cli.md", "deploys.md"]
  .map((file) => readFileSync(path.join(packageRoot(), "docs", file), "utf8"))
  .join("\n");
const ajv = new Ajv({ allErrors: true });
const known = new Set<string>();
for (const [, block = ""] of text.matchAll(/^```json\n(.*?)^```$/gms)) {
  const schema = JSON.parse(block) as SchemaObject;
  if (schema.$id === undefined) continue;
  ajv.addSchema(schema);
  known.add(schema.$id.replace("dockwright/", ""));
}

/** The verbs that have one. */
export const schemas: ReadonlySet<string> = known;

/** The value, where it is as the schema of that verb says; throws what is wrong. */
export function asPrinted<T = unknown>(verb: string, value: unknown): T {
  const check = ajv.getSchema(`dockwright/${verb}`);
  if (check === undefined)
    throw new Error(`docs/cli.md and docs/deploys.md have no schema of ${verb}`);
  if (check(value) === true) return value as T;
  throw new Error(`${verb}: ${ajv.errorsText(check.errors)}`);
}
