// A container option is a row: its description, how it enters the create body, and how it is read
// back. Adding one means adding a row; check, diff, schema, documentation and drift follow from it.

import type {
  ContainerConfig,
  ContainerCreateBody,
  ContainerInspect,
  HostConfig,
} from "../../docker/types.ts";
import type { Field, Fields, Plain, PlainOf } from "../fields.ts";
import type { ValueMap } from "../values.ts";
import type { ImageContent } from "./images.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The create body while it is being put together. */
export type Body = Mutable<Omit<ContainerCreateBody, "HostConfig">> & {
  HostConfig: Mutable<HostConfig>;
};

export interface Option<F extends Field = Field> {
  readonly field: F;
  /** Enters the value into the create body. Absent: it acts elsewhere (files, readiness). */
  write?(body: Body, value: PlainOf<F>): void;
  /**
   * The value as it is in the real container, in the form of the declaration; undefined where it is
   * what the image or the daemon would have given anyway. `declared` helps where the Engine has
   * several forms for one thing; `all` is the whole declaration.
   */
  read?: Reader<F>;
}

type Reader<F extends Field> = (
  container: ContainerInspect,
  image: ImageContent | undefined,
  declared: PlainOf<F> | undefined,
  all: ValueMap | undefined,
) => PlainOf<F> | undefined;

export type Options = { readonly [name: string]: Option };
export type FieldsOf<O extends Options> = { readonly [K in keyof O]: O[K]["field"] };

/** A row, typed by its field. */
export function option<F extends Field>(
  field: F,
  write?: (body: Body, value: PlainOf<F>) => void,
  read?: Reader<F>,
): Option<F> {
  return { field, ...(write && { write }), ...(read && { read }) };
}

/** What the Engine says of a scalar, or a list, that nobody set. */
function isUnset(live: unknown, defaults: readonly unknown[]): boolean {
  return live === false || live === 0 || defaults.includes(live);
}

function fromEngine<F extends Field>(
  live: unknown,
  declared: PlainOf<F> | undefined,
  defaults: readonly unknown[],
): PlainOf<F> | undefined {
  const value = unlessEmpty(live);
  if (declared === undefined) {
    return isUnset(value, defaults) ? undefined : (value as PlainOf<F> | undefined);
  }
  // Of a list that the Engine keeps in an order of its own, the declared order counts.
  if (Array.isArray(value) && Array.isArray(declared)) {
    return inDeclaredOrder(value as readonly string[], declared as readonly string[]) as PlainOf<F>;
  }
  return value as PlainOf<F> | undefined;
}

/** A row that is one field of HostConfig, as it is. `defaults`: what a daemon fills in by itself. */
export function hostOption<F extends Field>(
  key: keyof HostConfig,
  field: F,
  defaults: readonly unknown[] = [],
): Option<F> {
  return {
    field,
    write(body, value) {
      (body.HostConfig as Record<string, unknown>)[key] = value;
    },
    read: (container, _image, declared) =>
      fromEngine(container.HostConfig[key], declared, defaults),
  };
}

/** A row that is one field of the container's configuration, which the image can give as well. */
export function configOption<F extends Field>(key: keyof ContainerConfig, field: F): Option<F> {
  return {
    field,
    write(body, value) {
      (body as Record<string, unknown>)[key] = value;
    },
    read: (container, image, declared) => {
      const live = fromEngine(container.Config[key], declared, []);
      const given = (image?.Config as ContainerConfig | null | undefined)?.[key];
      return unlessSame(live, given as typeof live) as PlainOf<F> | undefined;
    },
  };
}

/** A list in the order of the declaration, where both hold the same. */
export function inDeclaredOrder<T>(live: readonly T[], declared: readonly T[]): readonly T[] {
  const text = (list: readonly T[]) =>
    JSON.stringify(list.map((item) => JSON.stringify(item)).sort());
  return text(live) === text(declared) ? declared : live;
}

/** The descriptions of a table's rows. */
export function fieldsOf<O extends Options>(options: O): FieldsOf<O> {
  const entries = Object.entries(options).map(([name, row]) => [name, row.field] as const);
  return Object.fromEntries(entries) as unknown as FieldsOf<O>;
}

/** Enters every declared value of a table into the body. */
export function writeOptions(options: Options, body: Body, values: Plain<Fields>): void {
  for (const [name, row] of Object.entries(options)) {
    const value = values[name];
    if (value !== undefined && value !== null) row.write?.(body, value);
  }
}

/** The part of its id that the Engine uses as host name and alias. */
export function shortId(container: ContainerInspect): string {
  return container.Id.slice(0, 12);
}

/** An empty list, object or text is what the Engine says for "not set". */
export function unlessEmpty<T>(value: T | null | undefined): T | undefined {
  if (value === null || value === undefined || value === "") return undefined;
  if (Array.isArray(value)) return value.length === 0 ? undefined : value;
  if (typeof value === "object") return Object.keys(value).length === 0 ? undefined : value;
  return value;
}

/** The value, unless it is what the image gives by itself. */
export function unlessSame<T>(value: T | undefined, image: T | null | undefined): T | undefined {
  return JSON.stringify(value) === JSON.stringify(image) ? undefined : value;
}
