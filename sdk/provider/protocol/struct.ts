// google.protobuf.Struct: JSON as Protocol Buffers, read into plain values and written from them, with
// nothing in between.
// Specification: protocolbuffers/protobuf, src/google/protobuf/struct.proto.

import type { Reader, Writer } from "protobufjs/minimal.js";
import { delimited, endOf, type Kind, tag } from "../../protobuf.ts";
import { isList } from "../values.ts";

export type Json = null | boolean | number | string | readonly Json[] | JsonMap;
export type JsonMap = { readonly [key: string]: Json };

const mapFields = { members: 1 } as const;
const memberFields = { key: 1, value: 2 } as const;
const listFields = { values: 1 } as const;
const valueFields = { null: 1, number: 2, text: 3, flag: 4, map: 5, list: 6 } as const;

/** Sets a member, whatever it is called: `__proto__` assigned would be another thing than a member. */
export function setMember<T>(map: Record<string, T>, key: string, value: T): void {
  if (key !== "__proto__") map[key] = value;
  else
    Object.defineProperty(map, key, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
}

function readValue(reader: Reader, end: number): Json {
  let value: Json = null;
  while (reader.pos < end) {
    const head = reader.uint32();
    switch (head >>> 3) {
      case valueFields.null:
        reader.int32();
        value = null;
        break;
      case valueFields.number:
        value = reader.double();
        break;
      case valueFields.text:
        value = reader.string();
        break;
      case valueFields.flag:
        value = reader.bool();
        break;
      case valueFields.map:
        value = readMap(reader, endOf(reader));
        break;
      case valueFields.list:
        value = readList(reader, endOf(reader));
        break;
      default:
        reader.skipType(head & 7);
    }
  }
  return value;
}

function readList(reader: Reader, end: number): Json {
  const values: Json[] = [];
  while (reader.pos < end) {
    const head = reader.uint32();
    if (head >>> 3 === listFields.values) values.push(readValue(reader, endOf(reader)));
    else reader.skipType(head & 7);
  }
  return values;
}

function readMember(reader: Reader, end: number, map: Record<string, Json>): void {
  let key = "";
  let value: Json = null;
  while (reader.pos < end) {
    const head = reader.uint32();
    const number = head >>> 3;
    if (number === memberFields.key) key = reader.string();
    else if (number === memberFields.value) value = readValue(reader, endOf(reader));
    else reader.skipType(head & 7);
  }
  setMember(map, key, value);
}

function readMap(reader: Reader, end: number): JsonMap {
  const map: Record<string, Json> = {};
  while (reader.pos < end) {
    const head = reader.uint32();
    if (head >>> 3 === mapFields.members) readMember(reader, endOf(reader), map);
    else reader.skipType(head & 7);
  }
  return map;
}

function writeValue(writer: Writer, value: Json): void {
  if (value === null) tag(writer, valueFields.null, "varint").int32(0);
  else if (typeof value === "number") tag(writer, valueFields.number, "fixed64").double(value);
  else if (typeof value === "string") tag(writer, valueFields.text, "bytes").string(value);
  else if (typeof value === "boolean") tag(writer, valueFields.flag, "varint").bool(value);
  else if (isList(value)) {
    delimited(writer, valueFields.list, () => {
      for (const item of value) {
        delimited(writer, listFields.values, () => writeValue(writer, item));
      }
    });
  } else delimited(writer, valueFields.map, () => writeMap(writer, value));
}

function writeMap(writer: Writer, map: JsonMap): void {
  for (const [key, value] of Object.entries(map)) {
    delimited(writer, mapFields.members, () => {
      tag(writer, memberFields.key, "bytes").string(key);
      delimited(writer, memberFields.value, () => writeValue(writer, value));
    });
  }
}

/** A field that is a Struct. One that is absent is not one that is empty. */
export const struct: Kind<JsonMap | undefined> = {
  none: undefined,
  read: (reader) => readMap(reader, endOf(reader)),
  write: (writer, number, value) => {
    delimited(writer, number, () => writeMap(writer, value ?? {}));
  },
};
