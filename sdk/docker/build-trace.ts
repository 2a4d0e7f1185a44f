// BuildKit's progress: base64 of the protobuf message moby.buildkit.v1.StatusResponse; fields that are
// not used are skipped.
// Specification: moby/buildkit, api/services/control/control.proto.
import { flag, many, message, present, text, whole } from "../protobuf.ts";

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

const vertex = message<TraceVertex>({
  digest: [1, text],
  name: [3, text],
  cached: [4, flag],
  started: [5, present],
  completed: [6, present],
  error: [7, text],
});

const status = message<TraceStatus>({
  id: [1, text],
  vertex: [2, text],
  current: [4, whole],
  total: [5, whole],
  completed: [8, present],
});

const log = message<TraceLog>({ vertex: [1, text], text: [4, text] });

const trace = message<BuildTrace>({
  vertexes: [1, many(vertex)],
  statuses: [2, many(status)],
  logs: [3, many(log)],
});

/** The trace in a message with the id "moby.buildkit.trace". */
export function decodeTrace(base64: string): BuildTrace {
  return trace.decode(Buffer.from(base64, "base64"));
}
