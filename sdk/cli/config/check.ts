// `dockwright config check`: holds the files of the stacks against the program's settings, all of them at
// once, with lines. No engine is asked and no secret decrypted.
import type { ConfigProblem } from "../../config/check.ts";
import { say } from "../output.ts";
import { type ConfigFile, noFile, projectFile, stackFiles } from "./files.ts";
import { askSettings, requireProject, type SettingsOptions } from "./settings.ts";

export interface ConfigCheckOptions extends SettingsOptions {
  /** Of this stack only. */
  readonly stack?: string;
  readonly json?: boolean;
}

/** A problem with the place where the value stands, or would. */
interface Placed extends Omit<ConfigProblem, "kind"> {
  readonly kind: ConfigProblem["kind"] | "unreadable";
  readonly file: string;
  readonly line: number;
}

/** What a stack has: its own file's values over those of the project's. */
function entriesOf(own: ConfigFile, all: ConfigFile) {
  const entries = [...new Map([...all.entries, ...own.entries])];
  return entries.map(([key, { text, secret }]) => [key, { text, secret }] as const);
}

function placed(problem: ConfigProblem, own: ConfigFile, all: ConfigFile): Placed {
  const holder = !own.entries.has(problem.key) && all.entries.has(problem.key) ? all : own;
  const written = holder.entries.get(problem.key)?.written ?? problem.key;
  const line = holder.lineOf(["config", written, ...problem.at]);
  return { ...problem, file: holder.file, line };
}

/** What no settings can tell: a file that cannot be read. */
function unreadable({ file, trouble }: ConfigFile): readonly Placed[] {
  if (trouble === undefined) return [];
  const { line, says } = trouble;
  const at = { key: "", path: "", at: [], file, line };
  return [{ ...at, kind: "unreadable", message: `${file} ${says}`, fix: "mend it" }];
}

function print(
  stacks: readonly { readonly stack: string; readonly problems: readonly Placed[] }[],
) {
  for (const { stack, problems } of stacks) {
    if (problems.length === 0) say(`${stack}: fits`);
    for (const { file, line, message, fix } of problems) {
      say(`${file}:${line}: ${message}\n    fix: ${fix}`);
    }
  }
}

/** 0: all fit; 2: something does not; an error is 1. */
export async function configCheck(options: ConfigCheckOptions): Promise<number> {
  const manifest = await requireProject();
  const found = await stackFiles(manifest);
  const { stack: only } = options;
  const files: readonly (readonly [string, ConfigFile])[] =
    only === undefined ? [...found] : [[only, found.get(only) ?? noFile(manifest, only)]];
  const all = await projectFile(manifest);
  const asked = files.map(([stack, own]) => ({ stack, entries: entriesOf(own, all) }));
  const { problems } = await askSettings(manifest, options, asked);
  const stacks = files.map(([stack, own], index) => {
    const found = (problems[index] ?? []).map((one) => placed(one, own, all));
    const told = own.trouble === undefined ? [...found] : [...unreadable(own)];
    return { stack, file: own.file, problems: told.sort((a, b) => a.line - b.line) };
  });
  if (options.json) say(JSON.stringify({ project: manifest.name, stacks }, undefined, 2));
  else if (stacks.length === 0) say("there is no Pulumi.STACK.yaml to check");
  else print(stacks);
  return stacks.some((one) => one.problems.length > 0) ? 2 : 0;
}
