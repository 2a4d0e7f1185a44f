// Images out of files: what `docker save` wrote, and the tar of a root file system. Files are of the
// machine that runs the update; their content's hash decides whether there is something to do.

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { ErrorCode, SdkError } from "../../errors.ts";
import type { Context } from "../resource.ts";
import { canonicalJson, type Value } from "../values.ts";
import type { LoadValue, RootfsValue } from "./fields.ts";

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

/** Loads the file and gives the id of the image that is meant. Other images in it are let go again. */
export async function loadImage({ docker, signal, log }: Context, load: LoadValue) {
  const path = resolve(load.path);
  const before = new Set((await docker.images.list()).flatMap(({ RepoTags }) => RepoTags ?? []));
  const refs = await docker.images.load(
    createReadStream(path),
    ({ text }) => {
      log.progress(`loading ${path}: ${text}`);
    },
    { signal },
  );
  const wanted = load.ref ?? (refs.length === 1 ? refs[0] : undefined);
  const found = wanted === undefined ? undefined : await docker.images.inspect(wanted, { signal });
  const release = async () => {
    // The names in the file are the file's: what they led to before is not known any more.
    for (const ref of refs)
      if (!before.has(ref)) await docker.images.remove(ref, { noPrune: true });
  };
  if (found && (load.ref === undefined || refs.includes(load.ref))) {
    return { imageId: found.Id, release };
  }
  await release();
  const list = refs.join(", ");
  throw new SdkError(
    ErrorCode.BadInput,
    load.ref === undefined
      ? `the file ${path} holds ${refs.length} images: ${list}`
      : `the file ${path} holds no image ${load.ref}, but ${list}`,
    { fix: "say which one is meant by load.ref" },
  );
}

/** Makes an image of the root file system in the file. */
export async function importRootfs(
  { docker, signal, log }: Context,
  { path, changes, platform }: RootfsValue,
  reference: string,
): Promise<string> {
  return docker.images.importRoot(createReadStream(resolve(path)), {
    reference,
    signal,
    ...(changes ? { changes } : {}),
    ...(platform === undefined ? {} : { platform }),
    onProgress: ({ text }) => {
      log.progress(`importing ${path}: ${text}`);
    },
  });
}
