// The configuration files of a project as values with their places: `Pulumi.STACK.yaml`, and what
// `Pulumi.yaml` sets for all stacks. No secret is decrypted, and no engine asked.
import { readdir, readFile } from "node:fs/promises";
import * as path from "node:path";
import { LineCounter, parseDocument } from "yaml";
import type { ConfigEntry } from "../../config/check.ts";
import { findProjectFile, type ProjectManifest } from "../../engine/manifest.ts";
import { isValues, lineIn, type Values, type YamlPlace } from "../../yaml-lines.ts";

/** A value as it stands in a file. */
export interface FileEntry extends ConfigEntry {
  /** The key as it is written. */
  readonly written: string;
}

/** A file of configuration. */
export interface ConfigFile {
  /** Its path, from here. */
  readonly file: string;
  /** Its values by their keys, `namespace:name`. */
  readonly entries: ReadonlyMap<string, FileEntry>;
  /** Why it cannot be read. */
  readonly trouble?: { readonly line: number; readonly says: string };
  /** The line of a value, or of the nearest above it. */
  readonly lineOf: (place: YamlPlace) => number;
}

/** Whether a value is encrypted, or a part of it is. */
function hasSecret(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasSecret);
  if (!isValues(value)) return false;
  const { secure, ...others } = value;
  return (
    (typeof secure === "string" && Object.keys(others).length === 0) ||
    Object.values(value).some(hasSecret)
  );
}

/** A value as Pulumi hands it to the program; nothing where it is encrypted. */
function textOf(value: unknown): string | undefined {
  if (hasSecret(value)) return undefined;
  // `key:` with nothing behind it is an empty text.
  if (value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

const entryOf = (written: string, value: unknown): FileEntry => ({
  written,
  text: textOf(value),
  secret: hasSecret(value),
});

/** Pulumi once wrote `shop:config:port`, and still reads it. */
const cleanKey = (key: string) => key.replace(/^([^:]+):config:/, "$1:");

interface Read {
  readonly values: Values;
  readonly trouble?: { readonly line: number; readonly says: string };
  readonly lineOf: (place: YamlPlace) => number;
}

function readConfig(text: string): Read {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const lineOf = (place: YamlPlace) => lineIn(document, lines, place);
  const [wrong] = document.errors;
  if (wrong !== undefined) {
    const line = lines.linePos(wrong.pos[0]).line;
    const says = `is no YAML: ${wrong.message.split("\n")[0] ?? ""}`;
    return { values: {}, trouble: { line, says }, lineOf };
  }
  const root: unknown = document.toJS({ maxAliasCount: 100 }) ?? {};
  const config = isValues(root) ? (root["config"] ?? {}) : root;
  if (isValues(config)) return { values: config, lineOf };
  const says = isValues(root) ? "has a config: that is no map" : "is no map";
  return { values: {}, trouble: { line: lineOf(["config"]), says }, lineOf };
}

/** A key without a namespace is one of the project's own. */
const wholeKey = (key: string, project: string) =>
  key.includes(":") ? cleanKey(key) : `${project}:${key}`;

/** The file of a stack from its text. */
export function parseStackFile(file: string, text: string, project: string): ConfigFile {
  const { values, ...read } = readConfig(text);
  const entries = Object.entries(values).map(
    ([key, value]) => [wholeKey(key, project), entryOf(key, value)] as const,
  );
  return { ...read, file, entries: new Map(entries) };
}

/** What a project file sets for all stacks: a value, or a declaration that has one. */
function projectEntry(key: string, given: unknown): readonly FileEntry[] {
  if (!isValues(given)) return given === null ? [] : [entryOf(key, given)];
  const value = given["value"] ?? given["default"];
  if (value === undefined) return [];
  return [{ ...entryOf(key, value), secret: given["secret"] === true || hasSecret(value) }];
}

/** What the project file has for all stacks, from its text. */
export function parseProjectFile(file: string, text: string, project: string): ConfigFile {
  const { values, ...read } = readConfig(text);
  const entries = Object.entries(values).flatMap(([key, given]) => {
    return projectEntry(key, given).map((entry) => [wholeKey(key, project), entry] as const);
  });
  return { ...read, file, entries: new Map(entries) };
}

const stackFile = /^Pulumi\.(.+)\.(?:yaml|yml|json)$/;

const fromHere = (file: string) => path.relative(process.cwd(), file) || file;

/** The files of the stacks, by their names, in the order of them. */
export async function stackFiles(
  manifest: ProjectManifest,
): Promise<ReadonlyMap<string, ConfigFile>> {
  const folder = path.resolve(manifest.directory, manifest.configFolder ?? ".");
  const found = (await readdir(folder).catch(() => [])).sort().flatMap((name) => {
    const stack = stackFile.exec(name)?.[1];
    return stack === undefined ? [] : [[stack, path.join(folder, name)] as const];
  });
  const read = found.map(async ([stack, file]) => {
    const text = await readFile(file, "utf8");
    return [stack, parseStackFile(fromHere(file), text, manifest.name)] as const;
  });
  return new Map(await Promise.all(read));
}

/** A stack that has no file has nothing set. */
export function noFile(manifest: ProjectManifest, stack: string): ConfigFile {
  const folder = path.resolve(manifest.directory, manifest.configFolder ?? ".");
  return parseStackFile(fromHere(path.join(folder, `Pulumi.${stack}.yaml`)), "", manifest.name);
}

/** The project file. */
export async function projectFile(manifest: ProjectManifest): Promise<ConfigFile> {
  const file = findProjectFile(manifest.directory) ?? "";
  return parseProjectFile(fromHere(file), await readFile(file, "utf8"), manifest.name);
}
