// Text with places for values: `{{name}}`. Only that: what decides anything belongs into the program.

import { ErrorCode, SdkError } from "../../errors.ts";

const place = /\{\{\s*([^{}]*?)\s*\}\}/g;

/** The names that a text has places for and that have no value; each once. */
export function undeclaredNames(
  text: string,
  values: Readonly<Record<string, string>>,
): readonly string[] {
  const names = [...text.matchAll(place)].map((match) => match[1] ?? "");
  return [...new Set(names)].filter((name) => !Object.hasOwn(values, name)).sort();
}

/** The text with its values. A value is put in as it is: places in it stay text. */
export function renderTemplate(text: string, values: Readonly<Record<string, string>>): string {
  const missing = undeclaredNames(text, values);
  if (missing.length > 0) {
    const known = Object.keys(values).sort().join(", ");
    throw new SdkError(
      ErrorCode.BadInput,
      `the template asks for ${missing.map((name) => `{{${name}}}`).join(", ")}; declared are ${known}`,
      { fix: "add them to values" },
    );
  }
  return text.replace(place, (_, name: string) => values[name] ?? "");
}
