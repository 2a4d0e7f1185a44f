// The verbs of `dockwright config`.
import type { Command } from "commander";
import type { ConfigCheckOptions } from "./check.ts";
import type { ConfigSchemaOptions } from "./schema.ts";

const from = [
  "--from <file>",
  "what exports the settings (default: config.ts beside the program)",
] as const;

/** Adds the verbs. `verb` runs one: it sets the exit code, and says errors. */
export function registerConfig(
  program: Command,
  verb: (run: () => Promise<number>) => Promise<void>,
): void {
  const config = program
    .command("config")
    .description("the configuration of the stacks against the schema of the program");
  config
    .command("check")
    .description("hold every Pulumi.STACK.yaml against the schema: all that is wrong, with lines")
    .option("-s, --stack <name>", "of this stack only (default: of all that have a file)")
    .option(...from)
    .option("--json", "print what is wrong as JSON")
    .action((options: ConfigCheckOptions) =>
      verb(async () => (await import("./check.ts")).configCheck(options)),
    );
  config
    .command("schema")
    .description("write the JSON schema of Pulumi.STACK.yaml, for editors")
    .option("-o, --out <file>", "the file; - is standard output", "dockwright.config.schema.json")
    .option(...from)
    .action((options: ConfigSchemaOptions) =>
      verb(async () => (await import("./schema.ts")).configSchema(options)),
    );
}
