// Reads and writes tar archives byte for byte: an entry is a range of the file, so that what is
// copied from one archive to another stays what it was, extended attributes included (a library
// that decodes and encodes headers changes them). Refuses sparse and multi-volume archives by not
// being given any. Follows POSIX.1-2001 pax, and GNU's long names.
import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";

export const blockBytes = 512;

export interface TarEntry {
  /** Relative path with no leading `./` and no trailing `/`; "" is the root. */
  readonly path: string;
  /** The type flag: "0" file, "1" hard link, "2" symbolic link, "5" directory. */
  readonly type: string;
  /** Target of a link, as it is written; a hard link's is spelt like a path above. */
  readonly link: string;
  /** Where headers and content start in the archive, and how long they are together. */
  readonly offset: number;
  readonly lengthBytes: number;
  /** Where the content starts, and its length without padding. */
  readonly contentOffset: number;
  readonly contentBytes: number;
  /** SHA-256 of headers and content. */
  readonly hash: string;
}

function padded(size: number): number {
  return Math.ceil(size / blockBytes) * blockBytes;
}

function text(block: Buffer, start: number, length: number): string {
  const field = block.subarray(start, start + length);
  const end = field.indexOf(0);
  return field.toString("utf8", 0, end === -1 ? length : end);
}

function sizeOf(block: Buffer): number {
  // GNU's base 256 for what does not fit 11 octal digits.
  if ((block[124] ?? 0) & 0x80) return Number(block.readBigUInt64BE(128));
  return Number.parseInt(text(block, 124, 12).trim() || "0", 8);
}

function paxRecords(data: Buffer): ReadonlyMap<string, string> {
  const records = new Map<string, string>();
  let at = 0;
  while (at < data.length) {
    const space = data.indexOf(0x20, at);
    const length = Number.parseInt(data.toString("latin1", at, space), 10);
    if (space === -1 || !(length > 0)) break;
    const record = data.toString("utf8", space + 1, at + length - 1);
    const equals = record.indexOf("=");
    records.set(record.slice(0, equals), record.slice(equals + 1));
    at += length;
  }
  return records;
}

function cleanPath(path: string): string {
  return path
    .replace(/^(\.?\/)+/, "")
    .replace(/\/+$/, "")
    .replace(/^\.$/, "");
}

class TarReader {
  readonly #file: FileHandle;
  readonly #buffer = Buffer.alloc(1 << 20);
  #start = 0;
  #end = 0;
  position = 0;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  /** At most `limit` bytes, valid until the next call; empty at the end of the file. */
  async some(limit: number): Promise<Buffer> {
    if (this.#start === this.#end) {
      const { bytesRead } = await this.#file.read(this.#buffer, 0, this.#buffer.length, null);
      this.#start = 0;
      this.#end = bytesRead;
    }
    const until = Math.min(this.#end, this.#start + limit);
    const chunk = this.#buffer.subarray(this.#start, until);
    this.#start = until;
    this.position += chunk.length;
    return chunk;
  }

  async exactly(length: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    let missing = length;
    while (missing > 0) {
      const chunk = await this.some(missing);
      if (chunk.length === 0) break;
      parts.push(Buffer.from(chunk));
      missing -= chunk.length;
    }
    return Buffer.concat(parts);
  }
}

async function nextEntry(reader: TarReader): Promise<TarEntry | undefined> {
  const offset = reader.position;
  const hash = createHash("sha256");
  let longPath: string | undefined;
  let longLink: string | undefined;
  for (;;) {
    const block = await reader.exactly(blockBytes);
    if (block.length < blockBytes || block.every((byte) => byte === 0)) return undefined;
    hash.update(block);
    const type = text(block, 156, 1) || "0";
    const size = sizeOf(block);
    if (type === "x" || type === "L" || type === "K") {
      const data = await reader.exactly(padded(size));
      hash.update(data);
      const content = data.subarray(0, size);
      const records = type === "x" ? paxRecords(content) : new Map<string, string>();
      longPath = type === "L" ? text(content, 0, size) : (records.get("path") ?? longPath);
      longLink = type === "K" ? text(content, 0, size) : (records.get("linkpath") ?? longLink);
      continue;
    }
    const contentOffset = reader.position;
    const contentBytes = type === "0" || type === "7" ? size : 0;
    for (let left = padded(contentBytes); left > 0; ) {
      const chunk = await reader.some(left);
      if (chunk.length === 0) throw new Error(`archive ends within "${text(block, 0, 100)}"`);
      hash.update(chunk);
      left -= chunk.length;
    }
    const ustar = text(block, 257, 5) === "ustar" && block[262] === 0;
    const prefix = ustar ? text(block, 345, 155) : "";
    const link = longLink ?? text(block, 157, 100);
    return {
      path: cleanPath(
        longPath ?? (prefix ? `${prefix}/${text(block, 0, 100)}` : text(block, 0, 100)),
      ),
      type,
      link: type === "1" ? cleanPath(link) : link,
      offset,
      lengthBytes: reader.position - offset,
      contentOffset,
      contentBytes,
      hash: hash.digest("hex"),
    };
  }
}

/** Every entry of an archive, in its order. */
export async function indexTar(path: string): Promise<readonly TarEntry[]> {
  const file = await open(path, "r");
  try {
    const reader = new TarReader(file);
    const entries: TarEntry[] = [];
    for (let entry = await nextEntry(reader); entry; entry = await nextEntry(reader))
      entries.push(entry);
    return entries;
  } finally {
    await file.close();
  }
}

/** The text of one entry's content. */
export async function readTarText(path: string, entry: TarEntry): Promise<string> {
  const file = await open(path, "r");
  try {
    const buffer = Buffer.alloc(entry.contentBytes);
    await file.read(buffer, 0, buffer.length, entry.contentOffset);
    return buffer.toString("utf8");
  } finally {
    await file.close();
  }
}

export interface TarFileHeader {
  readonly path: string;
  readonly sizeBytes: number;
  readonly mode: number;
  /** Seconds since 1970. */
  readonly mtime: number;
}

function octal(value: number, width: number): string {
  return `${value.toString(8).padStart(width - 1, "0")}\0`;
}

function ustarHeader(header: TarFileHeader, type: string): Buffer {
  const block = Buffer.alloc(blockBytes);
  block.write(header.path, 0, 100, "utf8");
  block.write(octal(header.mode, 8), 100, "latin1");
  block.write(octal(0, 8), 108, "latin1");
  block.write(octal(0, 8), 116, "latin1");
  block.write(octal(header.sizeBytes, 12), 124, "latin1");
  block.write(octal(header.mtime, 12), 136, "latin1");
  block.write(" ".repeat(8), 148, "latin1");
  block.write(type, 156, "latin1");
  block.write("ustar\x0000", 257, "latin1");
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return block;
}

/** Headers of a plain file that belongs to root; a long path goes into a pax header. */
export function tarFileHeader(header: TarFileHeader): Buffer {
  if (Buffer.byteLength(header.path) <= 100) return ustarHeader(header, "0");
  const body = ` path=${header.path}\n`;
  let length = Buffer.byteLength(body) + 1;
  while (String(length).length + Buffer.byteLength(body) !== length)
    length = String(length).length + Buffer.byteLength(body);
  const record = Buffer.from(`${length}${body}`);
  const pax = { path: "PaxHeaders/long", sizeBytes: record.length, mode: 0o644, mtime: 0 };
  return Buffer.concat([
    ustarHeader(pax, "x"),
    record,
    tarPadding(record.length),
    ustarHeader({ ...header, path: header.path.slice(-90) }, "0"),
  ]);
}

/** The zeros that fill the last block of a content. */
export function tarPadding(size: number): Buffer {
  return Buffer.alloc(padded(size) - size);
}

/** The two empty blocks that end an archive. */
export function tarEnd(): Buffer {
  return Buffer.alloc(2 * blockBytes);
}
