// A log, read with its timestamps, as lines: of bytes however they are cut. The daemon cuts a line longer
// than 16 KiB into messages, each with a timestamp of its own, and with its details, where those were
// asked for: of a service of a swarm they say which task wrote it. Pure.
import type { LogChunk } from "../../docker/types.ts";

export interface LogLine {
  /** RFC 3339 with nanoseconds: in the order of time as text. */
  readonly time: string;
  readonly stream: LogChunk["stream"];
  readonly line: string;
  /** `name=value` with commas between. A message without any is the daemon's own. */
  readonly details?: string;
}

interface Begun extends Omit<LogLine, "line"> {
  readonly parts: Buffer[];
}

interface Message extends Omit<LogLine, "line"> {
  readonly data: Buffer;
}

const newline = 0x0a;
const space = 0x20;
const time = /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/;
const details = /^[\w.-]+=[^ ,]*(,[\w.-]+=[^ ,]*)*$/;

function withoutReturn(text: string): string {
  return text.endsWith("\r") ? text.slice(0, -1) : text;
}

/** The first word and what comes after it, where it is of that form. */
function headOf(data: Buffer, form: RegExp): { readonly head: string; readonly rest: Buffer } {
  const at = data.indexOf(space);
  const end = at < 0 ? data.length : at;
  const head = data.toString("latin1", 0, end);
  return form.test(head) ? { head, rest: data.subarray(end + 1) } : { head: "", rest: data };
}

export class LineReader {
  readonly #detailed: boolean;
  /** Lines whose end has not come, by who writes them. */
  readonly #begun = new Map<string, Begun>();
  #message: { readonly stream: LogChunk["stream"]; data: Buffer } | undefined;

  /** `details`: whether they were asked for. */
  constructor(options: { readonly details?: boolean } = {}) {
    this.#detailed = options.details ?? false;
  }

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
    for (const writer of [...this.#begun.keys()]) lines.push(...this.#endLine(writer));
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
      const writer = this.#add(this.#parse(stream, data.subarray(from, end)));
      if (found >= 0) lines.push(...this.#endLine(writer));
      from = end + 1;
    }
    return lines;
  }

  #parse(stream: LogChunk["stream"], data: Buffer): Message {
    const { head, rest } = headOf(data, time);
    if (!this.#detailed) return { time: head, stream, data: rest };
    const told = headOf(rest, details);
    const more = told.head === "" ? {} : { details: told.head };
    return { time: head, stream, data: told.rest, ...more };
  }

  /** Adds it to the line of who writes it. */
  #add({ data, ...message }: Message): string {
    const writer = `${message.stream} ${message.details ?? ""}`;
    const begun = this.#begun.get(writer) ?? { ...message, parts: [] };
    begun.parts.push(data);
    this.#begun.set(writer, begun);
    return writer;
  }

  #endLine(writer: string): readonly LogLine[] {
    const begun = this.#begun.get(writer);
    this.#begun.delete(writer);
    if (begun === undefined) return [];
    const { parts, ...line } = begun;
    return [{ ...line, line: withoutReturn(Buffer.concat(parts).toString("utf8")) }];
  }
}

/** The lines of a log that was opened with timestamps, and with details or not. */
export async function* linesOf(
  chunks: AsyncIterable<LogChunk>,
  options?: { readonly details?: boolean },
): AsyncGenerator<LogLine> {
  const reader = new LineReader(options);
  for await (const chunk of chunks) yield* reader.push(chunk);
  yield* reader.end();
}
