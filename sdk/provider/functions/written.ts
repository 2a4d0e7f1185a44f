// What functions that write a file have alike: its path, and what is told of it.

import type { Readable } from "node:stream";
import { f, type Plain } from "../fields.ts";

export const filePath = f.string({
  doc: "The file, relative to the program. With a name that ends in `.gz` it is compressed. Readable by its owner alone.",
  required: true,
});

export const writtenFile = {
  sizeBytes: f.integer({ doc: "The file's size, in bytes.", required: true }),
  sha256: f.string({ doc: "The file's SHA-256, in hexadecimal.", required: true }),
} as const;

/** Writes it whole, or leaves what was there. */
export async function writeStream(
  source: Readable,
  path: string,
  signal: AbortSignal,
): Promise<Plain<typeof writtenFile>> {
  const [{ resolve }, { writeWhole }] = await Promise.all([
    import("node:path"),
    import("../../docker/volume-backup.ts"),
  ]);
  return writeWhole(source, resolve(path), { signal });
}
