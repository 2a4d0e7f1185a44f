// Secrets as files in memory. A tmpfs of the container itself is empty after each start, and there is
// nobody to fill it again when the daemon restarts the container. So they lie in the memory of the
// daemon's host: in /dev/shm, in a folder that only root enters, one folder a container, mounted
// read-only. They outlive a restart of the container and of the daemon. A reboot of the host takes
// them: then the container cannot start without them, is seen as stopped, and the next update puts
// them back and starts it. Never in the image, the environment, a label, or on a disk.

import type { ArchiveFile } from "../../docker/archive.ts";
import { packFiles, unpackFiles } from "../../docker/archive.ts";
import { DockerApiError } from "../../docker/client.ts";
import type { ContainerInspect, Mount } from "../../docker/types.ts";
import type { Context } from "../resource.ts";

/** The memory of every Linux host, also where /run is on a disk. */
const memoryFolder = "/dev/shm";
const ownFolder = "dockwright";
/** Where secrets lie on the daemon's host. */
export const secretsRoot = `${memoryFolder}/${ownFolder}/`;
/** Where the container finds them. */
export const secretsTarget = "/run/secrets";

/**
 * On the helper, so that the next one for the same container takes away what a killed run left. Several
 * containers of one resource may be deleted at once, each with a helper of its own.
 */
const helperLabel = "dockwright.helper";
const folderLabel = "dockwright.helper.folder";

export type Secrets = { readonly [name: string]: string };

/** The folder of a container's secrets, below the memory folder. Hosts may share that (in a lab). */
async function folderOf({ docker, signal }: Context, name: string): Promise<string> {
  const { ID } = await docker.system.info({ signal });
  return `${ownFolder}/${ID.replace(/[^A-Za-z0-9]/g, "").slice(0, 12)}/${name}`;
}

/** The mount that a container with secrets is created with. Its source must be there: see place. */
export async function secretsMount(context: Context, name: string): Promise<Mount> {
  const folder = await folderOf(context, name);
  return {
    Type: "bind",
    Source: `${memoryFolder}/${folder}`,
    Target: secretsTarget,
    ReadOnly: true,
  };
}

/** What is unpacked: folders that only root enters, an emptied folder, its files. */
export function secretEntries(folder: string, secrets: Secrets): readonly ArchiveFile[] {
  const [own = "", daemon = "", name = ""] = folder.split("/");
  const files = Object.keys(secrets)
    .sort()
    .map((key) => ({ path: `${folder}/${key}`, content: secrets[key] ?? "", mode: 0o444 }));
  return [
    { path: own, type: "directory", content: "", mode: 0o700 },
    { path: `${own}/${daemon}`, type: "directory", content: "", mode: 0o700 },
    // A file in the way of the folder: whatever was in that is gone with it.
    { path: `${own}/${daemon}/${name}`, content: "", mode: 0o400 },
    { path: folder, type: "directory", content: "", mode: 0o755 },
    ...files,
  ];
}

/**
 * A container that never runs, through which the API reaches the host's memory. It has the image of
 * the one that it works for, which the daemon has.
 */
async function withHelper(
  { docker, signal, urn }: Context,
  { image, folder }: { readonly image: string; readonly folder: string },
  work: (put: (files: readonly ArchiveFile[]) => Promise<void>) => Promise<void>,
): Promise<void> {
  const labels = { [helperLabel]: urn, [folderLabel]: folder };
  const left = { label: Object.entries(labels).map(([name, value]) => `${name}=${value}`) };
  for (const { Id } of await docker.containers.list({ all: true, filters: left }, { signal })) {
    await docker.containers.remove(Id, { force: true, volumes: true });
  }
  // A name of the daemon's choice, and a command because the image may have none.
  const id = await docker.containers.create(undefined, {
    Image: image,
    Entrypoint: ["/none"],
    NetworkDisabled: true,
    Labels: labels,
    HostConfig: {
      NetworkMode: "none",
      Mounts: [{ Type: "bind", Source: memoryFolder, Target: "/memory" }],
    },
  });
  try {
    await work(async (files) => {
      const tar = await packFiles(files);
      await docker.containers.putArchive(id, "/memory", tar, { signal, overwrite: true });
    });
  } finally {
    await docker.containers.remove(id, { force: true, volumes: true });
  }
}

/** Puts a container's secrets into the memory of its host. What was there of it is replaced. */
export async function placeSecrets(
  context: Context,
  image: string,
  name: string,
  secrets: Secrets,
): Promise<void> {
  const folder = await folderOf(context, name);
  await withHelper(context, { image, folder }, (put) => put(secretEntries(folder, secrets)));
}

/** The folder of its secrets, as the container itself tells it. */
function mountedFolder({ HostConfig }: ContainerInspect): string | undefined {
  const mount = HostConfig.Mounts?.find(
    ({ Target, Source }) => Target === secretsTarget && Source?.startsWith(secretsRoot),
  );
  return mount?.Source?.slice(memoryFolder.length + 1);
}

/** Takes the secrets of a container out of the memory, before it is removed. */
export async function removeSecrets(context: Context, container: ContainerInspect): Promise<void> {
  const folder = mountedFolder(container);
  if (folder === undefined) return;
  // Not by the signal of the call: what is taken away is taken away.
  const patient = { ...context, signal: new AbortController().signal };
  await withHelper(patient, { image: container.Image, folder }, async (put) => {
    // The API only adds. An empty file takes the place of the folder, and a link to nothing, before
    // it fails, that of the file. Where a daemon should do it otherwise, an empty file stays.
    await put([{ path: folder, content: "", mode: 0o400 }]);
    const nothing = { path: folder, type: "link", content: "", linkname: "none" } as const;
    await put([nothing]).catch(() => undefined);
  });
}

/** The secrets that a container finds: undefined without any, or when they are gone. */
export async function readSecrets(
  { docker, signal }: Pick<Context, "docker" | "signal">,
  container: ContainerInspect,
): Promise<Secrets | undefined> {
  if (mountedFolder(container) === undefined) return undefined;
  try {
    const tar = await docker.containers.getArchive(container.Id, secretsTarget, { signal });
    const files = [...(await unpackFiles(tar))].map(
      ([path, content]) => [path.replace(/^[^/]*\//, ""), content.toString("utf8")] as const,
    );
    return files.length === 0 ? undefined : Object.fromEntries(files);
  } catch (error) {
    if (error instanceof DockerApiError) return undefined;
    throw error;
  }
}
