// Between property values and the Structs of Pulumi's provider protocol: tagged objects for secrets,
// outputs and resource references, sentinels for unknowns. Assets and archives are refused: files
// enter a resource as text or as a path.
// See pulumi/pulumi sdk/go/common/resource/properties.go for the signatures.

import { type Json, type JsonMap, setMember } from "./protocol/struct.ts";
import { unknownString, unknowns } from "./unknowns.ts";
import {
  formatPath,
  isList,
  isMap,
  type Path,
  unknown,
  type Value,
  type ValueMap,
} from "./values.ts";

const tagKey = "4dabf18193072939515e22adb298388d";
const tags = {
  secret: "1b47061264138c4ac30d75fd1eb44270",
  resource: "5cf8f73096256a8f31e491e813e4eb8e",
  output: "d0e6a833031e9bbcd3f4e8bde6ca49a4",
} as const;

/** Values together with the places at which they are secret. */
export interface Properties {
  readonly values: ValueMap;
  /** Places of secrets, as {@link formatPath} writes them. */
  readonly secrets: ReadonlySet<string>;
}

export const noProperties: Properties = { values: {}, secrets: new Set() };

/** A place, as a list that grows and shrinks on the way: a copy for each value would be most of the work. */
type Place = (string | number)[];

/** What the engine sent. An absent Struct is `undefined`: an import sends none. */
export function decode(wire: JsonMap | undefined): Properties | undefined {
  if (!wire) return undefined;
  const secrets = new Set<string>();
  return { values: decodeMap(wire, [], secrets), secrets };
}

function at<T>(place: Place, step: string | number, work: () => T): T {
  place.push(step);
  const done = work();
  place.pop();
  return done;
}

function decodeMap(wire: JsonMap, place: Place, secrets: Set<string>): ValueMap {
  const values: Record<string, Value> = {};
  for (const [key, item] of Object.entries(wire)) {
    setMember(
      values,
      key,
      at(place, key, () => decodeValue(item, place, secrets)),
    );
  }
  return values;
}

function decodeValue(wire: Json, place: Place, secrets: Set<string>): Value {
  if (typeof wire === "string") return unknowns.has(wire) ? unknown : wire;
  if (isList(wire)) {
    return wire.map((item, index) => at(place, index, () => decodeValue(item, place, secrets)));
  }
  if (!isMap(wire)) return wire;
  return Object.hasOwn(wire, tagKey)
    ? decodeTagged(wire, place, secrets)
    : decodeMap(wire, place, secrets);
}

function decodeTagged(object: JsonMap, place: Place, secrets: Set<string>): Value {
  const tag = object[tagKey];
  if (tag === tags.secret || (tag === tags.output && object["secret"] === true)) {
    secrets.add(formatPath(place));
  }
  if (tag === tags.secret || tag === tags.output) {
    return "value" in object ? decodeValue(object["value"] ?? null, place, secrets) : unknown;
  }
  if (tag === tags.resource) {
    return "id" in object ? decodeValue(object["id"] ?? null, place, secrets) : unknown;
  }
  return unsupported;
}

/** A value no field takes, so that `check` names its place (an asset, an archive, bytes). */
const unsupported: Value = { "(asset or archive)": true };

/** What is sent to the engine: secrets are wrapped, unknowns become the sentinel. */
export function encode({ values, secrets }: Properties): JsonMap {
  return encodeMap(values, [], secrets);
}

function encodeMap(values: ValueMap, place: Place, secrets: ReadonlySet<string>): JsonMap {
  const wire: Record<string, Json> = {};
  for (const [key, value] of Object.entries(values)) {
    setMember(
      wire,
      key,
      at(place, key, () => encodeValue(value, place, secrets)),
    );
  }
  return wire;
}

function encodeValue(value: Value, place: Place, secrets: ReadonlySet<string>): Json {
  const inner = encodePlain(value, place, secrets);
  if (secrets.size === 0 || !secrets.has(formatPath(place))) return inner;
  return { [tagKey]: tags.secret, value: inner };
}

function encodePlain(value: Value, place: Place, secrets: ReadonlySet<string>): Json {
  if (value === unknown) return unknownString;
  if (isList(value)) {
    return value.map((item, index) => at(place, index, () => encodeValue(item, place, secrets)));
  }
  return isMap(value) ? encodeMap(value, place, secrets) : value;
}

/** The strings and numbers that stand at secret places: what must never be said aloud. */
export function secretTexts({ values, secrets }: Properties): readonly string[] {
  const texts: string[] = [];
  if (secrets.size === 0) return texts;
  const visit = (value: Value, path: Path, inside: boolean): void => {
    const secret = inside || secrets.has(formatPath(path));
    if (isList(value))
      value.forEach((item, index) => {
        visit(item, [...path, index], secret);
      });
    else if (isMap(value)) {
      for (const [key, item] of Object.entries(value)) visit(item, [...path, key], secret);
    } else if (secret && (typeof value === "string" || typeof value === "number")) {
      texts.push(String(value));
    }
  };
  for (const [key, value] of Object.entries(values)) visit(value, [key], false);
  return texts;
}
