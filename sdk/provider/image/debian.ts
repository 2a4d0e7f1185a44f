// An image from Debian packages: its hash, and how it gets from the cache to the daemon.

import { createReadStream } from "node:fs";
import type { Context } from "../resource.ts";
import type { DebianValue } from "./fields.ts";

export async function debianHash(debian: DebianValue): Promise<string> {
  const { debianKey } = await import("../../debian/spec.ts");
  return debianKey(debian);
}

/** Builds it, or takes it from the cache, loads it into the daemon and tags it with `ref`. */
export async function buildFromDebian(context: Context, debian: DebianValue, ref: string) {
  const { buildDebianImage, debianTag } = await import("../../debian/build.ts");
  const { docker, signal, log } = context;
  const built = await buildDebianImage(debian, {
    signal,
    onProgress: ({ text }) => {
      log.progress(`${ref}: ${text}`);
    },
  });
  const loadedTag = debianTag(debian);
  const present = await docker.images.inspect(built.imageId, { signal });
  if (!present) {
    await docker.images.load(createReadStream(built.archivePath), undefined, { signal });
  }
  const at = ref.lastIndexOf(":");
  await docker.images.tag(built.imageId, ref.slice(0, at), ref.slice(at + 1), { signal });
  // The archive's own tag would keep the image when the last stack lets go of it.
  if (!present) await docker.images.remove(loadedTag, { noPrune: true, signal });
  log.done(`${ref}: ${built.cached ? "taken from the cache" : "built"}`);
  return { imageId: built.imageId, packages: built.packages };
}
