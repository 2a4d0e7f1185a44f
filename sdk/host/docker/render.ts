// Between declared options and daemon.json. Pure, and each the other's inverse on what was declared: a
// file that was written reads back as the declaration.

import { DaemonChange, type DaemonOption, isJsonMap, type Json, type JsonMap } from "./option.ts";
import { type DaemonOptions, daemonOptions } from "./options.ts";

export const rows = Object.entries(daemonOptions) as unknown as readonly (readonly [
  string,
  DaemonOption,
])[];

type Tree = { [key: string]: Json };

/** Sets a nested member, keeping what is beside it. */
function assign(tree: Tree, [key = "", ...rest]: readonly string[], value: Json): Tree {
  if (rest.length === 0) return { ...tree, [key]: value };
  const inner = tree[key];
  return { ...tree, [key]: assign(isJsonMap(inner) ? { ...inner } : {}, rest, value) };
}

function pick(tree: Json | undefined, [key, ...rest]: readonly string[]): Json | undefined {
  if (key === undefined) return tree;
  return isJsonMap(tree) && Object.hasOwn(tree, key) ? pick(tree[key], rest) : undefined;
}

function drop(tree: JsonMap, [key = "", ...rest]: readonly string[]): JsonMap {
  const { [key]: inner, ...others } = tree;
  if (rest.length === 0 || !isJsonMap(inner)) return others;
  const left = drop(inner, rest);
  return Object.keys(left).length === 0 ? others : { ...others, [key]: left };
}

/** The declared options as daemon.json has them. */
export function optionsToJson(options: DaemonOptions): JsonMap {
  const values = options as Readonly<Record<string, unknown>>;
  return rows.reduce<Tree>((tree, [name, { key, toJson }]) => {
    const value = values[name];
    return value === undefined || value === null ? tree : assign(tree, key, toJson(value));
  }, {});
}

export interface ReadOptions {
  /** What the file says, in the words of the declaration. */
  readonly options: DaemonOptions;
  /** Keys of the file that no option stands for, or whose value has no such form. */
  readonly others: JsonMap;
}

/** daemon.json in the words of the declaration. */
export function optionsFromJson(json: JsonMap): ReadOptions {
  const options: Record<string, unknown> = {};
  let others = json;
  for (const [name, { key, fromJson }] of rows) {
    const found = pick(json, key);
    const value = found === undefined ? undefined : fromJson(found);
    if (value === undefined) continue;
    options[name] = value;
    others = drop(others, key);
  }
  return { options, others };
}

/** JSON with sorted keys, two spaces deep, and an end of line: the same text for the same value. */
export function jsonText(json: JsonMap): string {
  const sort = (value: Json): Json =>
    isJsonMap(value)
      ? Object.fromEntries(
          Object.keys(value)
            .sort()
            .map((key) => [key, sort(value[key] ?? null)]),
        )
      : value;
  return `${JSON.stringify(sort(json), null, 2)}\n`;
}

/** The file's JSON; undefined when it is none, or no object. */
export function parseJson(text: string): JsonMap | undefined {
  try {
    const json = JSON.parse(text.trim() === "" ? "{}" : text) as Json;
    return isJsonMap(json) ? json : undefined;
  } catch {
    return undefined;
  }
}

export interface KeyChange {
  /** The key in daemon.json, with dots where it is nested. */
  readonly key: string;
  readonly change: DaemonChange;
}

const same = (a: Json | undefined, b: Json | undefined) => {
  const text = (value: Json | undefined) => (value === undefined ? "" : jsonText({ value }));
  return text(a) === text(b);
};

/** What differs between two files, and what each difference asks of a daemon that runs. */
export function compareJson(before: JsonMap, after: JsonMap): readonly KeyChange[] {
  const known = rows.flatMap(([, { key, change }]) =>
    same(pick(before, key), pick(after, key)) ? [] : [{ key: key.join("."), change }],
  );
  const rest = (json: JsonMap) => rows.reduce((left, [, { key }]) => drop(left, key), json);
  const [left, right] = [rest(before), rest(after)];
  const others = [...new Set([...Object.keys(left), ...Object.keys(right)])]
    .filter((key) => !same(left[key], right[key]))
    .map((key) => ({ key, change: DaemonChange.Restart }));
  return [...known, ...others];
}
