// What a command says, as it comes: lines whole although packets cut them (and characters) anywhere,
// and of the text the last part only, so that a chatty command costs bounded memory.

import { StringDecoder } from "node:string_decoder";

export interface Collector {
  write(chunk: Buffer): void;
  /** The text (its end, after a line that says how much is missing); tells the last line. */
  end(): string;
}

/** Cuts text into lines. A last line without an end is told by `end`. */
export function createLines(onLine: (line: string) => void) {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  const take = (text: string) => {
    const lines = text.split("\n");
    const first = rest + (lines[0] ?? "");
    if (lines.length === 1) {
      rest = first;
      return;
    }
    onLine(first);
    for (const line of lines.slice(1, -1)) onLine(line);
    rest = lines.at(-1) ?? "";
  };
  return {
    write: (chunk: Buffer) => take(decoder.write(chunk)),
    end: () => {
      take(decoder.end());
      if (rest !== "") onLine(rest);
      rest = "";
    },
  };
}

/** Keeps the last `keptBytes` of what it is given, from the beginning of a line. */
export function createCollector(
  keptBytes: number,
  onLine: ((line: string) => void) | undefined,
): Collector {
  const lines = onLine && createLines(onLine);
  let chunks: Buffer[] = [];
  let held = 0;
  let dropped = 0;
  const trim = () => {
    const all = Buffer.concat(chunks, held);
    const from = all.length - keptBytes;
    const newline = all.indexOf(10, from - 1);
    const cut = newline === -1 ? from : newline + 1;
    chunks = [all.subarray(cut)];
    dropped += cut;
    held -= cut;
  };
  return {
    write(chunk) {
      lines?.write(chunk);
      chunks.push(chunk);
      held += chunk.length;
      if (held > 2 * keptBytes) trim();
    },
    end() {
      lines?.end();
      if (held > keptBytes) trim();
      const text = Buffer.concat(chunks, held).toString("utf8");
      return dropped === 0 ? text : `... (${dropped} bytes left out)\n${text}`;
    },
  };
}
