// Volumes to files and back: a tar of all that is in the volume, with modes and owners as numbers; gzip
// where the name ends in .gz. The daemon reads and writes through a container that never runs, of an
// empty image, so nothing of any image is needed. Containers that use the volume are held meanwhile, as
// asked for. Not in it: extended attributes (but file capabilities), which the Engine leaves out.
// Engine API, GET and PUT /containers/{id}/archive.
import { createHash, randomBytes } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { open, rename, rm, stat } from "node:fs/promises";
import { type Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { ErrorCode, SdkError } from "../errors.ts";
import type { DockerClient } from "./client.ts";
import type { CallOptions, ContainerSummary, VolumeCreateBody } from "./types.ts";
import { clearHelper, type Held, mountAt, release, withHelper } from "./volume-helper.ts";

/**
 * What happens to running containers that use the volume: paused (what a power cut would leave: right
 * for databases that recover), stopped and started again (what they write at their end is in it), or
 * nothing (only for what does not change).
 */
export type Consistency = "pause" | "stop" | "none";

export interface BackupOptions extends CallOptions {
  /** @defaultValue pause */
  readonly consistency?: Consistency;
  readonly onProgress?: (text: string) => void;
}

export interface Backup {
  readonly sizeBytes: number;
  /** Of the file, in hexadecimal. */
  readonly sha256: string;
}

/** The container by which an unfinished restore is known. */
export function restoreContainerName(volume: string): string {
  return `dockwright-restore-${volume}`;
}

/** Containers that have the volume, running or not. */
export async function usersOf(
  client: DockerClient,
  volume: string,
  options?: CallOptions,
): Promise<readonly ContainerSummary[]> {
  const filters = { volume: [volume] };
  const listed = await client.containers.list({ all: true, filters }, options);
  // The filter also takes the beginning of a path for a name.
  return listed.filter(({ Mounts = [] }) => Mounts.some(({ Name }) => Name === volume));
}

function nameOf({ Names, Id }: ContainerSummary): string {
  return Names[0]?.replace(/^\//, "") ?? Id;
}

/** The running containers that have the volume: what has to be held. */
async function toHold(
  client: DockerClient,
  volume: string,
  consistency: Consistency,
  options: CallOptions,
): Promise<readonly ContainerSummary[]> {
  if (consistency === "none") return [];
  const users = await usersOf(client, volume, options);
  return users.filter(({ State }) => State === "running");
}

/** Does some work while nobody writes; what was held goes on afterwards, whatever came of the work. */
async function whileHeld<T>(
  client: DockerClient,
  running: readonly ContainerSummary[],
  how: Held["how"],
  { onProgress, ...options }: BackupOptions,
  work: () => Promise<T>,
): Promise<T> {
  const { containers } = client;
  const ids: string[] = [];
  try {
    for (const one of running) {
      onProgress?.(`${how === "pause" ? "pausing" : "stopping"} ${nameOf(one)}`);
      ids.unshift(one.Id);
      if (how === "pause") await containers.pause(one.Id, options);
      else await containers.stop(one.Id, options);
    }
    return await work();
  } finally {
    await release(client, { how, ids });
  }
}

/** Writes to a file beside it first: there is a whole backup under the name, or the former one. */
export async function writeWhole(
  source: Readable,
  path: string,
  options: BackupOptions,
): Promise<Backup> {
  const part = `${path}.${randomBytes(4).toString("hex")}.part`;
  const hash = createHash("sha256");
  let sizeBytes = 0;
  const count = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      hash.update(chunk);
      sizeBytes += chunk.length;
      options.onProgress?.(`${Math.round(sizeBytes / 1e5) / 10} MB written`);
      done(null, chunk);
    },
  });
  const packed = path.endsWith(".gz") ? [createGzip()] : [];
  try {
    // What is in a volume may be secret: for the owner alone.
    const file = createWriteStream(part, { mode: 0o600, flags: "wx", flush: true });
    await pipeline([source, ...packed, count, file], {
      ...(options.signal ? { signal: options.signal } : {}),
    });
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
  return { sizeBytes, sha256: hash.digest("hex") };
}

async function requireVolume(client: DockerClient, volume: string, options: CallOptions) {
  const found = await client.volumes.inspect(volume, options);
  if (found) return found;
  throw new SdkError(ErrorCode.Missing, `the daemon has no volume "${volume}"`, {
    fix: "check its name: `docker volume ls` lists what is there",
  });
}

/** The helper of a backup: of this volume, to this file. */
export function backupContainerName(volume: string, path: string): string {
  const digits = createHash("sha256").update(`${volume}\n${path}`).digest("hex").slice(0, 12);
  return `dockwright-backup-${digits}`;
}

/**
 * Writes all that is in a volume to a file of this machine. What a backup to the same file held when
 * it was killed goes on first.
 */
export async function backupVolume(
  client: DockerClient,
  volume: string,
  path: string,
  options: BackupOptions = {},
): Promise<Backup> {
  const { consistency = "pause", onProgress: _, ...calls } = options;
  await requireVolume(client, volume, calls);
  const name = backupContainerName(volume, path);
  await clearHelper(client, name, volume);
  const running = await toHold(client, volume, consistency, calls);
  const how = consistency === "stop" ? "stop" : "pause";
  const held = { how, ids: running.map(({ Id }) => Id) } as const;
  return withHelper(client, { name, volume: { Name: volume }, held }, calls, (id) =>
    whileHeld(client, running, how, options, async () => {
      const source = await client.containers.getArchive(id, mountAt, calls);
      return writeWhole(source, path, options);
    }),
  );
}

/** The first bytes of a backup, so that nothing is made of what is none. */
async function refuseNoBackup(path: string): Promise<void> {
  const fix = "give the path of a file that a backup wrote";
  const file = await open(path).catch((cause: unknown) => {
    throw new SdkError(ErrorCode.BadInput, `the backup ${path} cannot be read`, { fix, cause });
  });
  try {
    const { buffer } = await file.read({ buffer: Buffer.alloc(512), length: 512 });
    const zipped = buffer[0] === 0x1f && buffer[1] === 0x8b;
    const folder = buffer.toString("latin1", 0, 8).startsWith(`${mountAt.slice(1)}/`);
    if (path.endsWith(".gz") ? zipped : folder) return;
    throw new SdkError(ErrorCode.BadInput, `the file ${path} is no backup of a volume`, { fix });
  } finally {
    await file.close();
  }
}

async function fill(client: DockerClient, id: string, path: string, options: BackupOptions) {
  const { size } = await stat(path);
  options.onProgress?.(`${Math.round(size / 1e5) / 10} MB to restore from ${path}`);
  const file = createReadStream(path, { highWaterMark: 1 << 18 });
  const unpack = path.endsWith(".gz") ? createGunzip() : undefined;
  const body = unpack ? file.pipe(unpack) : file;
  if (unpack) file.once("error", (error) => unpack.destroy(error));
  const { signal, timeoutMs } = options;
  await client.containers.putArchive(id, "/", body, {
    ...(signal ? { signal } : {}),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
}

/**
 * Makes a volume and fills it from a file. One of that name must not be there, but for what a restore
 * that was cut left: that is known by its container, goes, and is made anew. A failure leaves nothing.
 */
export async function restoreVolume(
  client: DockerClient,
  volume: VolumeCreateBody & { readonly Name: string },
  path: string,
  options: BackupOptions = {},
): Promise<void> {
  const { consistency: _, onProgress: __, ...calls } = options;
  await refuseNoBackup(path);
  await clearCutRestore(client, volume.Name, calls);
  if (await client.volumes.inspect(volume.Name, calls)) {
    throw new SdkError(
      ErrorCode.Refused,
      `the volume "${volume.Name}" is there already: a restore overwrites nothing`,
      { fix: "restore under another name, or remove the volume first" },
    );
  }
  try {
    const name = restoreContainerName(volume.Name);
    await withHelper(client, { name, volume }, calls, (id) => fill(client, id, path, options));
  } catch (error) {
    await client.volumes.remove(volume.Name);
    throw error;
  }
}

/** Takes away what a restore that was cut left; true when there was one. */
export async function clearCutRestore(
  client: DockerClient,
  volume: string,
  options: CallOptions = {},
): Promise<boolean> {
  if (!(await clearHelper(client, restoreContainerName(volume), volume))) return false;
  await client.volumes.remove(volume, options);
  return true;
}
