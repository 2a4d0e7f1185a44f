// `dockwright new TEMPLATE [DIR]`: writes a project that previews as it is. Nothing is contacted or
// installed, and a folder that has anything in it is refused.
import { mkdir, readdir, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { ErrorCode, SdkError } from "../errors.ts";
import { renderTable, say } from "./output.ts";
import {
  checkProjectName,
  describeTemplate,
  projectFiles,
  requireTemplate,
  templateNames,
} from "./templates.ts";

export interface NewOptions {
  /** The project's name. @defaultValue that of the folder */
  readonly name?: string;
  readonly json?: boolean;
}

/** What a new repository has before anything is in it. */
const notCounted = new Set([".git"]);

async function requireEmpty(directory: string): Promise<void> {
  const found = await readdir(directory).catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return [];
    const reason = `${directory} cannot be a project's folder: ${code ?? String(error)}`;
    throw new SdkError(ErrorCode.BadInput, reason, { fix: "name another", cause: error });
  });
  const there = found.filter((name) => !notCounted.has(name)).sort();
  if (there.length === 0) return;
  const some = there.slice(0, 3).join(", ") + (there.length > 3 ? ", ..." : "");
  throw new SdkError(ErrorCode.BadInput, `${directory} is not empty: it has ${some}`, {
    fix: "name a folder that is empty, or that is not there yet",
  });
}

async function writeProject(directory: string, files: ReadonlyMap<string, string>): Promise<void> {
  for (const [name, text] of files) {
    const file = path.join(directory, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text, { flag: "wx" });
  }
}

async function listTemplates({ json }: NewOptions): Promise<number> {
  const templates = await Promise.all(
    templateNames.map(async (name) => ({ name, description: await describeTemplate(name) })),
  );
  if (json) say(JSON.stringify({ templates }, undefined, 2));
  else {
    const rows = templates.map(({ name, description }) => [name, description]);
    say(renderTable(["template", "what it is"], rows));
    say("write one by: dockwright new TEMPLATE [DIR]");
  }
  return 0;
}

/** What a path is called from here, as one would type it. */
function fromHere(directory: string): string {
  const relative = path.relative(process.cwd(), directory);
  return relative.startsWith("..") ? directory : relative;
}

/** What a person runs next, in its order. */
function nextSteps(directory: string): readonly string[] {
  const here = fromHere(directory);
  return [
    ...(here === "" ? [] : [`cd ${/^[\w./-]+$/.test(here) ? here : JSON.stringify(here)}`]),
    "npm install",
    "npx dockwright setup",
    "npx dockwright pulumi stack select --create dev",
    "npx dockwright pulumi preview",
  ];
}

/** 0: written, or listed without a template; an error is 1, and then nothing is written. */
export async function newProject(
  name: string | undefined,
  dir: string | undefined,
  options: NewOptions,
): Promise<number> {
  if (name === undefined) return listTemplates(options);
  const template = requireTemplate(name);
  const directory = path.resolve(dir ?? options.name ?? template);
  const project = options.name ?? path.basename(directory);
  checkProjectName(project);
  await requireEmpty(directory);
  const files = await projectFiles(template, project);
  await writeProject(directory, files);
  const next = nextSteps(directory);
  if (options.json) {
    const written = [...files.keys()];
    say(JSON.stringify({ template, project, directory, files: written, next }, undefined, 2));
    return 0;
  }
  say(`${fromHere(directory) || "."}: ${await describeTemplate(template)}`);
  for (const file of files.keys()) say(`  ${file}`);
  say("next (README.md has more):");
  for (const step of next) say(`  ${step}`);
  return 0;
}
