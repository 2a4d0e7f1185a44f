// The files of a composition: which they are where only a folder is named, and each of them read once,
// its variables filled in.
import { existsSync, readFileSync, statSync } from "node:fs";
import * as path from "node:path";
import { ErrorCode, SdkError } from "../errors.ts";
import { interpolateAll, type Variables } from "./interpolate.ts";
import { readSource, type Source, type Values } from "./source.ts";

/** A file that was read. */
export interface Opened {
  readonly source: Source;
  readonly root: Values;
}

const usual = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];
const usualOverrides = usual.map((name) => name.replace(/\.(ya?ml)$/, ".override.$1"));

/** The text of a file; MISSING where there is none. */
export function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new SdkError(ErrorCode.Missing, `there is no file ${file}`, { cause });
  }
}

function firstIn(folder: string, names: readonly string[]): string | undefined {
  return names.map((name) => path.join(folder, name)).find((file) => existsSync(file));
}

/** What docker-compose reads in a folder when no file is named: the file, and what overrides it. */
function usualFiles(folder: string): readonly string[] {
  const main = firstIn(folder, usual);
  if (main === undefined) {
    throw new SdkError(ErrorCode.Missing, `there is no Compose file in ${folder}`, {
      fix: `name it; without a name it is ${usual.join(", ")}`,
    });
  }
  const more = firstIn(folder, usualOverrides);
  return more === undefined ? [main] : [main, more];
}

/** The files that are meant, absolute; a folder stands for those that are usual in it. */
export function filesOf(given: readonly string[]): readonly string[] {
  return given.flatMap((one) => {
    const whole = path.resolve(one);
    return statSync(whole, { throwIfNoEntry: false })?.isDirectory() === true
      ? usualFiles(whole)
      : [whole];
  });
}

/** What the environment, or the file .env of the folder, says of which files and profiles are meant. */
export interface Chosen {
  readonly files: readonly string[];
  readonly profiles: readonly string[];
}

const listed = (text: string | undefined, separator: string): readonly string[] =>
  (text ?? "")
    .split(separator)
    .map((word) => word.trim())
    .filter((word) => word !== "");

/** COMPOSE_FILE, COMPOSE_PATH_SEPARATOR and COMPOSE_PROFILES, as docker-compose reads them. */
export function chosenBy(variables: Variables): Chosen {
  const { COMPOSE_FILE, COMPOSE_PATH_SEPARATOR, COMPOSE_PROFILES } = variables;
  return {
    files: listed(COMPOSE_FILE, COMPOSE_PATH_SEPARATOR ?? path.delimiter),
    profiles: listed(COMPOSE_PROFILES, ","),
  };
}

/** Reads files, each once. `folder` is what their names in messages are relative to. */
export function opener(folder: string, variables: Variables): (file: string) => Opened {
  const known = new Map<string, Opened>();
  return (file) => {
    const found = known.get(file);
    if (found !== undefined) return found;
    const source = readSource(path.relative(folder, file), readText(file));
    const opened = { source, root: interpolateAll(source.root, variables, "") as Values };
    known.set(file, opened);
    return opened;
  };
}
