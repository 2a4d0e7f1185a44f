// Images out of files: what `docker save` wrote, and the tar of a root file system. Files are of the
// machine that runs the update; their content's hash decides whether there is something to do.

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { type ArchivedImage, archiveOf, readArchive } from "../../docker/image-archive.ts";
import { familiarReference, parseReference, withDefaultTag } from "../../docker/reference.ts";
import { ErrorCode, SdkError } from "../../errors.ts";
import type { Context } from "../resource.ts";
import { canonicalJson, type Value } from "../values.ts";
import type { LoadValue, RootfsValue } from "./fields.ts";
import { fitsPlatform } from "./pull.ts";

async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  try {
    if (!(await stat(path)).isFile()) throw new Error("it is no regular file");
    await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), async (bytes) => {
      for await (const chunk of bytes) hash.update(chunk as Buffer);
    });
  } catch (cause) {
    throw new SdkError(ErrorCode.BadInput, `the file ${path} cannot be read`, {
      fix: "check the path: it is relative to the program",
      cause,
    });
  }
  return hash.digest("hex");
}

/** The content of the file, and what else decides what comes of it. */
export async function fileHash(value: LoadValue | RootfsValue): Promise<string> {
  const { path, ...rest } = value;
  const content = await hashFile(resolve(path));
  const text = canonicalJson(rest as unknown as Value);
  return createHash("sha256").update(content).update(text).digest("hex");
}

function choose(path: string, images: readonly ArchivedImage[], ref: string | undefined) {
  const [only, ...others] = images;
  const wanted =
    ref === undefined ? undefined : familiarReference(withDefaultTag(parseReference(ref)));
  const named = images.find(({ refs }) => wanted !== undefined && refs.includes(wanted));
  const found = ref === undefined && others.length === 0 ? only : named;
  if (found) return found;
  const list = images.map(({ id, refs }) => refs[0] ?? id).join(", ");
  throw new SdkError(
    ErrorCode.BadInput,
    ref === undefined
      ? `the file ${path} holds ${images.length} images: ${list}`
      : `the file ${path} holds no image ${ref}, but ${list}`,
    { fix: "say which one is meant by load.ref" },
  );
}

/** Loads the one image that is meant, under this name alone. */
export async function loadImage(
  { docker, signal, log }: Context,
  load: LoadValue,
  reference: string,
): Promise<string> {
  const path = resolve(load.path);
  const image = choose(path, await readArchive(path), load.ref);
  await docker.images.load(
    await archiveOf(path, image, reference),
    ({ text }) => {
      log.progress(`loading ${path}: ${text}`);
    },
    { signal },
  );
  return image.id;
}

/** Makes an image of the root file system in the file. */
export async function importRootfs(
  { docker, signal, log }: Context,
  { path, changes, platform }: RootfsValue,
  reference: string,
): Promise<string> {
  const id = await docker.images.importRoot(createReadStream(resolve(path)), {
    reference,
    signal,
    ...(changes ? { changes } : {}),
    ...(platform === undefined ? {} : { platform }),
    onProgress: ({ text }) => {
      log.progress(`importing ${path}: ${text}`);
    },
  });
  const made = await docker.images.inspect(id);
  if (!made || fitsPlatform(made, platform)) return id;
  await docker.images.remove(reference);
  throw new SdkError(
    ErrorCode.Refused,
    `the daemon imports for ${made.Os}/${made.Architecture} alone, not for ${platform ?? ""}`,
    { fix: "leave rootfs.platform out, or take a daemon of Docker 23 or later" },
  );
}
