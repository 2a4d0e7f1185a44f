// Where in a YAML text a value stands.
import type { Document, LineCounter } from "yaml";

/** A place in a document: keys of maps and indices of lists. */
export type YamlPlace = readonly (string | number)[];

interface Ranged {
  readonly range?: readonly number[] | null;
}

interface Keyed extends Ranged {
  readonly value?: unknown;
}

/** The line of a value, or of the nearest above it that has one, from 1. */
export function lineIn(document: Document, lines: LineCounter, place: YamlPlace): number {
  for (let length = place.length; length > 0; length--) {
    const path = place.slice(0, length);
    const parent = document.getIn(path.slice(0, -1), true) as
      | { readonly items?: readonly { readonly key?: Keyed }[] }
      | undefined;
    const pair = parent?.items?.find(({ key }) => key?.value === path.at(-1));
    const node = pair?.key ?? (document.getIn(path, true) as Ranged | undefined);
    const start = node?.range?.[0];
    if (start !== undefined) return lines.linePos(start).line;
  }
  return 1;
}
