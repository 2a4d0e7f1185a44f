// `dockwright import compose FILE...`: writes a typed program from Compose files. Nothing is contacted,
// and no file is overwritten.
import { writeFile } from "node:fs/promises";
import * as path from "node:path";
import { planCompose } from "../compose/compose.ts";
import { withFiles } from "../compose/include.ts";
import { chosenBy } from "../compose/open.ts";
import { writeProgram } from "../compose/program.ts";
import { ErrorCode, SdkError } from "../errors.ts";
import { say } from "./output.ts";

export interface ImportComposeOptions {
  /** The program to write; `-` is standard output. */
  readonly out: string;
  readonly profile?: readonly string[];
  readonly json?: boolean;
  readonly force?: boolean;
}

async function write(file: string, text: string, force: boolean): Promise<void> {
  await writeFile(file, text, { flag: force ? "w" : "wx" }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    throw new SdkError(ErrorCode.BadInput, `${file} is there already`, {
      fix: "name another by --out, or give --force",
    });
  });
}

/** The files and profiles that are named; else those of COMPOSE_FILE and COMPOSE_PROFILES; else what is usual. */
function meant(files: readonly string[], { profile }: ImportComposeOptions) {
  const chosen = chosenBy(withFiles(process.env, ".", []));
  const [first = ".", ...overrides] = files.length > 0 ? files : chosen.files;
  return { first, overrides, profiles: profile ?? chosen.profiles };
}

/** 0: written; an error is 1. Keys that are not carried over are told, each with its line. */
export async function importCompose(
  files: readonly string[],
  options: ImportComposeOptions,
): Promise<number> {
  const { first, overrides, profiles } = meant(files, options);
  const plan = planCompose(first, { overrides, profiles });
  const to = options.out === "-" ? "." : path.dirname(options.out);
  const { text, secrets } = writeProgram(plan, files, to);
  if (options.out === "-") {
    process.stdout.write(text);
    return 0;
  }
  await write(options.out, text, options.force ?? false);
  if (options.json) {
    const { left } = plan;
    say(
      JSON.stringify(
        { program: options.out, services: plan.services.length, left, secrets },
        undefined,
        2,
      ),
    );
    return 0;
  }
  say(`${options.out}: ${plan.services.length} services of ${plan.name}`);
  for (const { file, line, path: key, why } of plan.left) {
    const named = path.relative(".", path.join(plan.folder, file));
    say(`${named}:${line}: ${key} is not carried over: ${why}`);
  }
  for (const key of secrets) say(`set its secret by: pulumi config set --secret ${key}`);
  return 0;
}
