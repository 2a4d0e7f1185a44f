// What a builder says, read line by line: what to show, the image, and the end of a failed step's
// output. The classic builder's is here; BuildKit's, which needs protobuf, in build-progress.ts.
import { stripVTControlCharacters } from "node:util";
import type { ProgressMessage } from "./image-progress.ts";
import type { ImageProgress } from "./types.ts";

/** Lines of a failed step's output that its error carries. */
const tailLines = 20;

/** Reads the messages of one builder: what to show, the image, and the step that failed. */
export interface BuildReader {
  readonly imageId: string | undefined;
  /** The step that failed with the end of its output, when one has. */
  failure(): { readonly step: string; readonly lines: readonly string[] } | undefined;
  read(message: ProgressMessage): readonly ImageProgress[];
}

/** What a terminal would show of a line in the end: no colours, nothing that was overwritten. */
function plainLine(line: string): string {
  return stripVTControlCharacters(line).trimEnd().replace(/^.*\r/, "");
}

/** Collects text that comes in pieces into lines, and keeps the last ones. */
export class LineTail {
  readonly #lines: string[] = [];
  #rest = "";

  /** The lines that this text completes. */
  push(text: string): readonly string[] {
    const parts = `${this.#rest}${text}`.split("\n");
    this.#rest = parts.pop() ?? "";
    const lines = parts.map(plainLine).filter(Boolean);
    this.#lines.push(...lines);
    this.#lines.splice(0, this.#lines.length - tailLines);
    return lines;
  }

  get lines(): readonly string[] {
    const last = plainLine(this.#rest);
    return (last ? [...this.#lines, last] : this.#lines).slice(-tailLines);
  }
}

/** The classic builder writes its steps and their output as one text. */
export function classicReader(): BuildReader {
  let step = "";
  let tail = new LineTail();
  let imageId: string | undefined;
  const readLine = (line: string): ImageProgress => {
    if (/^Step \d+\/\d+ : /.test(line)) {
      step = line;
      tail = new LineTail();
    }
    return { text: line.trim() };
  };
  const lines = new LineTail();
  return {
    get imageId() {
      return imageId;
    },
    failure: () => (step ? { step, lines: tail.lines } : undefined),
    read: (message) => {
      if (message.aux && typeof message.aux === "object" && "ID" in message.aux) {
        imageId = String(message.aux.ID);
      }
      const shown: ImageProgress[] = [];
      // A step's own line comes without a line break, before the one that ends it.
      for (const line of lines.push(message.stream ?? "")) {
        const isStep = /^Step \d+\/\d+ : /.test(line);
        shown.push(readLine(line));
        if (!isStep && !line.startsWith(" --->")) tail.push(`${line}\n`);
      }
      return shown;
    },
  };
}
