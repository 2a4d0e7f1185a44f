// Protocol Buffers messages by tables of their fields, on protobufjs's reader and writer: what is needed
// of Pulumi's protocol or of BuildKit's is a few dozen fields, and generated code for all of it holds
// more memory and makes more garbage than the rest of a call.
// Specification: https://protobuf.dev/programming-guides/encoding/.
// A CommonJS module whose members Node cannot name.
import protobuf, { type Reader, type Writer } from "protobufjs/minimal.js";

const wireTypes = { varint: 0, fixed64: 1, bytes: 2 } as const;

/** What a field holds. */
export interface Kind<T> {
  /** What a message has that does not have the field. */
  readonly none: T;
  /** Reads what comes after the field's tag; `before` is what the message has of it so far. */
  readonly read: (reader: Reader, before: T) => T;
  /** Writes the field with its tag. Not called for a value that is `none`. */
  readonly write: (writer: Writer, number: number, value: T) => void;
}

/** A field's number and what it holds. */
export type Field<T> = readonly [number: number, kind: Kind<T>];
export type FieldsOf<T> = { readonly [K in keyof T]: Field<T[K]> };

/** A message both ways. */
export interface Codec<T> {
  readonly decode: (bytes: Uint8Array) => T;
  /** A field that is not given is not written. */
  readonly encode: (value: Partial<T>) => Buffer;
  readonly read: (reader: Reader, end: number) => T;
  readonly write: (writer: Writer, value: Partial<T>) => void;
}

/** What a codec reads. */
export type Decoded<C> = C extends Codec<infer T> ? T : never;

/** A message with these fields. Those it does not name are skipped, as the specification asks. */
export function message<T extends object>(fields: FieldsOf<T>): Codec<T> {
  const names = Object.keys(fields) as (keyof T)[];
  const byNumber = new Map(names.map((name) => [fields[name][0], name]));
  const empty = Object.fromEntries(names.map((name) => [name, fields[name][1].none])) as T;
  const read = (reader: Reader, end: number): T => {
    const found = { ...empty };
    while (reader.pos < end) {
      const tag = reader.uint32();
      const name = byNumber.get(tag >>> 3);
      if (name === undefined) reader.skipType(tag & 7);
      else found[name] = fields[name][1].read(reader, found[name]);
    }
    return found;
  };
  const write = (writer: Writer, value: Partial<T>): void => {
    for (const name of names) {
      const [number, kind] = fields[name];
      const given = value[name];
      if (given !== undefined && given !== kind.none) kind.write(writer, number, given);
    }
  };
  return {
    read,
    write,
    decode: (bytes) => {
      const reader = protobuf.Reader.create(bytes);
      return read(reader, reader.len);
    },
    encode: (value) => {
      const writer = protobuf.Writer.create();
      write(writer, value);
      return writer.finish() as Buffer;
    },
  };
}

/** Begins a field. */
export function tag(writer: Writer, number: number, type: keyof typeof wireTypes): Writer {
  return writer.uint32((number << 3) | wireTypes[type]);
}

/** Where what has its length in front of it ends. */
export function endOf(reader: Reader): number {
  const length = reader.uint32();
  return reader.pos + length;
}

/** Writes what has its length in front of it. */
export function delimited(writer: Writer, number: number, write: (writer: Writer) => void): void {
  tag(writer, number, "bytes").fork();
  write(writer);
  writer.ldelim();
}

export const text: Kind<string> = {
  none: "",
  read: (reader) => reader.string(),
  write: (writer, number, value) => tag(writer, number, "bytes").string(value),
};

export const flag: Kind<boolean> = {
  none: false,
  read: (reader) => reader.bool(),
  write: (writer, number, value) => tag(writer, number, "varint").bool(value),
};

export const double: Kind<number> = {
  none: 0,
  read: (reader) => reader.double(),
  write: (writer, number, value) => tag(writer, number, "fixed64").double(value),
};

/** An `int32`, or a member of an `enum`. */
export const integer: Kind<number> = {
  none: 0,
  read: (reader) => reader.int32(),
  write: (writer, number, value) => tag(writer, number, "varint").int32(value),
};

const noBytes = Buffer.alloc(0);

export const bytes: Kind<Uint8Array> = {
  none: noBytes,
  read: (reader) => reader.bytes(),
  write: (writer, number, value) => tag(writer, number, "bytes").bytes(value),
};

/** An `int64`, as far as a number can say it. */
export const whole: Kind<number> = {
  none: 0,
  read: (reader) => Number(reader.int64()),
  write: (writer, number, value) => tag(writer, number, "varint").int64(value),
};

/** A message of which only counts that it is there. */
export const present: Kind<boolean> = {
  none: false,
  read: (reader) => {
    reader.skipType(wireTypes.bytes);
    return true;
  },
  write: (writer, number) => tag(writer, number, "bytes").uint32(0),
};

function repeated<T>(
  readOne: (reader: Reader) => T,
  writeOne: (writer: Writer, number: number, value: T) => void,
): Kind<readonly T[]> {
  const none: readonly T[] = [];
  return {
    none,
    read: (reader, before) => {
      const list = before === none ? [] : (before as T[]);
      list.push(readOne(reader));
      return list;
    },
    write: (writer, number, values) => {
      for (const value of values) writeOne(writer, number, value);
    },
  };
}

/** A list of messages. */
export const many = <T>(codec: Codec<T>): Kind<readonly T[]> =>
  repeated(
    (reader) => codec.read(reader, endOf(reader)),
    (writer, number, value) => delimited(writer, number, () => codec.write(writer, value)),
  );

export const texts: Kind<readonly string[]> = repeated(
  (reader) => reader.string(),
  (writer, number, value) => tag(writer, number, "bytes").string(value),
);

/** A `map<string, M>`: each member a message of its own, of key and value. */
export function mapOf<T extends object>(codec: Codec<T>): Kind<ReadonlyMap<string, T>> {
  const value: Kind<T> = {
    none: codec.decode(noBytes),
    read: (reader) => codec.read(reader, endOf(reader)),
    write: (writer, number, inner) => delimited(writer, number, () => codec.write(writer, inner)),
  };
  const entry = message<{ key: string; value: T }>({ key: [1, text], value: [2, value] });
  return {
    none: new Map(),
    read: (reader, before) => {
      const { key, value: inner } = entry.read(reader, endOf(reader));
      return new Map([...before, [key, inner]]);
    },
    write: (writer, number, members) => {
      for (const [key, inner] of members) {
        delimited(writer, number, () => entry.write(writer, { key, value: inner }));
      }
    },
  };
}
