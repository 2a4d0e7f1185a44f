// Maps of a YAML text, and where in it a value stands.
import type { Document, LineCounter } from "yaml";

/** A map, by its keys. */
export type Values = Readonly<Record<string, unknown>>;

export function isValues(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A place in a document: keys of maps and indices of lists. */
export type YamlPlace = readonly (string | number)[];

interface Ranged {
  readonly range?: readonly number[] | null;
}

interface Keyed extends Ranged {
  readonly value?: unknown;
}

/** Where a value stands, or the nearest above it that has a place. */
export interface FoundLine {
  /** From 1. */
  readonly line: number;
  /** How many of the steps to the value lead to it. */
  readonly depth: number;
}

/** The line of a value, or of the nearest above it that has one, and how far down that is. */
export function findIn(document: Document, lines: LineCounter, place: YamlPlace): FoundLine {
  for (let depth = place.length; depth > 0; depth--) {
    const path = place.slice(0, depth);
    const parent = document.getIn(path.slice(0, -1), true) as
      | { readonly items?: readonly { readonly key?: Keyed }[] }
      | undefined;
    const pair = parent?.items?.find(({ key }) => key?.value === path.at(-1));
    const node = pair?.key ?? (document.getIn(path, true) as Ranged | undefined);
    const start = node?.range?.[0];
    if (start !== undefined) return { line: lines.linePos(start).line, depth };
  }
  return { line: 1, depth: 0 };
}

/** The line of a value, or of the nearest above it that has one, from 1. */
export function lineIn(document: Document, lines: LineCounter, place: YamlPlace): number {
  return findIn(document, lines, place).line;
}
