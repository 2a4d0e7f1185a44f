// An option of dockerd is a row: its description, its place in daemon.json, what a change of it asks
// of the daemon, and since when it is known. Rendering, comparing, checking and documentation follow
// from the rows. Specification: dockerd(8), "daemon configuration file"; Engine API, GET /info.

import type { DaemonInfo } from "../../docker/types.ts";
import type { Field, Fields, PlainOf } from "../../provider/fields.ts";

/** What a change asks of a daemon that runs. Each is stronger than the one before. */
export const DaemonChange = {
  /** SIGHUP: containers and connections notice nothing. */
  Reload: "reload",
  /** A restart; with live-restore the containers go on. */
  Restart: "restart",
  /** A restart after which images, containers and volumes are out of sight: they lie elsewhere. */
  RecreateData: "recreate-data",
} as const;
export type DaemonChange = (typeof DaemonChange)[keyof typeof DaemonChange];

/** JSON as daemon.json has it. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };
export type JsonMap = { readonly [key: string]: Json };

export interface DaemonOption<F extends Field = Field> {
  readonly field: F;
  /** The place in daemon.json; of more than one part where it is nested. */
  readonly key: readonly string[];
  readonly change: DaemonChange;
  /** The first version that knows it. @defaultValue older than all that are supported */
  readonly since?: string;
  /** The first version that knows it where `experimental` is on. */
  readonly experimentalSince?: string;
  toJson(value: PlainOf<F>): Json;
  /** The declared form of what daemon.json has; undefined where it cannot be of that form. */
  fromJson(json: Json): PlainOf<F> | undefined;
  /** What the daemon says it runs with, in the declared form; undefined where it does not say. */
  live?(info: DaemonInfo, declared: PlainOf<F>): PlainOf<F> | undefined;
}

export interface RowOptions<F extends Field> {
  readonly since?: string;
  readonly experimentalSince?: string;
  readonly toJson?: (value: PlainOf<F>) => Json;
  readonly fromJson?: (json: Json) => PlainOf<F> | undefined;
  readonly live?: (info: DaemonInfo, declared: PlainOf<F>) => PlainOf<F> | undefined;
}

/** A row, typed by its field. */
export function row<F extends Field>(
  key: string,
  change: DaemonChange,
  field: F,
  options: RowOptions<F> = {},
): DaemonOption<F> {
  return {
    toJson: (value) => value as Json,
    fromJson: (json) => json as PlainOf<F>,
    ...options,
    field,
    key: key.split("."),
    change,
  };
}

export type DaemonOptionRows = { readonly [name: string]: DaemonOption };
export type FieldsOfRows<O extends DaemonOptionRows> = { readonly [K in keyof O]: O[K]["field"] };

/** The descriptions of a table's rows. */
export function fieldsOfRows<O extends DaemonOptionRows>(rows: O): FieldsOfRows<O> {
  const entries = Object.entries(rows).map(([name, { field }]) => [name, field] as const);
  return Object.fromEntries(entries) as unknown as FieldsOfRows<O> & Fields;
}

export function isJsonMap(json: Json | undefined): json is JsonMap {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}

export function isJsonList(json: Json | undefined): json is readonly Json[] {
  return Array.isArray(json);
}

/** A member of an answer of the Engine's whose form is not typed. */
export function memberOfInfo(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, key) =>
      typeof at === "object" && at !== null ? (at as Record<string, unknown>)[key] : undefined,
    value,
  );
}
