// BuildKit's progress: base64 of the protobuf message moby.buildkit.v1.StatusResponse, read with
// protobufjs's reader; fields that are not used are skipped.
// Specification: moby/buildkit, api/services/control/control.proto.
// A CommonJS module whose members Node cannot name.
import protobuf, { type Reader } from "protobufjs/minimal.js";

/** One step of a build, as of now. */
export interface TraceVertex {
  readonly digest: string;
  readonly name: string;
  readonly cached: boolean;
  readonly started: boolean;
  readonly completed: boolean;
  readonly error: string;
}

/** Progress within a step: layers being fetched or exported. */
export interface TraceStatus {
  readonly id: string;
  readonly vertex: string;
  readonly current: number;
  readonly total: number;
  readonly completed: boolean;
}

export interface TraceLog {
  readonly vertex: string;
  readonly text: string;
}

export interface BuildTrace {
  readonly vertexes: readonly TraceVertex[];
  readonly statuses: readonly TraceStatus[];
  readonly logs: readonly TraceLog[];
}

/** Reads the fields of one message: each handler takes the field it is named after. */
function readFields(
  reader: Reader,
  handlers: Readonly<Record<number, (reader: Reader) => void>>,
  end = reader.len,
): void {
  while (reader.pos < end) {
    const tag = reader.uint32();
    const handler = handlers[tag >>> 3];
    if (handler) handler(reader);
    else reader.skipType(tag & 7);
  }
}

function lengthEnd(reader: Reader): number {
  const length = reader.uint32();
  return reader.pos + length;
}

function skip(reader: Reader): true {
  reader.skipType(2);
  return true;
}

function readVertex(reader: Reader): TraceVertex {
  const vertex = {
    digest: "",
    name: "",
    cached: false,
    started: false,
    completed: false,
    error: "",
  };
  const handlers = {
    1: (r: Reader) => {
      vertex.digest = r.string();
    },
    3: (r: Reader) => {
      vertex.name = r.string();
    },
    4: (r: Reader) => {
      vertex.cached = r.bool();
    },
    5: (r: Reader) => {
      vertex.started = skip(r);
    },
    6: (r: Reader) => {
      vertex.completed = skip(r);
    },
    7: (r: Reader) => {
      vertex.error = r.string();
    },
  };
  readFields(reader, handlers, lengthEnd(reader));
  return vertex;
}

function readStatus(reader: Reader): TraceStatus {
  const status = { id: "", vertex: "", current: 0, total: 0, completed: false };
  const handlers = {
    1: (r: Reader) => {
      status.id = r.string();
    },
    2: (r: Reader) => {
      status.vertex = r.string();
    },
    4: (r: Reader) => {
      status.current = Number(r.int64());
    },
    5: (r: Reader) => {
      status.total = Number(r.int64());
    },
    8: (r: Reader) => {
      status.completed = skip(r);
    },
  };
  readFields(reader, handlers, lengthEnd(reader));
  return status;
}

function readLog(reader: Reader): TraceLog {
  const log = { vertex: "", text: "" };
  const handlers = {
    1: (r: Reader) => {
      log.vertex = r.string();
    },
    4: (r: Reader) => {
      log.text = r.string();
    },
  };
  readFields(reader, handlers, lengthEnd(reader));
  return log;
}

/** The trace in a message with the id "moby.buildkit.trace". */
export function decodeTrace(base64: string): BuildTrace {
  const vertexes: TraceVertex[] = [];
  const statuses: TraceStatus[] = [];
  const logs: TraceLog[] = [];
  readFields(protobuf.Reader.create(Buffer.from(base64, "base64")), {
    1: (reader) => vertexes.push(readVertex(reader)),
    2: (reader) => statuses.push(readStatus(reader)),
    3: (reader) => logs.push(readLog(reader)),
  });
  return { vertexes, statuses, logs };
}
