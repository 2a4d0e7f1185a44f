// What a function of the plugin is: a read-out that a program calls, and that leaves nothing in the
// state. One description gives checks, schema, documentation and types, as with resources.

import type { Fields, Plain } from "./fields.ts";
import type { Context } from "./resource.ts";
import type { ValueMap } from "./values.ts";

export interface FunctionDescription<I extends Fields, O extends Fields> {
  /** The last part of the token: `getContainer`. */
  readonly name: string;
  readonly doc: string;
  readonly inputs: I;
  readonly outputs: O;
  /** Whether a preview must not call it: then its results are unknown there. @defaultValue false */
  readonly onlyInUpdates?: boolean;
  readonly call: (context: Context, inputs: Plain<I>) => Promise<Plain<O>>;
}

/** A function with its types forgotten. */
export interface AnyFunction {
  readonly name: string;
  readonly doc: string;
  readonly inputs: Fields;
  readonly outputs: Fields;
  readonly onlyInUpdates?: boolean;
  readonly call: (context: Context, inputs: ValueMap) => Promise<ValueMap>;
}

/** Declares a function. Values are checked against the fields before it is called. */
export function defineFunction<I extends Fields, O extends Fields>(
  described: FunctionDescription<I, O>,
): AnyFunction {
  return described as unknown as AnyFunction;
}
