// What the resources of a host share: on whose behalf they work, how what is there is told in the words
// of the declaration, and checks of fields that several of them have.

import type { Work } from "../host/operations/operation.ts";
import type { Context } from "./resource.ts";
import { equalValues, type Value, type ValueMap } from "./values.ts";

/** The resource's work on its machine. Taking away what was made does not go by the stop signal. */
export function workOf(context: Context, how: "stoppable" | "finishing" = "stoppable"): Work {
  return {
    machine: context.machine,
    owner: context.urn,
    ...(how === "stoppable" ? { signal: context.signal } : {}),
    log: context.log.progress,
  };
}

/**
 * What is there, as inputs: each field that was declared, and each that is not as usual. So a change
 * behind the program's back shows at its place, and what nobody declared or changed is not told.
 * `live` has the declared form where it means the same; undefined is not there.
 */
export function tellInputs<I>(
  declared: object | undefined,
  live: { readonly [name: string]: Value | undefined },
  usual: ValueMap,
): I {
  const entries = Object.entries(live).filter(([name, value]) => {
    if (value === undefined) return false;
    const wasDeclared = declared !== undefined && Object.hasOwn(declared, name);
    return wasDeclared || (Object.hasOwn(usual, name) && !equalValues(value, usual[name]));
  });
  return Object.fromEntries(entries) as I;
}

export function checkPath(value: string): string | undefined {
  if (/^\/./.test(value) && !/[\0\n]/.test(value) && !value.endsWith("/")) {
    const tidy = !value.split("/").some((part, index) => index > 0 && /^(|\.|\.\.)$/.test(part));
    if (tidy) return undefined;
  }
  return "write an absolute path without . and .., such as /etc/shop/shop.conf";
}

export function checkMode(value: string): string | undefined {
  return /^[0-7]{3,4}$/.test(value) ? undefined : 'write octal digits, such as "0644"';
}

const account = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,30}\$?$/;

export function checkAccount(value: string): string | undefined {
  return account.test(value) ? undefined : "write a name of letters, digits, dots, dashes";
}

/** The declared mode where it means the same as the one that is there; else that one. */
export function modeText(declared: string | undefined, usual: string, mode: number): string {
  const told = declared ?? usual;
  return Number.parseInt(told, 8) === mode ? told : `0${mode.toString(8)}`;
}

/** The declared account where it is the one that is there; else that one's name, or its number. */
export function accountText(
  declared: string | undefined,
  usual: string,
  name: string,
  id: string,
): string {
  const told = declared ?? usual;
  if (told === name || told === id) return told;
  return name === "UNKNOWN" ? id : name;
}

/** The declared list where it has the same members; else the one that is there. */
export function listText(
  declared: readonly string[] | undefined,
  live: readonly string[],
): readonly string[] {
  const same =
    declared?.length === live.length &&
    declared.toSorted().join("\0") === live.toSorted().join("\0");
  return same ? declared : live;
}
