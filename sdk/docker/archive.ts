// Small tar archives made in memory, for files that are put into a container. Owners are numbers:
// names would be looked up on the far side. Specification: POSIX.1-2017 pax, by tar-stream.
import type { Readable } from "node:stream";
import { tarStream } from "./tar.ts";

export interface ArchiveFile {
  /** Relative to the folder that it is unpacked in. */
  readonly path: string;
  /** @defaultValue "file" */
  readonly type?: "file" | "directory" | "link";
  /** Of a link: the other name. */
  readonly linkname?: string;
  readonly content: string | Buffer;
  /** @defaultValue 0o644 */
  readonly mode?: number;
  /** @defaultValue 0 */
  readonly uid?: number;
  readonly gid?: number;
}

/** A tar of the files, the same bytes for the same files. Folders in between are made by Docker. */
export async function packFiles(files: readonly ArchiveFile[]): Promise<Buffer> {
  const { pack: newPack } = await tarStream();
  const pack = newPack();
  for (const file of files) {
    const header = {
      name: file.path.replace(/^\/+/, ""),
      mode: file.mode ?? 0o644,
      uid: file.uid ?? 0,
      gid: file.gid ?? 0,
      mtime: new Date(0),
      ...(file.linkname === undefined ? {} : { linkname: file.linkname }),
    };
    if (file.type !== undefined && file.type !== "file") {
      pack.entry({ ...header, type: file.type });
      continue;
    }
    pack.entry(header, Buffer.isBuffer(file.content) ? file.content : Buffer.from(file.content));
  }
  pack.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of pack) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** A regular file of a tar, with what stands beside its bytes. */
export interface UnpackedFile {
  readonly content: Buffer;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** Every regular file of a tar by its path, for archives known to be small. */
export async function unpackFiles(tar: Readable): Promise<ReadonlyMap<string, Buffer>> {
  const entries = await unpackEntries(tar);
  return new Map([...entries].map(([path, { content }]) => [path, content] as const));
}

/** The same, with modes and owners. */
export async function unpackEntries(tar: Readable): Promise<ReadonlyMap<string, UnpackedFile>> {
  const { extract: newExtract } = await tarStream();
  const extract = newExtract();
  const files = new Map<string, UnpackedFile>();
  tar.once("error", (error) => extract.destroy(error));
  tar.pipe(extract);
  for await (const entry of extract) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    const { type, name, mode = 0, uid = 0, gid = 0 } = entry.header;
    if (type === "file") files.set(name, { content: Buffer.concat(chunks), mode, uid, gid });
  }
  return files;
}
