// A Compose file with all that it names: variables filled in, services that extend others complete,
// those of other profiles left out. Reads the file, its .env, and the files that `extends` names.
import { existsSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { parseEnv } from "node:util";
import { ErrorCode, SdkError } from "../errors.ts";
import { interpolateAll, type Variables } from "./interpolate.ts";
import { mergeMaps } from "./merge.ts";
import { isValues, plainText, readSource, type Source, type Values } from "./source.ts";

export interface LoadOptions {
  /** Variables; those of the file .env beside it come after them. @defaultValue those of the process */
  readonly variables?: Variables;
  /** Profiles that are on; services without a profile always are. @defaultValue none */
  readonly profiles?: readonly string[];
}

export interface Composition {
  readonly source: Source;
  /** The folder that relative paths start at, absolute. */
  readonly folder: string;
  /** The file's own `name`, or the folder's. */
  readonly name: string;
  readonly variables: Variables;
  readonly services: Readonly<Record<string, Values>>;
  readonly networks: Readonly<Record<string, Values>>;
  readonly volumes: Readonly<Record<string, Values>>;
  readonly secrets: Readonly<Record<string, Values>>;
  readonly configs: Readonly<Record<string, Values>>;
  /** Members of the root that are none of these. */
  readonly rest: Values;
}

interface Files {
  readonly variables: Variables;
  readonly sources: Map<string, { readonly source: Source; readonly root: Values }>;
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new SdkError(ErrorCode.Missing, `there is no file ${file}`, { cause });
  }
}

function openFile(file: string, { variables, sources }: Files) {
  const known = sources.get(file);
  if (known !== undefined) return known;
  const source = readSource(path.basename(file), readText(file));
  const root = interpolateAll(source.root, variables, "") as Values;
  const opened = { source, root };
  sources.set(file, opened);
  return opened;
}

/** The members of a map, each a map itself; null is an empty one. */
export function mapsOf(value: unknown): Readonly<Record<string, Values>> {
  if (!isValues(value)) return {};
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, isValues(one) ? one : {}]),
  );
}

interface Wanted {
  readonly file: string;
  readonly name: string;
  readonly by: readonly string[];
}

/** Paths of another file are relative to that file. */
function rebased(service: Values, from: string, to: string): Values {
  const move = (value: unknown) =>
    typeof value === "string" && /^\.{1,2}(\/|$)/.test(value)
      ? `./${path.relative(to, path.resolve(from, value))}`
      : value;
  const build = service["build"];
  const volumes = service["volumes"];
  const files = service["env_file"];
  return {
    ...service,
    ...(build === undefined
      ? {}
      : { build: isValues(build) ? { ...build, context: move(build["context"]) } : move(build) }),
    ...(Array.isArray(volumes)
      ? {
          volumes: volumes.map((one: unknown) =>
            isValues(one)
              ? { ...one, source: move(one["source"]) }
              : plainText(one).replace(/^[^:]+/, (source) => plainText(move(source))),
          ),
        }
      : {}),
    ...(files === undefined
      ? {}
      : { env_file: (Array.isArray(files) ? files : [files]).map((one: unknown) => move(one)) }),
  };
}

function extended({ file, name, by }: Wanted, files: Files): Values {
  const { root } = openFile(file, files);
  const own = mapsOf(root["services"])[name];
  const label = `${path.basename(file)}: ${name}`;
  if (own === undefined) {
    throw new SdkError(ErrorCode.BadInput, `there is no service ${name} in ${file}`);
  }
  if (by.includes(label)) {
    throw new SdkError(
      ErrorCode.BadInput,
      `services extend each other: ${[...by, label].join(", ")}`,
    );
  }
  const { extends: given, ...rest } = own;
  if (given === undefined) return own;
  const base = isValues(given) ? given : { service: given };
  const other =
    typeof base["file"] === "string" ? path.resolve(path.dirname(file), base["file"]) : file;
  const wanted = { file: other, name: plainText(base["service"]), by: [...by, label] };
  const { depends_on: _, links: __, volumes_from: ___, ...taken } = extended(wanted, files);
  return mergeMaps(rebased(taken, path.dirname(other), path.dirname(file)), rest);
}

function isOn(service: Values, profiles: readonly string[]): boolean {
  const own = service["profiles"];
  if (!Array.isArray(own) || own.length === 0) return true;
  return own.some((one) => profiles.includes(plainText(one)) || profiles.includes("*"));
}

/** Letters that Compose itself takes for a project's name. */
function projectName(text: string): string {
  return (
    text
      .toLowerCase()
      .replace(/[^-_a-z0-9]/g, "")
      .replace(/^[-_]+/, "") || "compose"
  );
}

/** Reads a Compose file. */
export function loadCompose(file: string, options: LoadOptions = {}): Composition {
  const folder = path.resolve(path.dirname(file));
  const beside = path.join(folder, ".env");
  const variables = {
    ...(existsSync(beside) ? parseEnv(readText(beside)) : {}),
    ...(options.variables ?? process.env),
  };
  const files: Files = { variables, sources: new Map() };
  const whole = path.resolve(file);
  const { source, root } = openFile(whole, files);
  const { services, networks, volumes, secrets, configs, name, version: _, ...rest } = root;
  const names = Object.keys(mapsOf(services));
  if (names.length === 0) {
    throw new SdkError(ErrorCode.BadInput, `${source.file} has no service`, {
      fix: "give it `services:`, with an image or a build each",
    });
  }
  const complete = names
    .map((one) => [one, extended({ file: whole, name: one, by: [] }, files)] as const)
    .filter(([, service]) => isOn(service, options.profiles ?? []));
  return {
    source,
    folder,
    name: typeof name === "string" ? name : projectName(path.basename(folder)),
    variables,
    services: Object.fromEntries(complete),
    networks: mapsOf(networks),
    volumes: mapsOf(volumes),
    secrets: mapsOf(secrets),
    configs: mapsOf(configs),
    rest: Object.fromEntries(Object.entries(rest).filter(([key]) => !key.startsWith("x-"))),
  };
}
