// The image that a container runs, for what the container has from it. An id is a digest over all that is
// read here, so that one look serves every container of that image; tags, which move, are not to be
// read from it. What was not found is looked for again.

import type { DockerClient } from "../../docker/client.ts";
import type { ImageInspect } from "../../docker/types.ts";

/** What an image id is a digest over. */
export type ImageContent = Pick<ImageInspect, "Config" | "Os" | "Architecture" | "Variant">;

type Seen = Promise<ImageContent | undefined>;

const seenBy = new WeakMap<DockerClient, Map<string, Seen>>();

/** The image's own configuration; undefined when the image is gone. */
export function imageById(docker: DockerClient, id: string, signal: AbortSignal): Seen {
  const seen = seenBy.get(docker) ?? new Map<string, Seen>();
  seenBy.set(docker, seen);
  const known = seen.get(id);
  if (known) return known;
  const look = docker.images.inspect(id, { signal });
  seen.set(id, look);
  const forget = () => seen.delete(id);
  look.then((found) => found ?? forget(), forget);
  return look;
}
