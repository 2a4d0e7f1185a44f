// A Compose project: its files merged, variables filled in, services that extend others complete, other
// projects included, services of other profiles left out. Reads the files, their .env, and what
// `extends` and `include` name. Compose specification, 13-merge.md and 14-include.md.
import * as path from "node:path";
import { ErrorCode, SdkError } from "../errors.ts";
import { extended } from "./extend.ts";
import {
  broughtIn,
  type Included,
  includedBy,
  joined,
  kinds,
  type Parts,
  withFiles,
} from "./include.ts";
import type { Variables } from "./interpolate.ts";
import { mergeMaps, without } from "./merge.ts";
import { filesOf, type Opened, opener } from "./open.ts";
import { mapsOf, type Place, plainText, type Source, type Values } from "./source.ts";

export interface LoadOptions {
  /** Files that are merged over the first one, in their order. @defaultValue none */
  readonly overrides?: readonly string[];
  /** Variables; those of the file .env beside it come after them. @defaultValue those of the process */
  readonly variables?: Variables;
  /** Profiles that are on; services without a profile always are. @defaultValue none */
  readonly profiles?: readonly string[];
}

/** Where something stands. */
export interface Line {
  /** The file, from the folder of the first one. */
  readonly file: string;
  readonly line: number;
}

export interface Composition extends Parts {
  /** The line of a place, in the file that said it last. */
  readonly lineOf: (place: Place) => Line;
  /** The folder that relative paths start at, absolute. */
  readonly folder: string;
  /** The file's own `name`, or the folder's. */
  readonly name: string;
  readonly variables: Variables;
  /** Members of the root that are none of these. */
  readonly rest: Values;
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

/** A project, and the files that it was read from, those that it includes last. */
interface Project {
  readonly parts: Parts;
  readonly root: Values;
  readonly sources: readonly Source[];
}

/** One file's own services, complete. */
function completed({ root }: Opened, file: string, folder: string, open: (file: string) => Opened) {
  const services = Object.keys(mapsOf(root["services"])).map(
    (name) => [name, extended({ file, folder, name, by: [] }, open)] as const,
  );
  return { ...root, ...(services.length > 0 ? { services: Object.fromEntries(services) } : {}) };
}

/** The sections of two roots, member by member: names in them are nobody's keys. */
function mergeRoots(base: Values, own: Values): Values {
  const sections = kinds.flatMap((kind) => {
    if (base[kind] === undefined && own[kind] === undefined) return [];
    const [one, other] = [mapsOf(base[kind]), mapsOf(own[kind])];
    const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
    const members = names.map((name) => [name, mergeMaps(one[name] ?? {}, other[name] ?? {})]);
    return [[kind, Object.fromEntries(members)] as const];
  });
  return { ...mergeMaps(base, own), ...Object.fromEntries(sections) };
}

/** Reads a project; `by` has those that include it, for a circle. */
function readProject(
  { files, folder, variables }: Included,
  home: string,
  by: readonly string[],
): Project {
  const circle = files.find((file) => by.includes(file));
  if (circle !== undefined) {
    const names = [...by, circle].map((file) => path.relative(home, file));
    throw new SdkError(ErrorCode.BadInput, `files include each other: ${names.join(", ")}`);
  }
  const open = opener(home, variables);
  const opened = files.map((file) => ({ file, ...open(file) }));
  const root = opened.reduce<Values>(
    (base, { file, source, ...rest }) =>
      mergeRoots(without(base, source.cleared), completed({ source, ...rest }, file, folder, open)),
    {},
  );
  const own = Object.fromEntries(kinds.map((kind) => [kind, mapsOf(root[kind])])) as Parts;
  const inside = includedBy(root["include"], folder, variables).map((one) => {
    const project = readProject(one, home, [...by, ...files]);
    return { parts: broughtIn(project.parts, one.folder, folder), sources: project.sources };
  });
  return {
    root,
    parts: inside.reduce((all, { parts }) => joined(all, parts), own),
    sources: [...opened.map(({ source }) => source), ...inside.flatMap(({ sources }) => sources)],
  };
}

/** The last of the files that has the place, or the most of it; the first file where none has any. */
function lineIn(sources: readonly Source[], place: Place): Line {
  const found = sources.map(({ file, find }) => ({ file, ...find(place) }));
  const deepest = Math.max(...found.map(({ depth }) => depth));
  const [{ file, line } = { file: "", line: 1 }] =
    deepest === 0 ? found : found.filter(({ depth }) => depth === deepest).slice(-1);
  return { file, line };
}

/** Reads a Compose file, or what is usual in a folder, with what is merged over it. */
export function loadCompose(file: string, options: LoadOptions = {}): Composition {
  const { overrides = [], profiles = [] } = options;
  const files = filesOf([file, ...overrides]);
  const folder = path.dirname(files[0] ?? path.resolve(file));
  const variables = withFiles(options.variables ?? process.env, folder, []);
  const { parts, root, sources } = readProject({ files, folder, variables }, folder, []);
  if (Object.keys(parts.services).length === 0) {
    throw new SdkError(ErrorCode.BadInput, `${sources[0]?.file ?? file} has no service`, {
      fix: "give it `services:`, with an image or a build each",
    });
  }
  const read: readonly string[] = [...kinds, "name", "version", "include"];
  const { name } = root;
  return {
    ...parts,
    services: Object.fromEntries(
      Object.entries(parts.services).filter(([, service]) => isOn(service, profiles)),
    ),
    lineOf: (place) => lineIn(sources, place),
    folder,
    name: typeof name === "string" ? name : projectName(path.basename(folder)),
    variables,
    rest: Object.fromEntries(
      Object.entries(root).filter(([key]) => !key.startsWith("x-") && !read.includes(key)),
    ),
  };
}
