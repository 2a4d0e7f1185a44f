// Values as TypeScript text: what fits on a line is on one. Pure.

/** An expression, written as it is. */
export class Code {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

const widest = 90;

function keyText(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key);
}

function members(value: object): readonly (readonly [string, unknown])[] {
  return Object.entries(value).filter(([, one]) => one !== undefined);
}

function broken(items: readonly string[], open: string, close: string, indent: string): string {
  const lines = items.map((item) => `${indent}  ${item},\n`).join("");
  return `${open}\n${lines}${indent}${close}`;
}

function member(key: string, one: unknown, indent: string): string {
  const text = literal(one, indent);
  return text === key ? key : `${keyText(key)}: ${text}`;
}

/** The text of a value, its lines after the first indented. */
export function literal(value: unknown, indent = ""): string {
  if (value instanceof Code) return value.text;
  if (Array.isArray(value)) {
    const short = `[${value.map((one) => literal(one)).join(", ")}]`;
    if (short.length + indent.length < widest && !short.includes("\n")) return short;
    return broken(
      value.map((one) => literal(one, `${indent}  `)),
      "[",
      "]",
      indent,
    );
  }
  if (typeof value === "object" && value !== null) {
    const all = members(value);
    if (all.length === 0) return "{}";
    const short = `{ ${all.map(([key, one]) => member(key, one, "")).join(", ")} }`;
    if (short.length + indent.length < widest && !short.includes("\n")) return short;
    return broken(
      all.map(([key, one]) => member(key, one, `${indent}  `)),
      "{",
      "}",
      indent,
    );
  }
  return JSON.stringify(value);
}
