// The settings of a project: which file exports them, and asking it in a process of its own.
import { fork } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { type ProjectManifest, readManifest } from "../../engine/index.ts";
import { ErrorCode, SdkError } from "../../errors.ts";
import type { SettingsAnswer, SettingsRequest } from "./reader.ts";

/** Where the verbs look. */
export interface SettingsOptions {
  /** The file that exports the settings. @defaultValue config.ts beside the program */
  readonly from?: string;
}

const fileNames = ["config.ts", "config.mts", "config.js", "config.mjs"];

/** The project that this folder belongs to. */
export async function requireProject(): Promise<ProjectManifest> {
  const found = await readManifest(process.cwd());
  if (found !== undefined) return found;
  throw new SdkError(ErrorCode.BadInput, "there is no Pulumi.yaml here or above", {
    fix: "run it in the folder of a project",
  });
}

function programFolder({ directory, main }: ProjectManifest): string {
  const place = path.resolve(directory, main);
  return existsSync(place) && statSync(place).isDirectory() ? place : path.dirname(place);
}

function settingsFile(manifest: ProjectManifest, { from }: SettingsOptions): string {
  const folder = programFolder(manifest);
  const names = from === undefined ? fileNames.map((name) => path.join(folder, name)) : [from];
  const found = names.map((name) => path.resolve(name)).find((name) => existsSync(name));
  if (found !== undefined) return found;
  const what = from ?? `${folder} has no ${fileNames.join(", ")}`;
  throw new SdkError(ErrorCode.Missing, `the settings were not found: ${what}`, {
    fix: "write a config.ts that exports what defineConfig gives, or name the file by --from",
  });
}

/** Long enough for a compiler on a busy machine. */
const longestMs = 120_000;

function ask(manifest: ProjectManifest, request: SettingsRequest): Promise<SettingsAnswer> {
  const reader = fileURLToPath(
    new URL(`./reader${path.extname(import.meta.url)}`, import.meta.url),
  );
  return new Promise((resolve, reject) => {
    const child = fork(reader, {
      cwd: programFolder(manifest),
      execArgv: [...manifest.nodeArgs],
      // What is printed while it is imported is no answer of ours.
      stdio: ["ignore", process.stderr, "inherit", "ipc"],
      timeout: longestMs,
    });
    child.once("error", reject);
    child.once("message", (said) => resolve(said as SettingsAnswer));
    child.once("exit", (code, signal) => {
      const how = signal === null ? `exit code ${code ?? ""}` : `the signal ${signal}`;
      resolve({ failed: `its process ended with ${how} and no answer` });
    });
    child.send(request);
  });
}

/** What the settings of a project say of the values of stacks. */
export async function askSettings(
  manifest: ProjectManifest,
  options: SettingsOptions,
  stacks: SettingsRequest["stacks"],
): Promise<Exclude<SettingsAnswer, { readonly failed: string }> & { readonly file: string }> {
  const file = settingsFile(manifest, options);
  const said = await ask(manifest, { file, project: manifest.name, stacks });
  const name = path.relative(process.cwd(), file);
  if ("failed" in said) {
    throw new SdkError(ErrorCode.CommandFailed, `${name} could not be imported: ${said.failed}`, {
      fix: "it has to run outside of Pulumi: export the settings there, and call load() in the program",
    });
  }
  if (said.keys.length > 0) return { ...said, file };
  throw new SdkError(ErrorCode.BadInput, `${name} exports no settings`, {
    fix: "export what defineConfig gives",
  });
}
