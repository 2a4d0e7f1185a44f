// How a daemon holds the images of a resource: each content under a tag of 16 hexadecimal digits in the
// resource's own repository. What the daemon had before us carries "-found" behind them, and only the
// tag is taken away again. Former contents are kept and pruned by these tags alone: never other images.

import { setTimeout as sleep } from "node:timers/promises";
import { DockerApiError, type DockerClient } from "../../docker/client.ts";
import type { ImageInspect } from "../../docker/types.ts";
import { readableName } from "../names.ts";
import type { Context, ResourceLog } from "../resource.ts";
import type { ImageInputs } from "./fields.ts";

/** The label with the URN of the resource that built an image. Containers inherit an image's labels. */
export const builtByLabel = "dockwright.built-by";

/** How many digits of the content's hash make the tag. */
const tagLength = 16;
const ownTag = /:[0-9a-f]{16}(-found)?$/;
export const foundSuffix = "-found";

/** The label of containers that are tasks of a swarm. */
const taskLabel = "com.docker.swarm.task.id";
const tasksGoneTimeoutMs = 20_000;
const tasksGonePollMs = 200;

/** Whether a tag says that its image was made here, or fetched by us, and was not there before. */
export const isMadeHere = (ref: string): boolean => ownTag.test(ref) && !ref.endsWith(foundSuffix);

/** The repository, unless the program gives one. It names the stack: another's delete must not untag it. */
export function ownRepository({ project, stack, logicalName }: Context): string {
  return [project, stack, logicalName].map(readableName).join("/");
}

export function repositoryOf(context: Context, inputs: ImageInputs): string {
  return inputs.repository ?? ownRepository(context);
}

/** The tag for a content: a hash with or without `sha256:`. */
export function contentTag(repository: string, hash: string, found = false): string {
  const digits = hash.replace(/^sha256:/, "").slice(0, tagLength);
  return `${repository}:${digits}${found ? foundSuffix : ""}`;
}

export function splitTag(ref: string): readonly [repo: string, tag: string] {
  const at = ref.lastIndexOf(":");
  return [ref.slice(0, at), ref.slice(at + 1)];
}

export async function giveTag(context: Context, imageId: string, ref: string): Promise<void> {
  const [repo, tag] = splitTag(ref);
  await context.docker.images.tag(imageId, repo, tag, { signal: context.signal });
}

async function usersOf(docker: DockerClient, imageId: string) {
  const using = await docker.containers.list({ all: true, filters: { ancestor: [imageId] } });
  // The filter also gives containers of images that were built upon this one: those do not need it.
  return using.filter(({ ImageID }) => ImageID === imageId);
}

export async function isUsed(docker: DockerClient, imageId: string): Promise<boolean> {
  return (await usersOf(docker, imageId)).length > 0;
}

/** A service that was removed from a swarm leaves ended containers, which Swarm removes by itself. */
async function untilTasksAreGone(docker: DockerClient, imageId: string): Promise<void> {
  const deadline = performance.now() + tasksGoneTimeoutMs;
  for (;;) {
    const using = await usersOf(docker, imageId);
    const isGoing = using.every(
      ({ Labels, State }) => Labels[taskLabel] !== undefined && State !== "running",
    );
    if (using.length === 0 || !isGoing || performance.now() > deadline) return;
    await sleep(tasksGonePollMs);
  }
}

/** Removes a reference; false when a container needs it. */
export async function removeUnused(docker: DockerClient, ref: string): Promise<boolean> {
  try {
    await docker.images.remove(ref);
    return true;
  } catch (error) {
    // 409: a container uses it.
    if (error instanceof DockerApiError && error.status === 409) return false;
    // Two who take the last two tags of an image at once: the second meets an image that is going.
    if ((await docker.images.inspect(ref)) === undefined) return true;
    throw error;
  }
}

/**
 * Takes one content away: its tag, and the image with its registry digests when nobody else has a tag
 * on it and it was not there before us. An image that a container uses stays, tag and all.
 */
export async function letGo(
  docker: DockerClient,
  ref: string,
  found: ImageInspect,
): Promise<boolean> {
  const others = (found.RepoTags ?? []).filter((tag) => tag !== ref);
  if (others.length === 0 && (await isUsed(docker, found.Id))) return false;
  // Our tag last: whoever finds it, after a run that was cut off, knows that the rest has to go too.
  if (!ref.endsWith(foundSuffix) && others.length === 0) {
    for (const digest of found.RepoDigests ?? []) await removeUnused(docker, digest);
  }
  return removeUnused(docker, ref);
}

interface Release {
  readonly ref: string;
  readonly image: ImageInspect;
}

/** What the daemon holds for this resource, the newest first. */
async function releases(context: Context, repository: string): Promise<readonly Release[]> {
  const { docker } = context;
  const listed = await docker.images.list({ reference: [repository] });
  const refs = listed
    .flatMap(({ RepoTags }) => RepoTags ?? [])
    .filter((ref) => ownTag.test(ref) && splitTag(ref)[0] === repository);
  const all = await Promise.all(
    refs.map(async (ref) => ({ ref, image: await docker.images.inspect(ref) })),
  );
  const there = all.filter((one): one is Release => one.image !== undefined);
  // A repository that the program names may be another's as well: there, only what says it is ours.
  const own = there.filter(
    ({ image }) =>
      repository === ownRepository(context) || image.Config?.Labels?.[builtByLabel] === context.urn,
  );
  const time = ({ image }: Release) => image.Metadata?.LastTagTime ?? "";
  return own.sort((a, b) => (time(a) < time(b) ? 1 : time(a) > time(b) ? -1 : 0));
}

/** After a new content came: keeps it, and as many former ones as asked for. */
export async function pruneFormer(
  context: Context,
  inputs: ImageInputs,
  current: string,
): Promise<void> {
  const former = (await releases(context, repositoryOf(context, inputs))).filter(
    ({ ref }) => ref !== current,
  );
  // The one before this is the engine's to delete.
  await letAllGo(context, former.slice(Math.max(inputs.keep ?? 0, 1)), context.log);
}

async function letAllGo(
  { docker }: Context,
  olds: readonly Release[],
  log: ResourceLog,
): Promise<void> {
  for (const { ref, image } of olds) {
    // A container keeps the tag that it was made from, whatever else holds the image.
    if (await isUsed(docker, image.Id)) continue;
    if (await letGo(docker, ref, image)) log.progress(`removed the former image ${ref}`);
  }
}

/** Deletes a content: kept when it is one of the last `keep`; with the last one, all go. */
export async function deleteContent(
  context: Context,
  inputs: ImageInputs,
  id: string,
  imageId: string,
): Promise<void> {
  const { docker, log } = context;
  const found = await docker.images.inspect(id);
  const held = await releases(context, repositoryOf(context, inputs));
  const newest = held[0]?.ref === id || !held.some(({ ref }) => ref === id);
  if (newest && found?.Id === imageId) await untilTasksAreGone(docker, imageId);
  if (found?.Id === imageId && (newest || (inputs.keep ?? 0) === 0)) {
    if (!(await letGo(docker, id, found))) {
      log.info(`kept the image ${id}: a container still uses it`);
    }
  }
  if (newest) {
    const rest = held.filter(({ ref }) => ref !== id);
    await letAllGo(context, rest, log);
  }
}

/** Gives and takes the further references; what is taken is only what still leads to this image. */
export async function syncTags(
  context: Context,
  imageId: string,
  wanted: readonly string[],
  former: readonly string[],
): Promise<void> {
  const { docker } = context;
  for (const ref of wanted) {
    if ((await docker.images.inspect(ref))?.Id === imageId) continue;
    const [repo, tag] = splitTag(withTag(ref));
    await docker.images.tag(imageId, repo, tag, { signal: context.signal });
  }
  for (const ref of former) {
    if (wanted.includes(ref)) continue;
    if ((await docker.images.inspect(ref))?.Id === imageId) await removeUnused(docker, ref);
  }
}

/** Docker's own default where no tag is given. */
export function withTag(ref: string): string {
  return ref.lastIndexOf(":") > ref.lastIndexOf("/") ? ref : `${ref}:latest`;
}

/** Which of the declared further references lead to the image. */
export async function presentTags(
  docker: DockerClient,
  imageId: string,
  declared: readonly string[],
): Promise<readonly string[]> {
  const leads = await Promise.all(
    declared.map(async (ref) => (await docker.images.inspect(ref))?.Id === imageId),
  );
  return declared.filter((_, index) => leads[index]);
}
