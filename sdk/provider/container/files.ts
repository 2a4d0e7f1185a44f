// Puts declared files into a container that does not run yet, and reads them back. They go as one tar
// over the API, never through a command line; folders on the way are made when they are missing.

import { basename, dirname, relative } from "node:path/posix";
import { type ArchiveFile, type UnpackedFile, unpackEntries } from "../../docker/archive.ts";
import { DockerApiError, type DockerClient } from "../../docker/client.ts";
import type { Mount } from "../../docker/types.ts";
import { ErrorCode, SdkError } from "../../errors.ts";
import type { FileValue } from "./storage.ts";

export type Files = { readonly [path: string]: FileValue };

/** Plain files may be read by all; give a secret one a mode and an owner. */
const defaultMode = 0o444;

function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === "/" ? "/" : `${folder}/`);
}

/**
 * The Engine puts no file into a read-only root. The folders of the files then become anonymous
 * volumes, which start with what the image has there and go with the container.
 */
export function fileVolumes(files: Files, mounted: readonly string[]): readonly Mount[] {
  const folders = [...new Set(Object.keys(files).map((path) => dirname(path)))].sort();
  const uncovered = folders.filter((folder) => !mounted.some((target) => isInside(folder, target)));
  const outermost = uncovered.filter(
    (folder) => !uncovered.some((other) => other !== folder && isInside(folder, other)),
  );
  return outermost.map((folder) => ({ Type: "volume", Target: folder }));
}

/** What is unpacked where, so that all files arrive: one tar for each of the folders. */
export interface Upload {
  readonly folder: string;
  readonly files: readonly ArchiveFile[];
}

/** Sorts the files into the deepest of the folders that they lie in; `/` takes the rest. */
export function planUploads(files: Files, mounted: readonly string[]): readonly Upload[] {
  const byFolder = new Map<string, ArchiveFile[]>();
  const deepestFirst = [...mounted, "/"].sort((a, b) => b.length - a.length);
  for (const path of Object.keys(files).sort()) {
    const file = files[path];
    const folder = deepestFirst.find((candidate) => isInside(path, candidate)) ?? "/";
    if (!file) continue;
    const list = byFolder.get(folder) ?? [];
    list.push({
      path: relative(folder, path),
      content: contentOf(file),
      mode: file.mode ?? defaultMode,
      ...(file.uid === undefined ? {} : { uid: file.uid }),
      ...(file.gid === undefined ? {} : { gid: file.gid }),
    });
    byFolder.set(folder, list);
  }
  return [...byFolder].map(([folder, list]) => ({ folder, files: list }));
}

function contentOf({ content, contentBase64 }: FileValue): string | Buffer {
  return contentBase64 === undefined ? (content ?? "") : Buffer.from(contentBase64, "base64");
}

/** A file as it is, in the words in which it was declared. */
export function observedFile(declared: FileValue, live: UnpackedFile): FileValue {
  const same = Buffer.from(contentOf(declared)).equals(live.content);
  const content =
    declared.contentBase64 === undefined
      ? { content: same ? (declared.content ?? "") : live.content.toString("utf8") }
      : { contentBase64: same ? declared.contentBase64 : live.content.toString("base64") };
  const told = (name: "mode" | "uid" | "gid", value: number, standard: number) =>
    value === (declared[name] ?? standard)
      ? declared[name] === undefined
        ? {}
        : { [name]: value }
      : { [name]: value };
  return {
    ...content,
    ...told("mode", live.mode & 0o7777, defaultMode),
    ...told("uid", live.uid, 0),
    ...told("gid", live.gid, 0),
  };
}

/** The declared files as they are in the container; one that is not there any more is left out. */
export async function readFiles(
  docker: DockerClient,
  id: string,
  declared: Files,
  signal: AbortSignal,
): Promise<Files> {
  const files: [string, FileValue][] = [];
  for (const path of Object.keys(declared)) {
    const asked = declared[path];
    const live = await readOne(docker, id, path, signal);
    if (asked && live) files.push([path, observedFile(asked, live)]);
  }
  return Object.fromEntries(files);
}

async function readOne(
  docker: DockerClient,
  id: string,
  path: string,
  signal: AbortSignal,
): Promise<UnpackedFile | undefined> {
  try {
    const tar = await docker.containers.getArchive(id, path, { signal });
    return (await unpackEntries(tar)).get(basename(path));
  } catch (error) {
    if (error instanceof DockerApiError && error.status === 404) return undefined;
    if (error instanceof SdkError) throw error;
    // Of a tar that was cut, or is none, only Node's words would be left.
    const words = `cannot copy ${path} out of the container "${id}": the answer is no whole tar`;
    throw new SdkError(ErrorCode.Unreachable, words, { cause: error });
  }
}
