// An image from a Dockerfile: what it is made of, as a hash, and the build itself.

import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { contentLabel } from "../names.ts";
import type { Context } from "../resource.ts";
import { canonicalJson, type Value } from "../values.ts";
import type { BuildValue } from "./fields.ts";

/** Everything that decides what the build gives: the context's content and the arguments. */
export async function buildHash(build: BuildValue): Promise<string> {
  const { hashContext } = await import("../../docker/context.ts");
  const { context, ...rest } = build;
  const content = await hashContext(resolve(context), dockerfileOf(build));
  return createHash("sha256")
    .update(content)
    .update(canonicalJson(rest as unknown as Value))
    .digest("hex");
}

function dockerfileOf({ dockerfile }: BuildValue): { readonly dockerfile?: string } {
  return dockerfile === undefined ? {} : { dockerfile };
}

/** Builds it and tags it with `ref`. */
export async function buildFromContext(context: Context, build: BuildValue, ref: string) {
  const { packContext } = await import("../../docker/context.ts");
  const { context: folder, builder, dockerfile, args, target, platform } = build;
  const { imageId } = await context.docker.images.build({
    context: await packContext(resolve(folder), dockerfileOf(build)),
    tags: [ref],
    labels: { [contentLabel]: ref },
    signal: context.signal,
    onProgress: ({ text }) => {
      context.log.progress(`building ${ref}: ${text}`);
    },
    ...(dockerfile === undefined ? {} : { dockerfile }),
    ...(args === undefined ? {} : { args }),
    ...(target === undefined ? {} : { target }),
    ...(platform === undefined ? {} : { platform }),
    ...(builder === undefined ? {} : { version: builder }),
  });
  context.log.done(`built ${ref}`);
  return { ref, imageId, digest: "", packages: {} };
}
