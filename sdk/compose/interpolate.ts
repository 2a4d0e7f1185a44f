// Variables in a Compose file: $NAME, ${NAME}, with :- - :? ? :+ +, and $$ for a dollar sign. The
// words after an operator may have variables again. Compose specification, 12-interpolation.md.
import { ErrorCode, SdkError } from "../errors.ts";

export type Variables = Readonly<Record<string, string | undefined>>;

interface Reading {
  readonly text: string;
  readonly variables: Variables;
  readonly where: string;
}

function refuse({ text, where }: Reading, why: string): SdkError {
  return new SdkError(ErrorCode.BadInput, `${where} is ${JSON.stringify(text)}: ${why}`);
}

/** Where the brace that was opened before `from` is closed. */
function closing(reading: Reading, from: number): number {
  let depth = 1;
  for (let at = from; at < reading.text.length; at++) {
    if (reading.text.startsWith("${", at)) depth += 1;
    if (reading.text[at] === "}") depth -= 1;
    if (depth === 0) return at;
  }
  throw refuse(reading, `a $\{ has no }; write $$ for a dollar sign`);
}

function valueOf(reading: Reading, inner: string): string {
  const match = /^([A-Za-z_]\w*)(?:(:?[-?+])(.*))?$/s.exec(inner);
  if (!match) throw refuse(reading, `"\${${inner}}" names no variable`);
  const [, name = "", operator = "", words = ""] = match;
  const value = reading.variables[name];
  const missing = value === undefined || (operator.startsWith(":") && value === "");
  const expand = () => interpolate(words, reading.variables, reading.where);
  if (operator.endsWith("-")) return missing ? expand() : value;
  if (operator.endsWith("+")) return missing ? "" : expand();
  if (operator.endsWith("?") && missing) {
    throw refuse(reading, `the variable ${name} is not set${words === "" ? "" : `: ${words}`}`);
  }
  return value ?? "";
}

/** A text with its variables filled in; one that is not set is empty. */
export function interpolate(text: string, variables: Variables, where: string): string {
  const reading = { text, variables, where };
  let done = "";
  for (let at = 0; at < text.length; ) {
    const dollar = text.indexOf("$", at);
    if (dollar < 0) return done + text.slice(at);
    done += text.slice(at, dollar);
    const next = text.slice(dollar + 1);
    const [name] = /^[A-Za-z_]\w*/.exec(next) ?? [];
    if (next.startsWith("$")) {
      done += "$";
      at = dollar + 2;
    } else if (next.startsWith("{")) {
      const end = closing(reading, dollar + 2);
      done += valueOf(reading, text.slice(dollar + 2, end));
      at = end + 1;
    } else if (name !== undefined) {
      done += variables[name] ?? "";
      at = dollar + 1 + name.length;
    } else throw refuse(reading, "a $ stands alone; write $$ for a dollar sign");
  }
  return done;
}

/** All texts of a value, members of maps and lists included; keys stay as they are. */
export function interpolateAll(value: unknown, variables: Variables, where: string): unknown {
  if (typeof value === "string") return interpolate(value, variables, where);
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) =>
      interpolateAll(item, variables, `${where}[${index}]`),
    );
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      interpolateAll(item, variables, where === "" ? key : `${where}.${key}`),
    ]),
  );
}
