// A resource's inputs, read with their paths, without tripping over what is not known yet. Values
// come from the engine, or through the policy SDK's proxy, which throws when an unknown one is read.
import { unknownString, unknowns } from "../sdk/provider/unknowns.ts";
import type { Declared } from "./subjects.ts";

/** The policy SDK's name for "the object behind this proxy". */
const proxyTarget = "__getSpecialProxyTarget";

type Values = Readonly<Record<string, unknown>>;

function isValues(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Members of a value that is not known itself: of whatever name, they are not known either. */
const unknownMembers: Values = new Proxy(
  {},
  { get: (_, name) => (name === proxyTarget ? undefined : unknownString) },
);

/** A place in the inputs that holds members; `undefined` from a reader means "not known". */
export class Inputs {
  readonly #values: Values;
  readonly #at: string;

  constructor(values: Values, at = "") {
    // What the proxy would throw on is looked at below, as a value like any other.
    const behind = values[proxyTarget];
    this.#values = isValues(behind) ? behind : values;
    this.#at = at;
  }

  path(name: string): string {
    return this.#at === "" ? name : `${this.#at}.${name}`;
  }

  /** The value as it is; undefined where it is not declared or not known. */
  raw(name: string): unknown {
    const value = this.#values[name];
    return value === null || unknowns.has(value) ? undefined : value;
  }

  isUnknown(name: string): boolean {
    return unknowns.has(this.#values[name]);
  }

  #read<T>(name: string, is: (value: unknown) => value is T): Declared<T> | undefined {
    if (this.isUnknown(name)) return undefined;
    const value = this.raw(name);
    if (value === undefined) return { path: this.path(name), value: undefined };
    return is(value) ? { path: this.path(name), value } : undefined;
  }

  flag(name: string): Declared<boolean> | undefined {
    return this.#read(name, (value) => typeof value === "boolean");
  }

  number(name: string): Declared<number> | undefined {
    return this.#read(name, (value) => typeof value === "number");
  }

  text(name: string): Declared<string> | undefined {
    return this.#read(name, (value) => typeof value === "string");
  }

  /** A list of texts; undefined if one of them is not known. */
  texts(name: string): Declared<readonly string[]> | undefined {
    const all = (value: unknown): value is readonly string[] =>
      Array.isArray(value) &&
      value.every((item) => typeof item === "string" && !unknowns.has(item));
    return this.#read(name, all);
  }

  /** Whether anything is declared there, known or not. */
  present(name: string): Declared<boolean> {
    const value = this.#values[name];
    const there = value !== undefined && value !== null && value !== "";
    return { path: this.path(name), value: there ? true : undefined };
  }

  /** The names of a map's members. */
  names(name: string): Declared<readonly string[]> | undefined {
    const map = this.#read(name, isValues);
    if (map === undefined) return undefined;
    return { path: map.path, value: map.value && Object.keys(map.value) };
  }

  /** The members that hold members: of a map, or an empty place where there is none. */
  inner(name: string): Inputs {
    if (this.isUnknown(name)) return new Inputs(unknownMembers, this.path(name));
    const value = this.raw(name);
    return new Inputs(isValues(value) ? value : {}, this.path(name));
  }

  /** The items of a list that hold members; those that are not known are left out. */
  items(name: string): readonly Inputs[] {
    const value = this.raw(name);
    if (!Array.isArray(value)) return [];
    return value.flatMap((item: unknown, index) =>
      isValues(item) ? [new Inputs(item, `${this.path(name)}[${index}]`)] : [],
    );
  }

  /** A map of texts, item by item; those that are not known are left out. */
  textMembers(name: string): readonly { path: string; name: string; value: string }[] {
    const value = this.raw(name);
    if (!isValues(value)) return [];
    return Object.entries(value).flatMap(([key, text]) =>
      typeof text === "string" && !unknowns.has(text)
        ? [{ path: `${this.path(name)}.${key}`, name: key, value: text }]
        : [],
    );
  }

  /** A list of texts, item by item; those that are not known are left out. */
  textItems(name: string): readonly { path: string; value: string }[] {
    const value = this.raw(name);
    if (!Array.isArray(value)) return [];
    return value.flatMap((text: unknown, index) =>
      typeof text === "string" && !unknowns.has(text)
        ? [{ path: `${this.path(name)}[${index}]`, value: text }]
        : [],
    );
  }
}
