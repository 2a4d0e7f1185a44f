// Writes an image as an archive that `docker load` takes. The manifest, which alone holds the tag,
// comes last: another tag for the same image is a copy with another end. Refuses nothing: what is
// given was checked. Follows the Docker Image Specification v1.2 and its `manifest.json`.
import { createHash } from "node:crypto";
import { copyFile, type FileHandle, open, rename } from "node:fs/promises";
import type { LayerSource } from "./layer.ts";
import type { DebianImageSpec } from "./spec.ts";
import { tarEnd, tarFileHeader, tarPadding } from "./tar.ts";

export interface ImageDescription {
  readonly spec: DebianImageSpec;
  /** Go's word for the processor, such as `amd64`. */
  readonly architecture: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Seconds since 1970, for everything in the image that has a time. */
  readonly mtime: number;
}

export interface WrittenArchive {
  readonly imageId: string;
  /** Where the manifest starts; everything before it is the same for every tag. */
  readonly manifestOffset: number;
  readonly layerCount: number;
}

/** The configuration of an image, as JSON; its hash is the image id. */
export function imageConfig(about: ImageDescription, diffIds: readonly string[]): string {
  const { spec } = about;
  const created = new Date(about.mtime * 1000).toISOString().replace(".000Z", "Z");
  const env = Object.entries({
    PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    ...spec.env,
  });
  const ports = [...new Set(spec.exposedPorts)].map((port) => [
    port.includes("/") ? port : `${port}/tcp`,
    {},
  ]);
  return JSON.stringify({
    architecture: about.architecture,
    config: {
      Cmd: spec.cmd ?? null,
      Entrypoint: spec.entrypoint ?? null,
      Env: env.map(([name, value]) => `${name}=${value}`).sort(),
      ...(ports.length > 0 ? { ExposedPorts: Object.fromEntries(ports.sort()) } : {}),
      Labels: Object.fromEntries(Object.entries(about.labels).sort()),
      ...(spec.stopSignal ? { StopSignal: spec.stopSignal } : {}),
      User: spec.user ?? "",
      WorkingDir: spec.workingDir ?? "",
    },
    created,
    history: diffIds.map((_, index) => ({
      created,
      created_by: index === 0 ? "debian base" : "debian packages",
    })),
    os: "linux",
    rootfs: { diff_ids: diffIds, type: "layers" },
  });
}

const layerName = (index: number): string => `layer-${index}.tar`;

function manifestJson(imageId: string, layerCount: number, tag: string): string {
  return JSON.stringify([
    {
      Config: `${imageId.slice("sha256:".length)}.json`,
      Layers: Array.from({ length: layerCount }, (_, index) => layerName(index)),
      RepoTags: [tag],
    },
  ]);
}

async function writeAll(file: FileHandle, chunk: Buffer): Promise<void> {
  for (let done = 0; done < chunk.length; ) {
    done += (await file.write(chunk, done)).bytesWritten;
  }
}

async function writeText(file: FileHandle, path: string, body: string): Promise<number> {
  const content = Buffer.from(body);
  const header = tarFileHeader({ path, sizeBytes: content.length, mode: 0o644, mtime: 0 });
  const chunk = Buffer.concat([header, content, tarPadding(content.length)]);
  await writeAll(file, chunk);
  return chunk.length;
}

interface WrittenLayer {
  readonly diffId: string;
  readonly lengthBytes: number;
}

async function writeLayer(
  file: FileHandle,
  path: string,
  layer: LayerSource,
): Promise<WrittenLayer> {
  const hash = createHash("sha256");
  const { sizeBytes } = layer;
  const header = tarFileHeader({ path, sizeBytes, mode: 0o644, mtime: 0 });
  await writeAll(file, header);
  for await (const chunk of layer.chunks()) {
    hash.update(chunk);
    await writeAll(file, chunk);
  }
  const padding = tarPadding(sizeBytes);
  await writeAll(file, padding);
  const lengthBytes = header.length + sizeBytes + padding.length;
  return { diffId: `sha256:${hash.digest("hex")}`, lengthBytes };
}

/** Writes the archive of an image; the file is not there under its name before it is whole. */
export async function writeArchive(
  path: string,
  layers: readonly LayerSource[],
  options: { readonly about: ImageDescription; readonly tag: string },
): Promise<WrittenArchive> {
  const partial = `${path}.${process.pid}.partial`;
  const file = await open(partial, "w");
  try {
    const diffIds: string[] = [];
    let manifestOffset = 0;
    for (const [index, layer] of layers.entries()) {
      const written = await writeLayer(file, layerName(index), layer);
      diffIds.push(written.diffId);
      manifestOffset += written.lengthBytes;
    }
    const config = imageConfig(options.about, diffIds);
    const digest = createHash("sha256").update(config).digest("hex");
    const imageId = `sha256:${digest}`;
    manifestOffset += await writeText(file, `${digest}.json`, config);
    await writeText(file, "manifest.json", manifestJson(imageId, layers.length, options.tag));
    await writeAll(file, tarEnd());
    await file.close();
    await rename(partial, path);
    return { imageId, manifestOffset, layerCount: layers.length };
  } finally {
    await file.close();
  }
}

/** A copy of an archive that gives the same image another tag. */
export async function retagArchive(
  from: string,
  to: string,
  options: { readonly written: WrittenArchive; readonly tag: string },
): Promise<void> {
  const { written, tag } = options;
  const partial = `${to}.${process.pid}.partial`;
  await copyFile(from, partial);
  const file = await open(partial, "r+");
  try {
    await file.truncate(written.manifestOffset);
  } finally {
    await file.close();
  }
  const end = await open(partial, "a");
  try {
    await writeText(end, "manifest.json", manifestJson(written.imageId, written.layerCount, tag));
    await writeAll(end, tarEnd());
  } finally {
    await end.close();
  }
  await rename(partial, to);
}
