// The description language of resources. One description of each field gives the checks, the diff,
// the Pulumi schema, the documentation and (through generate.ts) the public TypeScript types, so
// that these cannot drift apart.

/** What a change of a field does to the real object. */
export const OnChange = { Replace: "replace", Update: "update", Ignore: "ignore" } as const;
export type OnChange = (typeof OnChange)[keyof typeof OnChange];

export interface FieldOptions<T> {
  /** What it is, with its unit or form. One or more full sentences, for the reader of the docs. */
  readonly doc: string;
  /** @defaultValue false */
  readonly required?: boolean;
  /** What a change does. @defaultValue replace, or what the enclosing field says */
  readonly onChange?: OnChange;
  /** What taking it away does, where that is more than a change. @defaultValue what a change does */
  readonly onRemove?: OnChange;
  /** What holds when it is left out: a value, or what then happens. */
  readonly default?: string;
  /** The value is secret whether or not the program marked it so. */
  readonly secret?: boolean;
  /** The provider fills it in, and the program cannot. */
  readonly computed?: boolean;
  /** Of an object: names that it does not have, with what to write instead. */
  readonly retired?: Readonly<Record<string, string>>;
  /** Says what is wrong with a value of the right kind: what is allowed, and an example. */
  check?(value: T): string | undefined;
}

export type FieldShape =
  | { readonly kind: "string" | "integer" | "number" | "boolean" }
  | { readonly kind: "choice"; readonly values: readonly string[] }
  | { readonly kind: "list" | "map"; readonly element: Field }
  | { readonly kind: "object"; readonly typeName: string; readonly fields: Fields };

export interface Field<T = unknown, R extends boolean = boolean> {
  readonly shape: FieldShape;
  readonly options: FieldOptions<T> & { readonly required?: R | undefined };
  /** Never there: carries the TypeScript types. */
  readonly types?: { readonly plain: T; readonly required: R };
}

export type Fields = { readonly [name: string]: Field };

type RequiredKeys<F extends Fields> = {
  [K in keyof F]: F[K] extends { readonly types?: { readonly required: true } } ? K : never;
}[keyof F];
/** The TypeScript type of a field's value, once nothing about it is unknown or secret any more. */
export type PlainOf<F extends Field> = F extends Field<infer T> ? T : never;
/** The TypeScript type that a set of fields describes. */
export type Plain<F extends Fields> = {
  readonly [K in RequiredKeys<F>]: PlainOf<F[K]>;
} & { readonly [K in Exclude<keyof F, RequiredKeys<F>>]?: PlainOf<F[K]> };

type Required<O> = O extends { readonly required: true } ? true : false;

function make<T, O extends FieldOptions<T>>(shape: FieldShape, options: O): Field<T, Required<O>> {
  return { shape, options } as Field<T, Required<O>>;
}

/** The kinds of fields there are. `required` defaults to false. */
export const f = {
  string: <const O extends FieldOptions<string>>(options: O) =>
    make<string, O>({ kind: "string" }, options),
  integer: <const O extends FieldOptions<number>>(options: O) =>
    make<number, O>({ kind: "integer" }, options),
  number: <const O extends FieldOptions<number>>(options: O) =>
    make<number, O>({ kind: "number" }, options),
  boolean: <const O extends FieldOptions<boolean>>(options: O) =>
    make<boolean, O>({ kind: "boolean" }, options),
  choice: <const V extends readonly string[], const O extends FieldOptions<V[number]>>(
    values: V,
    options: O,
  ) => make<V[number], O>({ kind: "choice", values }, options),
  list: <E extends Field, const O extends FieldOptions<readonly PlainOf<E>[]>>(
    element: E,
    options: O,
  ) => make<readonly PlainOf<E>[], O>({ kind: "list", element }, options),
  map: <E extends Field, const O extends FieldOptions<{ readonly [key: string]: PlainOf<E> }>>(
    element: E,
    options: O,
  ) => make<{ readonly [key: string]: PlainOf<E> }, O>({ kind: "map", element }, options),
  /** `typeName` is the name of the nested type in the schema and in TypeScript. */
  object: <F extends Fields, const O extends FieldOptions<Plain<F>>>(
    typeName: string,
    fields: F,
    options: O,
  ) => make<Plain<F>, O>({ kind: "object", typeName, fields }, options),
} as const;

/** An element of a list or map that needs no words of its own. */
export const element = { doc: "", required: true } as const;
