// How a secret is known where only its name and its text are seen.
import type { NamedValue } from "../subjects.ts";

/** The option of rules that go by names. */
export const secretNames = {
  doc: "What makes a name one of a secret: its last word.",
  default: [
    "PASSWORD",
    "PASSWD",
    "SECRET",
    "TOKEN",
    "APIKEY",
    "API_KEY",
    "PRIVATE_KEY",
    "ACCESS_KEY",
  ],
};

/** Why a variable looks like a secret; undefined where it does not. A path to a file is none. */
export function looksSecret(item: NamedValue, names: readonly string[]): string | undefined {
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(item.value)) return "holds a private key";
  const name = item.name.toUpperCase();
  const named = names.some((word) => name === word || name.endsWith(`_${word}`));
  return named && item.value !== "" ? "has the name of a secret, and a value" : undefined;
}
