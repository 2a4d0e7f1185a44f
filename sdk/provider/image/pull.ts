// An image from a registry. Its reference is then the registry's digest, so that a container names
// exactly what was pulled, whatever happens to the tag. What a tag stands for is asked in each preview.

import { DockerApiError } from "../../docker/client.ts";
import { familiarName, parseReference } from "../../docker/reference.ts";
import type { ImageInspect } from "../../docker/types.ts";
import { ErrorCode, SdkError } from "../../errors.ts";
import type { Context } from "../resource.ts";
import { authFor } from "./auth.ts";
import type { PullValue } from "./fields.ts";
import { clearMark, setMark, wasPulling } from "./mark.ts";
import { contentTag, giveTag } from "./tags.ts";

/** A registry that does not answer must not hold up a preview for long. */
const askTimeoutMs = 15_000;

/** `registry.example.com/shop@sha256:...` */
export function pinned(ref: string, digest: string): string {
  return `${familiarName(parseReference(ref))}@${digest}`;
}

/** The digest of the repository that `ref` names. Another repository's says nothing of this one. */
export function digestIn(image: ImageInspect, ref: string): string | undefined {
  const name = `${familiarName(parseReference(ref))}@`;
  const found = (image.RepoDigests ?? []).find((one) => one.startsWith(name));
  return found?.slice(name.length);
}

/**
 * What the reference stands for in the registry now. Undefined where that cannot be told: then what is
 * recorded holds. A daemon that is not there yet is nothing to warn of.
 */
export async function resolveDigest(
  context: Context,
  pull: PullValue,
): Promise<string | undefined> {
  const { digest } = parseReference(pull.ref);
  if (digest !== undefined) return digest;
  const { docker, signal, log } = context;
  try {
    const auth = await authFor(pull.ref, pull.auth);
    const options = { signal, timeoutMs: askTimeoutMs, ...(auth ? { auth } : {}) };
    const found = await docker.images.distribution(pull.ref, options);
    if (!found) log.warn(`the registry has no image ${pull.ref} any more; what is here stays`);
    return found?.digest;
  } catch (error) {
    if (signal.aborted) throw error;
    if (error instanceof DockerApiError) {
      log.warn(`whether ${pull.ref} is still the same was not found out: ${error.message}`);
    }
    return undefined;
  }
}

/** Whether it is of the platform that was asked for, as `os` or `os/arch`. */
export function fitsPlatform(image: ImageInspect, platform: string | undefined): boolean {
  if (platform === undefined) return true;
  const [os, architecture] = platform.split("/");
  return image.Os === os && (architecture === undefined || image.Architecture === architecture);
}

/** Pulls it, unless exactly that is there already, and holds it under a tag of our own. */
export async function pullImage(
  context: Context,
  pull: PullValue,
  repository: string,
  resolved: string | undefined,
) {
  const { docker, signal, log } = context;
  const wanted = resolved === undefined ? pull.ref : pinned(pull.ref, resolved);
  const cut = await wasPulling(context, wanted);
  const before = await docker.images.inspect(wanted, { signal });
  const there =
    before !== undefined && resolved !== undefined && fitsPlatform(before, pull.platform);
  if (!before && !cut) await setMark(context, wanted);
  if (!there) await fetch(context, pull, wanted);
  const image = there ? before : await docker.images.inspect(wanted, { signal });
  if (!image) {
    throw new SdkError(ErrorCode.Refused, `${wanted} was pulled, but the daemon does not have it`);
  }
  const digest = resolved ?? digestIn(image, pull.ref) ?? "";
  const fetched = contentTag(repository, digest || image.Id);
  const found = before?.Id === image.Id && !cut;
  const foreign = found && !(before.RepoTags ?? []).includes(fetched);
  const id = foreign ? contentTag(repository, digest || image.Id, true) : fetched;
  await giveTag(context, image.Id, id);
  const isOurs = cut || !before;
  // A pull by tag, since the digest was not found out, made that tag too.
  if (isOurs && resolved === undefined) await docker.images.remove(wanted, { signal });
  if (isOurs) await clearMark(context);
  log.done(`${there ? "has" : "pulled"} ${wanted}`);
  // For one platform of several the digest is not enough: another pull may move it to another one.
  const ref = digest === "" || pull.platform !== undefined ? id : pinned(pull.ref, digest);
  return { id, ref, imageId: image.Id, digest, packages: {} };
}

async function fetch(context: Context, pull: PullValue, wanted: string) {
  const { docker, signal, log } = context;
  try {
    const auth = await authFor(pull.ref, pull.auth);
    await docker.images.pull(wanted, {
      signal,
      ...(auth ? { auth } : {}),
      ...(pull.platform === undefined ? {} : { platform: pull.platform }),
      onProgress: ({ text }) => {
        log.progress(`pulling ${wanted}: ${text}`);
      },
    });
  } catch (error) {
    // The daemon may have it although the answer was lost: then the next run has need of the mark.
    await forget(context, wanted).catch(() => undefined);
    throw error;
  }
}

async function forget(context: Context, wanted: string): Promise<void> {
  if (!(await context.docker.images.inspect(wanted))) await clearMark(context);
}
