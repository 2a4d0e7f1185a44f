// Between property values and the `google.protobuf.Struct` of Pulumi's provider protocol: tagged
// objects for secrets, outputs and resource references, sentinels for unknowns. Assets and archives
// are refused: files enter a resource as text or as a path.
// See pulumi/pulumi sdk/go/common/resource/properties.go for the signatures.

import type { JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb.js";
import structs from "google-protobuf/google/protobuf/struct_pb.js";
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

type Wire = JavaScriptValue;

/** What the engine sent. An absent Struct is `undefined`: an import sends none. */
export function decode(struct: structs.Struct | undefined): Properties | undefined {
  if (!struct) return undefined;
  const secrets = new Set<string>();
  const values: Record<string, Value> = {};
  for (const [key, wire] of Object.entries(struct.toJavaScript())) {
    values[key] = decodeValue(wire, [key], secrets);
  }
  return { values, secrets };
}

function decodeValue(wire: Wire, path: Path, secrets: Set<string>): Value {
  if (typeof wire === "string") return unknowns.has(wire) ? unknown : wire;
  if (Array.isArray(wire)) {
    return wire.map((item, index) => decodeValue(item, [...path, index], secrets));
  }
  if (typeof wire !== "object" || wire === null) return wire;
  const object = wire as { [key: string]: Wire };
  if (tagKey in object) return decodeTagged(object, path, secrets);
  const values: Record<string, Value> = {};
  for (const [key, item] of Object.entries(object)) {
    values[key] = decodeValue(item, [...path, key], secrets);
  }
  return values;
}

function decodeTagged(object: { [key: string]: Wire }, path: Path, secrets: Set<string>): Value {
  const tag = object[tagKey];
  if (tag === tags.secret || (tag === tags.output && object["secret"] === true)) {
    secrets.add(formatPath(path));
  }
  if (tag === tags.secret || tag === tags.output) {
    return "value" in object ? decodeValue(object["value"] ?? null, path, secrets) : unknown;
  }
  if (tag === tags.resource) {
    return "id" in object ? decodeValue(object["id"] ?? null, path, secrets) : unknown;
  }
  return unsupported;
}

/** A value no field takes, so that `check` names its place (an asset, an archive, bytes). */
const unsupported: Value = { "(asset or archive)": true };

/** What is sent to the engine: secrets are wrapped, unknowns become the sentinel. */
export function encode({ values, secrets }: Properties): structs.Struct {
  return structs.Struct.fromJavaScript(encodeMap(values, [], secrets) as { [key: string]: Wire });
}

function encodeMap(values: ValueMap, path: Path, secrets: ReadonlySet<string>): Wire {
  const wire: { [key: string]: Wire } = {};
  for (const [key, value] of Object.entries(values)) {
    wire[key] = encodeValue(value, [...path, key], secrets);
  }
  return wire;
}

function encodeValue(value: Value, path: Path, secrets: ReadonlySet<string>): Wire {
  const inner = encodePlain(value, path, secrets);
  if (secrets.size === 0 || !secrets.has(formatPath(path))) return inner;
  return { [tagKey]: tags.secret, value: inner };
}

function encodePlain(value: Value, path: Path, secrets: ReadonlySet<string>): Wire {
  if (value === unknown) return unknownString;
  if (isList(value))
    return value.map((item, index) => encodeValue(item, [...path, index], secrets));
  return isMap(value) ? encodeMap(value, path, secrets) : value;
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
