// A container that has a volume and never runs, of an empty image: by it the daemon reads and writes
// what is in the volume. It bears the name of its operation and a note of the containers that are held
// meanwhile, so that the next operation of that name takes away what a killed one left, and lets go
// what that one held. Its image is gone as soon as it is made.
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { ErrorCode, SdkError } from "../errors.ts";
import { packFiles } from "./archive.ts";
import type { DockerClient } from "./client.ts";
import type { CallOptions, Mount, VolumeCreateBody } from "./types.ts";

/** Where the helper has the volume. */
export const mountAt = "/volume";
/** The volume that the helper is for. */
const volumeLabel = "dockwright.restore";
const heldLabel = "dockwright.held";

/** Containers that an operation holds, by their ids. */
export interface Held {
  readonly how: "pause" | "stop";
  readonly ids: readonly string[];
}

export interface HelperSpec {
  /** Of the container; the same operation has the same. */
  readonly name: string;
  readonly volume: VolumeCreateBody & { readonly Name: string };
  readonly held?: Held;
}

/** The helper's image, while it is being made. */
export function helperImage(name: string): string {
  return `dockwright/none:${createHash("sha256").update(name).digest("hex").slice(0, 12)}`;
}

/** Containers that could not be let go: the helper that knows of them stays for the next run. */
export class StillHeld extends SdkError {
  constructor({ how }: Held, ids: readonly string[], cause: unknown) {
    const [state, remedy] = how === "pause" ? ["paused", "unpause"] : ["stopped", "start"];
    const names = ids.map((id) => id.slice(0, 12)).join(" ");
    const why = cause instanceof Error ? `: ${cause.message}` : "";
    const words = `containers that use the volume are still ${state}, ${names}${why}`;
    const fix = `do it again, which lets them go on first, or: docker ${remedy} ${names}`;
    super(ErrorCode.Refused, words, { fix, cause });
  }
}

async function letGoOn({ containers }: DockerClient, how: Held["how"], id: string): Promise<void> {
  const found = await containers.inspect(id);
  if (how === "pause" && found?.State.Paused === true) await containers.unpause(id);
  if (how === "stop" && found?.State.Running === false) await containers.start(id);
}

/**
 * Lets containers go on. One that runs already is left as it is; one that cannot be let go keeps none
 * of the others held.
 * @throws StillHeld
 */
export async function release(client: DockerClient, held: Held): Promise<void> {
  const left: string[] = [];
  let cause: unknown;
  // Not by a signal: a container must not stay held because somebody lost patience.
  for (const id of held.ids) {
    await letGoOn(client, held.how, id).catch((error: unknown) => {
      left.push(id);
      cause = error;
    });
  }
  if (left.length > 0) throw new StillHeld(held, left, cause);
}

function heldBy(labels: Readonly<Record<string, string>>): Held | undefined {
  const [how, ids = ""] = (labels[heldLabel] ?? "").split(" ");
  if (how !== "pause" && how !== "stop") return undefined;
  return { how, ids: ids.split(",").filter((id) => id !== "") };
}

/** Takes away what a killed operation left; true when its container was there. */
export async function clearHelper(
  client: DockerClient,
  name: string,
  volume: string,
): Promise<boolean> {
  const found = await client.containers.inspect(name);
  const labels = found?.Config.Labels ?? {};
  const ours = found !== undefined && labels[volumeLabel] === volume;
  if (ours) {
    const held = heldBy(labels);
    if (held) await release(client, held);
    await client.containers.remove(found.Id, { force: true });
  }
  await client.images.remove(helperImage(name), { force: true });
  return ours;
}

function mountOf({ Name, Driver, DriverOpts, Labels }: HelperSpec["volume"]): Mount {
  const options = DriverOpts ? { Options: DriverOpts } : {};
  return {
    Type: "volume",
    Source: Name,
    Target: mountAt,
    VolumeOptions: {
      NoCopy: true,
      ...(Labels ? { Labels } : {}),
      ...(Driver ? { DriverConfig: { Name: Driver, ...options } } : {}),
    },
  };
}

async function makeHelper(
  client: DockerClient,
  { name, volume, held }: HelperSpec,
  options: CallOptions,
): Promise<string> {
  const reference = helperImage(name);
  const root = await packFiles([{ path: ".none", content: "" }]);
  await client.images.importRoot(Readable.from([root]), { reference, ...options });
  const note: Record<string, string> = held
    ? { [heldLabel]: `${held.how} ${held.ids.join(",")}` }
    : {};
  try {
    const body = {
      Image: reference,
      Cmd: ["/none"],
      Labels: { [volumeLabel]: volume.Name, ...note },
      HostConfig: { Mounts: [mountOf(volume)] },
    };
    return await client.containers.create(name, body, options);
  } finally {
    // The container keeps the layer; the name would be one more thing to leave behind.
    await client.images.remove(reference, { force: true });
  }
}

/** Does some work by a helper, and takes it away again. */
export async function withHelper<T>(
  client: DockerClient,
  spec: HelperSpec,
  options: CallOptions,
  work: (id: string) => Promise<T>,
): Promise<T> {
  await clearHelper(client, spec.name, spec.volume.Name);
  const id = await makeHelper(client, spec, options);
  let keep = false;
  try {
    return await work(id);
  } catch (error) {
    keep = error instanceof StillHeld;
    throw error;
  } finally {
    if (!keep) await client.containers.remove(id, { force: true });
  }
}
