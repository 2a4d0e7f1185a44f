// An image from a Dockerfile: what it is made of, as a hash, and the build itself.

import { createHash } from "node:crypto";
import { resolve } from "node:path";
import type { RegistryAuth } from "../../docker/types.ts";
import { contentLabel } from "../names.ts";
import type { Context } from "../resource.ts";
import { canonicalJson, type Value } from "../values.ts";
import { givenAuth } from "./auth.ts";
import type { BuildValue } from "./fields.ts";
import { builtByLabel } from "./tags.ts";

/** Everything that decides what the build gives: the context's content and the arguments. */
export async function buildHash(build: BuildValue): Promise<string> {
  const { hashContext } = await import("../../docker/context.ts");
  // Nothing of these is in what is built, and a hash of a secret would be a way to try passwords.
  const { context, secrets, auths, noCache, cacheFrom, refreshBase, ...rest } = build;
  const content = await hashContext(resolve(context), dockerfileOf(build));
  return createHash("sha256")
    .update(content)
    .update(canonicalJson(rest as unknown as Value))
    .digest("hex");
}

function dockerfileOf({ dockerfile }: BuildValue): { readonly dockerfile?: string } {
  return dockerfile === undefined ? {} : { dockerfile };
}

function registryAuths(build: BuildValue): Readonly<Record<string, RegistryAuth>> {
  const entries = Object.entries(build.auths ?? {});
  return Object.fromEntries(entries.map(([host, auth]) => [host, givenAuth(auth)]));
}

function engineOptions(build: BuildValue) {
  const { builder, dockerfile, args, target, platform, secrets, cacheFrom, networkMode } = build;
  // The builders' own word for "keep the cache's description in the image".
  const inline: Record<string, string> =
    build.inlineCache === true ? { BUILDKIT_INLINE_CACHE: "1" } : {};
  const allArgs = { ...args, ...inline };
  return {
    noCache: build.noCache ?? false,
    pull: build.refreshBase ?? false,
    ...(Object.keys(allArgs).length > 0 ? { args: allArgs } : {}),
    ...(dockerfile === undefined ? {} : { dockerfile }),
    ...(target === undefined ? {} : { target }),
    ...(platform === undefined ? {} : { platform }),
    ...(builder === undefined ? {} : { version: builder }),
    ...(secrets === undefined ? {} : { secrets }),
    ...(cacheFrom === undefined ? {} : { cacheFrom }),
    ...(networkMode === undefined ? {} : { networkMode }),
  };
}

/** Builds it and tags it with `ref`. */
export async function buildFromContext(context: Context, build: BuildValue, ref: string) {
  const { packContext } = await import("../../docker/context.ts");
  const { imageId } = await context.docker.images.build({
    context: packContext(resolve(build.context), dockerfileOf(build)),
    tags: [ref],
    labels: { ...build.labels, [contentLabel]: ref, [builtByLabel]: context.urn },
    registryAuths: registryAuths(build),
    signal: context.signal,
    onProgress: ({ text }) => {
      context.log.progress(`building ${ref}: ${text}`);
    },
    ...engineOptions(build),
  });
  context.log.done(`built ${ref}`);
  return imageId;
}
