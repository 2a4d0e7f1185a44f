// Keeps the images of releases: each by a tag of the release on the daemon that has it. An image that
// has another tag outlives the resource that made it, and `docker image prune`; not `prune --all`,
// which takes whatever no container uses.

import { DockerApiError } from "../../docker/client.ts";
import { foundSuffix, giveTag, isMadeHere, letGo } from "../image/tags.ts";
import { readableName } from "../names.ts";
import type { Context } from "../resource.ts";
import type { RolloutHosts } from "../rollout/hosts.ts";
import type { ReleaseImage, ReleaseRecord } from "./fields.ts";
import type { WantedImage } from "./history.ts";

const root = "dockwright-release";

/** The repository of a service's releases on each daemon. */
export function pinRepository({ project, stack }: Context, service: string): string {
  return [root, project, stack, service]
    .map((part) => (part === root ? part : readableName(part)))
    .join("/");
}

/** What the daemons have, and what is done to them. */
export interface Pinning {
  readonly hosts: RolloutHosts;
  readonly repository: string;
}

const isOurs = (ref: string): boolean =>
  isMadeHere(ref) || (ref.startsWith(`${root}/`) && !ref.endsWith(foundSuffix));

const imageOf = (host: string, rest: Omit<ReleaseImage, "host">): ReleaseImage =>
  host === "" ? rest : { host, ...rest };

/** Tags the image on its host; undefined where that has no such image. */
async function pinOne(
  { hosts, repository }: Pinning,
  number: number,
  { host, ref, imageId }: WantedImage,
): Promise<ReleaseImage | undefined> {
  const context = hosts.on(host);
  const { docker, signal } = context;
  const found = await docker.images.inspect(imageId ?? ref, { signal });
  if (found === undefined) return undefined;
  // What was there before us stays when the tag goes: the suffix says so.
  const suffix = (found.RepoTags ?? []).some(isOurs) ? "" : foundSuffix;
  const tag = `${repository}:${number}${suffix}`;
  const other = `${repository}:${number}${suffix === "" ? foundSuffix : ""}`;
  const has = (found.RepoTags ?? []).find((one) => one === tag || one === other);
  if (has === undefined) await giveTag(context, found.Id, tag);
  return imageOf(host, { ref, imageId: found.Id, tag: has ?? tag });
}

/** Keeps the images of a release on every host that has them. */
export async function pin(
  pinning: Pinning,
  number: number,
  wanted: readonly WantedImage[],
): Promise<readonly ReleaseImage[]> {
  const pinned = await Promise.all(wanted.map((one) => pinOne(pinning, number, one)));
  return pinned.filter((one) => one !== undefined);
}

const isConflict = (error: unknown): boolean =>
  error instanceof DockerApiError && error.status === 409;

/** Force removes an image that no running container has, whatever else needs it. */
async function isRunning({ docker }: Context, imageId: string): Promise<boolean> {
  const filters = { ancestor: [imageId], status: ["running"] };
  return (await docker.containers.list({ filters })).some(({ ImageID }) => ImageID === imageId);
}

async function unpinOne(context: Context, { tag, imageId }: ReleaseImage): Promise<void> {
  const { docker } = context;
  const found = await docker.images.inspect(tag);
  // Whoever gave the tag to another image has it now.
  if (found?.Id !== imageId) return;
  try {
    if (await letGo(docker, tag, found)) return;
    if (!(await isRunning(context, imageId))) {
      context.log.info(`kept the image ${tag}: a container still uses it`);
      return;
    }
    // The container goes after this: without a tag, the next prune finds the image.
    await docker.images.remove(tag, { force: true });
    context.log.info(`left the image ${imageId} without a tag: a container still runs it`);
  } catch (error) {
    if (!isConflict(error)) throw error;
  }
}

/**
 * Takes the tags of these images away. A host that has left the pool may be out of reach, which is
 * told and no reason to fail.
 */
export async function unpin(
  { hosts }: Pinning,
  images: readonly ReleaseImage[],
  { isLost, hasLeft }: { isLost(host: string): boolean; hasLeft(host: string): boolean },
): Promise<void> {
  await Promise.all(
    images.map(async (image) => {
      const { host = "" } = image;
      if (isLost(host)) return;
      const context = hosts.on(host);
      try {
        await unpinOne(context, image);
      } catch (error) {
        if (!hasLeft(host)) throw error;
        context.log.warn(`the image ${image.tag} on ${host} was left, which is out of reach`);
      }
    }),
  );
}

/** Images of kept releases that are not there, in words. */
export async function missingPins(
  { hosts }: Pinning,
  releases: readonly ReleaseRecord[],
): Promise<readonly string[]> {
  const looked = await Promise.all(
    releases.flatMap(({ number, images }) =>
      images.map(async ({ host = "", tag, imageId }) => {
        const { docker, signal } = hosts.on(host);
        const found = await docker.images.inspect(tag, { signal });
        if (found?.Id === imageId) return [];
        return [`release ${number}${host === "" ? "" : ` on ${host}`}: ${tag}`];
      }),
    ),
  );
  return looked.flat();
}
