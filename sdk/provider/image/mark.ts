// What tells a pull that was cut off from an image that was there before us: a tag of our own, on an
// empty image that says in a label what is being pulled. It is made before the pull and goes with it;
// the next run that finds it knows whose the image is, and takes away what nothing needs any more.

import { Readable } from "node:stream";
import { packFiles } from "../../docker/archive.ts";
import { familiarReference, parseReference, withDefaultTag } from "../../docker/reference.ts";
import type { Context } from "../resource.ts";
import { isUsed, ownRepository, removeUnused } from "./tags.ts";

const pullingLabel = "dockwright.pulling";

function markOf(context: Context): string {
  return `${ownRepository(context)}:pulling`;
}

export async function setMark(context: Context, ref: string): Promise<void> {
  const root = await packFiles([{ path: ".none", content: "" }]);
  await context.docker.images.importRoot(Readable.from([root]), {
    reference: markOf(context),
    changes: [`LABEL ${pullingLabel}=${ref}`],
    signal: context.signal,
  });
}

/** Not by the signal of the call: it must happen after a cancel too. */
export async function clearMark(context: Context): Promise<void> {
  await context.docker.images.remove(markOf(context), { force: true });
}

/**
 * Whether a run that was cut off has begun to pull this. What it pulled under another name goes, unless
 * others have a tag on it or a container runs it.
 */
export async function wasPulling(context: Context, ref: string): Promise<boolean> {
  const { docker, signal } = context;
  const mark = await docker.images.inspect(markOf(context), { signal });
  const pulled = mark?.Config?.Labels?.[pullingLabel];
  if (pulled === undefined || pulled === ref) return pulled === ref;
  const left = await docker.images.inspect(pulled, { signal });
  const own = familiarReference(withDefaultTag(parseReference(pulled)));
  const tags = (left?.RepoTags ?? []).filter((tag) => tag !== own);
  const needed = left && (tags.length > 0 || (await isUsed(docker, left.Id)));
  if (left && !needed) await removeUnused(docker, pulled);
  await clearMark(context);
  return false;
}
