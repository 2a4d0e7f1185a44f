// Pulumi.yaml, as far as the set-up needs it: the project's name, its backend, its plugin paths.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import * as path from "node:path";
import { parse } from "yaml";
import { runtimeOptions } from "./langhost/command.ts";

/** What the set-up reads from a project file. */
export interface ProjectManifest {
  /** The folder of the project file. */
  readonly directory: string;
  readonly name: string;
  /** `backend.url`, when the project names one. */
  readonly backendUrl: string | undefined;
  /** `stackConfigDir`: where the stacks' configuration is, when the project names a folder. */
  readonly configFolder: string | undefined;
  /** `main`: the program or its folder, as written; the folder of the project file where it is not. */
  readonly main: string;
  /** `runtime.options.nodeargs`: what node is given before the program. */
  readonly nodeArgs: readonly string[];
  /** Paths under `plugins.providers` by plugin name, as written. */
  readonly pluginPaths: Readonly<Record<string, string>>;
}

const fileNames = ["Pulumi.yaml", "Pulumi.yml", "Pulumi.json"];

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

/** Reads the text of a project file; what is not understood is left out. */
export function parseManifest(text: string, directory: string): ProjectManifest {
  const root = record(parse(text));
  const url = record(root.backend).url;
  const providers = record(root.plugins).providers;
  const paths = (Array.isArray(providers) ? providers : []).flatMap((each: unknown) => {
    const { name, path: place } = record(each);
    return typeof name === "string" && typeof place === "string" ? [[name, place] as const] : [];
  });
  return {
    directory,
    name: typeof root.name === "string" ? root.name : "",
    backendUrl: typeof url === "string" && url !== "" ? url : undefined,
    configFolder: typeof root.stackConfigDir === "string" ? root.stackConfigDir : undefined,
    main: typeof root.main === "string" ? root.main : ".",
    nodeArgs: runtimeOptions(record(record(root.runtime).options)).nodeargs,
    pluginPaths: Object.fromEntries(paths),
  };
}

/** The project file of a folder, or of the nearest folder above it. */
export function findProjectFile(from: string): string | undefined {
  let directory = path.resolve(from);
  for (;;) {
    const name = fileNames.find((each) => existsSync(path.join(directory, each)));
    if (name !== undefined) return path.join(directory, name);
    const parent = path.dirname(directory);
    if (parent === directory) return undefined;
    directory = parent;
  }
}

/** The project that a folder belongs to, if it belongs to one. */
export async function readManifest(from: string): Promise<ProjectManifest | undefined> {
  const file = findProjectFile(from);
  if (file === undefined) return undefined;
  return parseManifest(await readFile(file, "utf8"), path.dirname(file));
}
