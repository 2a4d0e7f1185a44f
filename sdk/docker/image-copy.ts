// Copies an image from one daemon to another without a registry. `docker save` gives every layer, and
// `docker load` (20.10 to 26.1) takes an archive without those that it has: so what is sent is only what
// the target lacks. A layer is there when some image of the target begins with the same layers up to
// it. Reading from the source cannot be cut short: its API gives whole images.
// Specification: docker image spec v1.2 ("rootfs", chain ids); OCI image layout.
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Header, Pack } from "tar-stream";
import { ErrorCode, SdkError } from "../errors.ts";
import type { DockerClient } from "./client.ts";
import { tarStream } from "./tar.ts";
import type { CallOptions, ImageHistoryItem, ImageInspect } from "./types.ts";

export interface CopyPlan {
  /** The image's id, `sha256:...`: the same on both daemons. */
  readonly imageId: string;
  /** Diff ids, the lowest first. */
  readonly layers: readonly string[];
  /** How many of these, from the lowest, the target has. */
  readonly present: number;
  /** The diff ids of layers that must be sent. */
  readonly missing: ReadonlySet<string>;
  /** Bytes of files in the layers to be sent. */
  readonly bytes: number;
  /** False when the source does not tell layers apart: then `bytes` is the most that it can be. */
  readonly exact: boolean;
  /** Whether the target has the image already. */
  readonly done: boolean;
}

export interface CopyOptions extends CallOptions {
  /** Told before anything is sent. */
  readonly onPlan?: (plan: CopyPlan) => void;
  /** Bytes sent so far. */
  readonly onProgress?: (sentBytes: number) => void;
}

const atOnce = 8;

/** How many layers two images share, from the lowest on: what is stored once. Pure. */
export function sharedLayers(a: readonly string[], b: readonly string[]): number {
  const different = a.findIndex((layer, index) => layer !== b[index]);
  return different < 0 ? a.length : different;
}

/** Instructions that change the configuration alone. */
const metadata =
  /^(?:\/bin\/sh -c #\(nop\) +)?(?:CMD|ENV|LABEL|EXPOSE|ENTRYPOINT|USER|ARG|STOPSIGNAL|HEALTHCHECK|SHELL|ONBUILD|VOLUME|MAINTAINER)\b/;

/**
 * The bytes of each layer, the lowest first, out of the history (the newest first), where it can be
 * told which of its items have a layer. Pure.
 */
export function layerSizes(
  history: readonly ImageHistoryItem[],
  layers: number,
): readonly number[] | undefined {
  const oldestFirst = [...history].reverse();
  const filled = oldestFirst.filter(({ Size }) => Size > 0);
  if (filled.length === layers) return filled.map(({ Size }) => Size);
  const likely = oldestFirst.filter(({ Size, CreatedBy }) => Size > 0 || !metadata.test(CreatedBy));
  return likely.length === layers ? likely.map(({ Size }) => Size) : undefined;
}

function layersOf(image: ImageInspect): readonly string[] {
  return image.RootFS?.Layers ?? [];
}

async function mostShared(
  target: DockerClient,
  layers: readonly string[],
  options: CallOptions,
): Promise<number> {
  const ids = [...new Set((await target.images.list(undefined, options)).map(({ Id }) => Id))];
  let most = 0;
  for (let start = 0; start < ids.length && most < layers.length; start += atOnce) {
    const batch = ids.slice(start, start + atOnce);
    const found = await Promise.all(batch.map((id) => target.images.inspect(id, options)));
    for (const image of found) {
      if (image) most = Math.max(most, sharedLayers(layers, layersOf(image)));
    }
  }
  return most;
}

/** What copying would send. Asks both daemons and changes neither. */
export async function planCopy(
  source: DockerClient,
  target: DockerClient,
  ref: string,
  options: CallOptions = {},
): Promise<CopyPlan> {
  const image = await source.images.inspect(ref, options);
  if (!image) {
    throw new SdkError(ErrorCode.Missing, `the daemon to copy from has no image "${ref}"`, {
      fix: "make the image there first, or check its name",
    });
  }
  const layers = layersOf(image);
  const done = (await target.images.inspect(image.Id, options)) !== undefined;
  const present = done ? layers.length : await mostShared(target, layers, options);
  const sizes = layerSizes(await source.images.history(image.Id, options), layers.length);
  const missing = new Set(layers.slice(present));
  const bytes = sizes ? sizes.slice(present).reduce((sum, size) => sum + size, 0) : image.Size;
  const none = missing.size === 0;
  return {
    imageId: image.Id,
    layers,
    present,
    missing,
    bytes: none ? 0 : bytes,
    exact: sizes !== undefined || none,
    done,
  };
}

/** The plan in a line, for a person. */
export function describeCopy({ layers, missing, bytes, exact, done }: CopyPlan): string {
  if (done) return "nothing to send: the image is there";
  const most = exact ? "" : "at most ";
  return `${missing.size} of ${layers.length} layers to send, ${most}${formatBytes(bytes)}`;
}

/** `12.3 MB`: thousands, as Docker counts. */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = Math.min(bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3), units.length - 1);
  const value = bytes / 1000 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power] ?? ""}`;
}

/** A layer in the older form of archive: its folder's name says nothing of its content. */
const olderLayer = /(^|\/)layer\.tar$/;
/** A blob of an OCI layout, named by its digest. */
const blob = /^blobs\/sha256\/([0-9a-f]{64})$/;

/** Passes entries on, without the layers that are not wanted. */
class Sieve {
  readonly #plan: CopyPlan;
  readonly #pack: Pack;
  readonly #folder: string;

  constructor(plan: CopyPlan, pack: Pack, folder: string) {
    this.#plan = plan;
    this.#pack = pack;
    this.#folder = folder;
  }

  async take(header: Header, body: Readable): Promise<void> {
    const digest = blob.exec(header.name)?.[1];
    if (header.type === "file" && olderLayer.test(header.name)) {
      await this.#takeUnknown(header, body);
    } else if (digest !== undefined && this.#isPresent(`sha256:${digest}`)) {
      await drain(body);
    } else if (header.type === "file") await pipeline(body, this.#pack.entry(header));
    else {
      await drain(body);
      this.#pack.entry(header);
    }
  }

  #isPresent(diffId: string): boolean {
    return this.#plan.layers.includes(diffId) && !this.#plan.missing.has(diffId);
  }

  /** One layer at a time is put aside until its content says which one it is. */
  async #takeUnknown(header: Header, body: Readable): Promise<void> {
    if (this.#plan.present === 0) {
      await pipeline(body, this.#pack.entry(header));
      return;
    }
    const file = join(this.#folder, "layer");
    const hash = createHash("sha256");
    await pipeline(
      body,
      async function* (chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          hash.update(chunk);
          yield chunk;
        }
      },
      createWriteStream(file, { mode: 0o600 }),
    );
    if (this.#isPresent(`sha256:${hash.digest("hex")}`)) return;
    await pipeline(createReadStream(file), this.#pack.entry(header));
  }
}

async function drain(body: Readable): Promise<void> {
  body.resume();
  if (body.readableEnded) return;
  await new Promise<void>((resolve, reject) => {
    body.once("end", resolve).once("close", resolve).once("error", reject);
  });
}

async function sieve(saved: Readable, plan: CopyPlan, pack: Pack, folder: string): Promise<void> {
  const { extract: newExtract } = await tarStream();
  const extract = newExtract();
  const filter = new Sieve(plan, pack, folder);
  saved.once("error", (error) => extract.destroy(error));
  saved.pipe(extract);
  try {
    for await (const entry of extract) await filter.take(entry.header, Readable.from(entry));
    pack.finalize();
  } catch (error) {
    saved.destroy();
    pack.destroy(error as Error);
    throw error;
  }
}

async function* counted(
  pack: AsyncIterable<unknown>,
  onProgress: CopyOptions["onProgress"],
): AsyncGenerator<Buffer> {
  let sent = 0;
  for await (const chunk of pack) {
    sent += (chunk as Buffer).length;
    onProgress?.(sent);
    yield chunk as Buffer;
  }
}

/**
 * Copies the image, by its id; tags are the caller's to give. Gives what was planned, and the bytes of
 * the archive that was sent.
 */
export async function copyImage(
  source: DockerClient,
  target: DockerClient,
  ref: string,
  { onPlan, onProgress, ...options }: CopyOptions = {},
): Promise<{ readonly plan: CopyPlan; readonly sentBytes: number }> {
  const plan = await planCopy(source, target, ref, options);
  onPlan?.(plan);
  if (plan.done) return { plan, sentBytes: 0 };
  const { pack: newPack } = await tarStream();
  const pack = newPack();
  const folder = await mkdtemp(join(tmpdir(), "dockwright-copy-"));
  let sentBytes = 0;
  try {
    // By id, so that no name of the source moves one of the target.
    const saved = await source.images.save([plan.imageId], options);
    const sieved = sieve(saved, plan, pack, folder);
    sieved.catch(() => undefined);
    const body = Readable.from(
      counted(pack, (sent) => {
        sentBytes = sent;
        onProgress?.(sent);
      }),
      { objectMode: false },
    );
    await target.images.load(body, undefined, options);
    await sieved;
  } finally {
    pack.destroy();
    await rm(folder, { recursive: true, force: true });
  }
  if (!(await target.images.inspect(plan.imageId, options))) {
    throw new SdkError(
      ErrorCode.Refused,
      `the image ${plan.imageId} was sent, but the daemon that it was sent to does not have it`,
      { fix: "check the disk of that daemon's host, and its log" },
    );
  }
  return { plan, sentBytes };
}
