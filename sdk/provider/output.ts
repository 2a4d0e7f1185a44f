// What a program wrote, as far as it is kept: its last 64 KiB, without secrets. Memory is bounded
// however much it writes, and a secret that the cut goes through is not left half.

/** How much of an output is kept, in bytes. */
export const keptOutputBytes = 64 * 1024;

/** Takes an output piece by piece, and keeps its end. */
export class OutputTail {
  readonly #pieces: Buffer[] = [];
  #bytes = 0;
  #cut = false;

  push(piece: Buffer): void {
    this.#pieces.push(piece);
    this.#bytes += piece.length;
    // Twice as much as is told: what is cut off here is not told.
    while (this.#bytes - (this.#pieces[0]?.length ?? 0) >= 2 * keptOutputBytes) {
      this.#bytes -= this.#pieces.shift()?.length ?? 0;
      this.#cut = true;
    }
  }

  /** The end of it, scrubbed as a whole before it is cut. */
  text(scrub: (text: string) => string): string {
    const text = scrub(Buffer.concat(this.#pieces).toString("utf8"));
    return lastBytes(this.#cut ? withoutFirstLine(text) : text);
  }
}

/** The first line may begin in the middle of a secret, which nobody would know for one. */
function withoutFirstLine(text: string): string {
  const end = text.indexOf("\n");
  return text.slice(end < 0 ? Math.floor(text.length / 2) : end + 1);
}

function lastBytes(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= keptOutputBytes) return text;
  let start = bytes.length - keptOutputBytes;
  // Not in the middle of a character.
  while (((bytes[start] ?? 0) & 0xc0) === 0x80) start += 1;
  return bytes.subarray(start).toString("utf8");
}
