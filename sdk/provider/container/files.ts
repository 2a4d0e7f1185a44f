// Puts declared files into a container that does not run yet. They go as one tar over the API, never
// through a command line; folders on the way are made when they are missing.

import { dirname, relative } from "node:path/posix";
import type { ArchiveFile } from "../../docker/archive.ts";
import type { Mount } from "../../docker/types.ts";
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
    list.push({ ...file, path: relative(folder, path), mode: file.mode ?? defaultMode });
    byFolder.set(folder, list);
  }
  return [...byFolder].map(([folder, list]) => ({ folder, files: list }));
}
