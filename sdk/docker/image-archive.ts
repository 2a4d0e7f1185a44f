// Archives of images, as `docker save` writes them: what is in one, and one of its images under a name
// of the caller's choice. The names inside are the file's own: what they lead to on a daemon may be
// somebody's, so none is ever sent. Specification: docker image spec v1.2, "manifest.json".
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import type { Pack } from "tar-stream";
import { ErrorCode, SdkError } from "../errors.ts";
import { tarStream } from "./tar.ts";

interface ManifestItem {
  readonly Config: string;
  readonly RepoTags?: readonly string[] | null;
  readonly Layers: readonly string[];
}

export interface ArchivedImage {
  /** `sha256:...`: the same on every daemon. */
  readonly id: string;
  /** Its names in the archive. */
  readonly refs: readonly string[];
  readonly item: ManifestItem;
}

const manifestName = "manifest.json";
/** Other lists of the same images, with their names; a daemon that has the manifest needs none. */
const otherLists = new Set(["repositories", "index.json", "oci-layout"]);
const configName = /^(?:blobs\/sha256\/)?([0-9a-f]{64})(?:\.json)?$/;
const manifestLimitBytes = 16 << 20;
const plainName = (name: string) => name.replace(/^\.\//, "");

/** The tar in the file, which may be in gzip. */
async function openTar(path: string): Promise<Readable> {
  const file = await open(path);
  const magic = Buffer.alloc(2);
  try {
    await file.read(magic, 0, 2, 0);
  } finally {
    await file.close();
  }
  const bytes = createReadStream(path, { highWaterMark: 1 << 20 });
  if (magic[0] !== 0x1f || magic[1] !== 0x8b) return bytes;
  const plain = createGunzip();
  bytes.once("error", (error) => plain.destroy(error));
  return bytes.pipe(plain);
}

function unreadable(path: string, cause: unknown): SdkError {
  return new SdkError(ErrorCode.BadInput, `the file ${path} is no archive of images`, {
    fix: "give what `docker save` wrote: a tar, or that in gzip",
    cause,
  });
}

async function entriesOf(path: string) {
  const { extract: newExtract } = await tarStream();
  const tar = await openTar(path);
  const extract = newExtract();
  tar.once("error", (error) => extract.destroy(error));
  tar.pipe(extract);
  return extract;
}

async function textOf(body: AsyncIterable<unknown>): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += (chunk as Buffer).length;
    if (size > manifestLimitBytes) throw new Error(`its ${manifestName} is beyond all measure`);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parseManifest(text: string): readonly ArchivedImage[] {
  return (JSON.parse(text) as readonly ManifestItem[]).map((item) => {
    const hex = configName.exec(item.Config)?.[1];
    if (hex === undefined) throw new Error(`its ${manifestName} names no image by its content`);
    return { id: `sha256:${hex}`, refs: item.RepoTags ?? [], item };
  });
}

/** The images in the file. */
export async function readArchive(path: string): Promise<readonly ArchivedImage[]> {
  try {
    for await (const entry of await entriesOf(path)) {
      if (plainName(entry.header.name) === manifestName) return parseManifest(await textOf(entry));
      entry.resume();
    }
  } catch (cause) {
    throw unreadable(path, cause);
  }
  throw unreadable(path, new Error(`there is no ${manifestName} in it`));
}

async function rewrite(path: string, manifest: string, pack: Pack): Promise<void> {
  for await (const entry of await entriesOf(path)) {
    const name = plainName(entry.header.name);
    if (otherLists.has(name) || name === manifestName) {
      entry.resume();
      if (name === manifestName) pack.entry({ name: manifestName }, manifest);
    } else if (entry.header.type === "file") {
      await pipeline(Readable.from(entry), pack.entry(entry.header));
    } else {
      entry.resume();
      pack.entry(entry.header);
    }
  }
  pack.finalize();
}

/** The archive as a daemon should load it: one image, under this name and no other. */
export async function archiveOf(path: string, { item }: ArchivedImage, ref: string) {
  const { pack: newPack } = await tarStream();
  const pack = newPack();
  const manifest = JSON.stringify([{ ...item, RepoTags: [ref] }]);
  rewrite(path, manifest, pack).catch((cause: unknown) => pack.destroy(unreadable(path, cause)));
  return Readable.from(pack as AsyncIterable<Buffer>, { objectMode: false });
}
