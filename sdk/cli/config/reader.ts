// A process of its own that imports the file with the program's settings, as a program is run, and answers
// on its channel: what their schemas are, and what is wrong with the values of each stack. What the file
// prints goes to standard error.
import { pathToFileURL } from "node:url";
import type { ConfigEntry, ConfigProblem } from "../../config/check.ts";
import { isSettings } from "../../config/mark.ts";
import type { KeySchemas } from "../../config/settings.ts";
import { describeError } from "../../errors.ts";

/** What it is asked. */
export interface SettingsRequest {
  /** The file that exports the settings, absolute. */
  readonly file: string;
  readonly project: string;
  readonly stacks: readonly {
    readonly stack: string;
    readonly entries: readonly (readonly [key: string, entry: ConfigEntry])[];
  }[];
}

/** What it answers: of each settings of the file, and of each stack in the order of the request. */
export type SettingsAnswer =
  | { readonly failed: string }
  | {
      readonly keys: readonly KeySchemas[];
      readonly problems: readonly (readonly ConfigProblem[])[];
    };

async function answer({ file, project, stacks }: SettingsRequest): Promise<SettingsAnswer> {
  const module = (await import(pathToFileURL(file).href)) as Readonly<Record<string, unknown>>;
  const settings = [...new Set(Object.values(module).filter(isSettings))];
  return {
    keys: settings.map((one) => one.keys(project)),
    problems: stacks.map(({ stack, entries }) =>
      settings.flatMap((one) => one.check({ project, stack }, new Map(entries)).problems),
    ),
  };
}

process.once("message", (request: SettingsRequest) => {
  void answer(request)
    .catch((error: unknown) => ({ failed: describeError(error) }))
    .then((said) => process.send?.(said, () => process.exit()));
});
