// A container's log, read with its timestamps, as lines: of bytes however they are cut. The daemon cuts a
// line longer than 16 KiB into messages, each with a timestamp of its own. Pure.
import type { LogChunk } from "../../docker/types.ts";

export interface LogLine {
  /** RFC 3339 with nanoseconds: in the order of time as text. */
  readonly time: string;
  readonly stream: LogChunk["stream"];
  readonly line: string;
}

interface Begun {
  time: string;
  parts: Buffer[];
}

const newline = 0x0a;
const space = 0x20;

function withoutReturn(text: string): string {
  return text.endsWith("\r") ? text.slice(0, -1) : text;
}

export class LineReader {
  readonly #begun: { [stream in LogChunk["stream"]]?: Begun } = {};
  #message: { readonly stream: LogChunk["stream"]; data: Buffer } | undefined;

  /** The lines that these bytes complete. */
  push({ stream, data, starts }: LogChunk): readonly LogLine[] {
    const lines: LogLine[] = [];
    if (starts === true || (this.#message && this.#message.stream !== stream)) {
      lines.push(...this.#endMessage());
    }
    const before = this.#message?.data;
    const all = before === undefined ? data : Buffer.concat([before, data]);
    // What a TTY wrote has no messages: there a line is one.
    const last = all.lastIndexOf(newline) + 1;
    this.#message = { stream, data: all.subarray(0, last) };
    if (last > 0) lines.push(...this.#endMessage());
    this.#message = last < all.length ? { stream, data: all.subarray(last) } : undefined;
    return lines;
  }

  /** The rest, where the log ended without the end of a line. */
  end(): readonly LogLine[] {
    const lines = [...this.#endMessage()];
    for (const stream of ["stdout", "stderr"] as const) lines.push(...this.#endLine(stream));
    return lines;
  }

  #endMessage(): readonly LogLine[] {
    const message = this.#message;
    this.#message = undefined;
    if (message === undefined) return [];
    const { stream, data } = message;
    const lines: LogLine[] = [];
    for (let from = 0; from < data.length; ) {
      const found = data.indexOf(newline, from);
      const end = found < 0 ? data.length : found;
      this.#add(stream, data.subarray(from, end));
      if (found >= 0) lines.push(...this.#endLine(stream));
      from = end + 1;
    }
    return lines;
  }

  #add(stream: LogChunk["stream"], data: Buffer): void {
    const at = data.indexOf(space);
    const head = data.toString("latin1", 0, at < 0 ? data.length : at);
    const stamped = /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(head);
    const rest = stamped ? data.subarray(at < 0 ? data.length : at + 1) : data;
    const begun = this.#begun[stream] ?? { time: stamped ? head : "", parts: [] };
    begun.parts.push(rest);
    this.#begun[stream] = begun;
  }

  #endLine(stream: LogChunk["stream"]): readonly LogLine[] {
    const begun = this.#begun[stream];
    delete this.#begun[stream];
    if (begun === undefined) return [];
    const line = withoutReturn(Buffer.concat(begun.parts).toString("utf8"));
    return [{ time: begun.time, stream, line }];
  }
}

/** The lines of a log that was opened with timestamps. */
export async function* linesOf(chunks: AsyncIterable<LogChunk>): AsyncGenerator<LogLine> {
  const reader = new LineReader();
  for await (const chunk of chunks) yield* reader.push(chunk);
  yield* reader.end();
}
