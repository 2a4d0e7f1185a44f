// A Compose file as values, and the line of each of them. YAML 1.2 with anchors, aliases and merge
// keys. The root without `services:` is that of Fig and of Compose's first version: all of it is services.
import { type Document, isNode, isPair, LineCounter, parseAllDocuments, visit } from "yaml";
import { ErrorCode, SdkError } from "../errors.ts";
import { type FoundLine, findIn, isValues, type Values, type YamlPlace } from "../yaml-lines.ts";

export { isValues, type Values };

export type Place = YamlPlace;

/** A text, number or truth value as text; what is not given is empty, and anything else is refused. */
export function plainText(value: unknown): string {
  if (typeof value === "string") return value;
  if (value === null || value === undefined) return "";
  if (typeof value === "number" || typeof value === "boolean") return `${value}`;
  throw new SdkError(ErrorCode.BadInput, `${JSON.stringify(value)} stands where a text is meant`);
}

export interface Source {
  /** The file's name, for messages. */
  readonly file: string;
  readonly root: Values;
  /** The line of a value, or of the nearest above it that has one, from 1, and how many steps it is down. */
  readonly find: (place: Place) => FoundLine;
  /** What files before it said there is taken away first: the places of `!reset` and `!override`. */
  readonly cleared: readonly Place[];
}

/** The members of a map, each a map itself; null is an empty one. */
export function mapsOf(value: unknown): Readonly<Record<string, Values>> {
  if (!isValues(value)) return {};
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, isValues(one) ? one : {}]),
  );
}

/** The places of the tags, and what is tagged `!reset` taken out of the document. */
function takeTags(document: Document): readonly Place[] {
  const cleared: Place[] = [];
  visit(document, {
    Pair: (_, pair, ancestors) => {
      const { value } = pair;
      const tag = isNode(value) ? value.tag : undefined;
      if (tag !== "!reset" && tag !== "!override") return undefined;
      const above = [...ancestors.filter(isPair), pair];
      cleared.push(above.map(({ key }) => plainText(isNode(key) ? key.toJS(document) : key)));
      return tag === "!reset" ? visit.REMOVE : undefined;
    },
  });
  return cleared;
}

function isFig(root: Values): boolean {
  const members = Object.values(root);
  return (
    root["services"] === undefined &&
    members.length > 0 &&
    members.every((one) => isValues(one) && ("image" in one || "build" in one || "extends" in one))
  );
}

/** The one document of a file; where there are several, the place of the second one is told. */
function onlyDocument(file: string, text: string, lineCounter: LineCounter): Document.Parsed {
  const all = parseAllDocuments(text, { lineCounter, merge: true });
  // A text without any document is an empty one.
  const documents = "empty" in all ? parseAllDocuments("{}\n") : all;
  const [first, second] = documents as readonly Document.Parsed[];
  if (first === undefined) throw new Error(`${file} has no document`);
  if (second === undefined) return first;
  const { line } = lineCounter.linePos(second.contents?.range[0] ?? second.range[0]);
  throw new SdkError(ErrorCode.BadInput, `${file}:${line}: a second YAML document begins here`, {
    fix: "put it into a file of its own, and name both: they are merged in their order",
  });
}

/** Reads the text of a Compose file; what is no YAML is an error with its line. */
export function readSource(file: string, text: string): Source {
  const lines = new LineCounter();
  const document = onlyDocument(file, text, lines);
  const [wrong] = document.errors;
  if (wrong !== undefined) {
    throw new SdkError(ErrorCode.BadInput, `${file} is no YAML: ${wrong.message.split("\n")[0]}`);
  }
  const cleared = takeTags(document);
  const given: unknown = document.toJS({ maxAliasCount: 10_000 }) ?? {};
  if (!isValues(given)) {
    throw new SdkError(ErrorCode.BadInput, `${file} is no Compose file: its root is no map`);
  }
  const fig = isFig(given);
  const find = (place: Place) => {
    const own = fig && place[0] === "services" ? place.slice(1) : place;
    return findIn(document, lines, own);
  };
  return { file, root: fig ? { services: given } : given, find, cleared };
}
