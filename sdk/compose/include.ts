// `include`: the services and the rest of another project, with its own folder and variables. What is in
// both and not alike is an error, as it is for docker-compose. Compose specification, 14-include.md.
import { existsSync } from "node:fs";
import * as path from "node:path";
import { isDeepStrictEqual, parseEnv } from "node:util";
import { ErrorCode, SdkError } from "../errors.ts";
import type { Variables } from "./interpolate.ts";
import { readText } from "./open.ts";
import { rebased, rebasedFile } from "./paths.ts";
import { isValues, plainText, type Values } from "./source.ts";

/** The parts of a project, by their kind and name. */
export const kinds = ["services", "networks", "volumes", "secrets", "configs"] as const;
export type Parts = Readonly<Record<(typeof kinds)[number], Readonly<Record<string, Values>>>>;

/** A project that another one includes. */
export interface Included {
  /** Its files, absolute. */
  readonly files: readonly string[];
  /** The folder that its paths start at. */
  readonly folder: string;
  readonly variables: Variables;
}

const textsOf = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]).map(
    (one: unknown) => plainText(one),
  );

/** Variables of a project: those that were there count before those of its own files. */
export function withFiles(
  variables: Variables,
  folder: string,
  given: readonly string[],
): Variables {
  const usual = path.join(folder, ".env");
  const files = given.length > 0 ? given : existsSync(usual) ? [usual] : [];
  return { ...Object.assign({}, ...files.map((file) => parseEnv(readText(file)))), ...variables };
}

/** What `include` of a file names: `- FILE`, or a path or paths with a folder and files of variables. */
export function includedBy(
  value: unknown,
  folder: string,
  variables: Variables,
): readonly Included[] {
  const list = Array.isArray(value) ? (value as readonly unknown[]) : [];
  return list.map((one, index) => {
    const given = isValues(one) ? one : { path: one };
    const files = textsOf(given["path"]).map((file) => path.resolve(folder, file));
    const [first] = files;
    if (first === undefined) {
      throw new SdkError(ErrorCode.BadInput, `include[${index}] has no path`);
    }
    const { project_directory: own } = given;
    const start = own === undefined ? path.dirname(first) : path.resolve(folder, plainText(own));
    const env = textsOf(given["env_file"]).map((file) => path.resolve(folder, file));
    return { files, folder: start, variables: withFiles(variables, start, env) };
  });
}

/** The parts of an included project, with paths as in the one that includes it. */
export function broughtIn(parts: Parts, from: string, to: string): Parts {
  const all = (
    members: Readonly<Record<string, Values>>,
    change: (one: Values, from: string, to: string) => Values,
  ) =>
    Object.fromEntries(Object.entries(members).map(([name, one]) => [name, change(one, from, to)]));
  return {
    ...parts,
    services: all(parts.services, rebased),
    secrets: all(parts.secrets, rebasedFile),
    configs: all(parts.configs, rebasedFile),
  };
}

/** Both together; what has one name and is not alike is refused. */
export function joined(own: Parts, other: Parts): Parts {
  const pairs = kinds.map((kind) => {
    for (const [name, one] of Object.entries(other[kind])) {
      const mine = own[kind][name];
      if (mine === undefined || isDeepStrictEqual(mine, one)) continue;
      throw new SdkError(
        ErrorCode.BadInput,
        `${kind}.${name} is in the file, and another is in what it includes`,
        {
          fix: "name one of them otherwise, or change the included one by a file that is merged over it: include: [{ path: [FILE, CHANGES] }]",
        },
      );
    }
    return [kind, { ...other[kind], ...own[kind] }] as const;
  });
  return Object.fromEntries(pairs) as Parts;
}
