// An image from a registry. Its reference is then the registry's digest, so that a container names
// exactly what was pulled, whatever happens to the tag.

import { ErrorCode, SdkError } from "../../errors.ts";
import type { Context } from "../resource.ts";
import type { PullValue } from "./fields.ts";

export async function pullImage(context: Context, pull: PullValue) {
  const { docker, signal, log } = context;
  const { findAuth } = await import("../../docker/auth.ts");
  const auth = await findAuth(pull.ref);
  await docker.images.pull(pull.ref, {
    signal,
    ...(auth ? { auth } : {}),
    ...(pull.platform === undefined ? {} : { platform: pull.platform }),
    onProgress: ({ text }) => {
      log.progress(`pulling ${pull.ref}: ${text}`);
    },
  });
  const found = await docker.images.inspect(pull.ref, { signal });
  if (!found) {
    throw new SdkError(
      ErrorCode.Refused,
      `${pull.ref} was pulled, but the daemon does not have it`,
    );
  }
  log.done(`pulled ${pull.ref}`);
  const pinned = (found.RepoDigests ?? [])[0];
  const digest = pinned?.split("@")[1] ?? "";
  return { ref: pinned ?? found.Id, imageId: found.Id, digest, packages: {} };
}
