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

/** A step of the Dockerfile that was not run again: as BuildKit says it, and the classic builder. */
const cachedStep = /^\[[^\]]*\d+\/\d+\] .*: cached$|^---> Using cache$/;
/** BuildKit goes on without a cache that it cannot have. */
const lostCache = /^importing cache manifest from (\S+): failed: (.*)/s;

/** What a build says: progress, and in the end how much of it was there before. */
function reporter({ log }: Context, ref: string) {
  let cached = 0;
  return {
    onProgress: ({ text }: { readonly text: string }) => {
      log.progress(`building ${ref}: ${text}`);
      if (cachedStep.test(text)) cached += 1;
      const [, from, why] = lostCache.exec(text) ?? [];
      if (from !== undefined) log.warn(`the build cache of ${from} was not used: ${why ?? ""}`);
    },
    done: () => {
      const steps = cached === 1 ? "1 step" : `${cached} steps`;
      log.done(`built ${ref}${cached > 0 ? `, ${steps} out of the cache` : ""}`);
    },
  };
}

/** Builds it and tags it with `ref`. */
export async function buildFromContext(context: Context, build: BuildValue, ref: string) {
  const { packContext } = await import("../../docker/context.ts");
  const { onProgress, done } = reporter(context, ref);
  const { imageId } = await context.docker.images.build({
    context: () => packContext(resolve(build.context), dockerfileOf(build)),
    tags: [ref],
    labels: { ...build.labels, [contentLabel]: ref, [builtByLabel]: context.urn },
    registryAuths: registryAuths(build),
    signal: context.signal,
    onProgress,
    ...engineOptions(build),
  });
  done();
  return imageId;
}
