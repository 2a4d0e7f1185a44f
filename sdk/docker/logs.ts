// Container output: the multiplexed stream of 8-byte headers (stream, 0, 0, 0, length big-endian)
// that Docker uses where there is no TTY, and the raw one where there is.
// Specification: Docker Engine API, "Attach to a container", stream format.
import { ErrorCode } from "../errors.ts";
import type { Query } from "./call.ts";
import { cutBy, OddAnswer } from "./cut-answer.ts";
import type { LogChunk } from "./types.ts";

export interface LogQuery {
  /** Last lines to give. @defaultValue all */
  readonly tail?: number;
  /** Milliseconds since 1970, by the daemon's clock. */
  readonly sinceMs?: number;
  readonly timestamps?: boolean;
}

/** What the daemon is asked for, of both streams. */
export function logQuery(query: LogQuery & { readonly follow: boolean }): Query {
  const { follow, timestamps, tail, sinceMs } = query;
  const since = sinceMs === undefined ? undefined : (sinceMs / 1000).toFixed(3);
  return { stdout: true, stderr: true, follow, timestamps, tail, since };
}

const headerBytes = 8;
/** The daemon copies in pieces of 32 KiB; a longer frame means that this is no such stream. */
const maxFrameBytes = 64 * 1024 * 1024;

function streamOf(header: Buffer): LogChunk["stream"] {
  const kind = header[0];
  const reserved = header[1] || header[2] || header[3];
  // 0 is standard input echoed, which Docker itself prints to standard output.
  if (!reserved && (kind === 0 || kind === 1)) return "stdout";
  // 3 is the daemon's own error in the middle of a stream.
  if (!reserved && (kind === 2 || kind === 3)) return "stderr";
  throw new OddAnswer(
    ErrorCode.Refused,
    `the daemon's output stream has the header ${header.subarray(0, headerBytes).toString("hex")}, which is none`,
    { fix: "read a container that has a TTY as a raw stream" },
  );
}

/** Splits the multiplexed stream, however its bytes are cut. Pure: bytes in, chunks out. */
export class LogDemuxer {
  #rest: Buffer = Buffer.alloc(0);
  #left = 0;
  #stream: LogChunk["stream"] = "stdout";
  #fresh = false;

  /** The chunks that these bytes complete or continue. */
  push(bytes: Buffer): LogChunk[] {
    const chunks: LogChunk[] = [];
    let data = this.#rest.length > 0 ? Buffer.concat([this.#rest, bytes]) : bytes;
    for (;;) {
      if (this.#left > 0 && data.length > 0) {
        const part = data.subarray(0, this.#left);
        chunks.push({ stream: this.#stream, data: part, ...(this.#fresh ? { starts: true } : {}) });
        this.#fresh = false;
        this.#left -= part.length;
        data = data.subarray(part.length);
      }
      if (this.#left > 0 || data.length < headerBytes) break;
      this.#stream = streamOf(data);
      this.#left = frameLength(data);
      this.#fresh = true;
      data = data.subarray(headerBytes);
    }
    this.#rest = Buffer.from(data);
    return chunks;
  }

  /** Whether the bytes so far end in the middle of a frame: the stream was cut. */
  get cut(): boolean {
    return this.#left > 0 || this.#rest.length > 0;
  }
}

function frameLength(header: Buffer): number {
  const length = header.readUInt32BE(4);
  if (length <= maxFrameBytes) return length;
  throw new OddAnswer(
    ErrorCode.Refused,
    `the daemon's output stream has a frame of ${length} bytes; at most ${maxFrameBytes} are taken`,
  );
}

/** Whose log it is, for errors. */
interface LogCall {
  readonly doing: string;
  readonly where: string;
}

/** The chunks of a log in order; `tty` says that it is raw. */
export async function* readLog(
  stream: AsyncIterable<unknown>,
  tty: boolean,
  { doing, where }: LogCall,
): AsyncGenerator<LogChunk> {
  const demuxer = new LogDemuxer();
  try {
    for await (const bytes of stream) {
      if (tty) yield { stream: "stdout", data: bytes as Buffer };
      else yield* demuxer.push(bytes as Buffer);
    }
  } catch (error) {
    throw cutBy(doing, where, error);
  }
}

/** A whole log as text, both streams in order. */
export async function joinLog(chunks: AsyncIterable<LogChunk>): Promise<string> {
  const parts: Buffer[] = [];
  for await (const chunk of chunks) parts.push(chunk.data);
  return Buffer.concat(parts).toString("utf8");
}
