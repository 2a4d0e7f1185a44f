// The difference between two roots as an image layer: what is new or other, and a whiteout for
// what is gone. Pure but for the two functions that read archives. Three rules that a layer needs:
// the directories above an entry come with it (else an engine makes them anew, with other modes),
// hard links travel with their target, and nothing is whited out below what is gone as a whole.
// Follows the OCI image specification, "Image layer filesystem changeset".
import { open } from "node:fs/promises";
import { posix } from "node:path";
import { type TarEntry, tarEnd, tarFileHeader } from "./tar.ts";

export interface LayerPlan {
  /** Entries to copy, in the order of the full root. */
  readonly keep: readonly TarEntry[];
  /** Paths that the base has and the full root has not, sorted. */
  readonly gone: readonly string[];
}

function parentsOf(path: string): readonly string[] {
  const parents: string[] = [];
  for (let at = posix.dirname(path); at !== "."; at = posix.dirname(at)) parents.push(at);
  return path === "" ? [] : [...parents, ""];
}

/** The name of the inode: hard links share that of their target. */
function inodeOf(entry: TarEntry): string {
  return entry.type === "1" ? entry.link : entry.path;
}

function planGone(base: readonly TarEntry[], full: ReadonlyMap<string, TarEntry>): string[] {
  const missing = base.filter((entry) => !full.has(entry.path)).map((entry) => entry.path);
  return missing
    .filter((path) => parentsOf(path).every((parent) => (full.get(parent)?.type ?? "") === "5"))
    .sort();
}

/** What a layer on top of `base` must hold to give `full`. */
export function planLayer(base: readonly TarEntry[], full: readonly TarEntry[]): LayerPlan {
  const before = new Map(base.map((entry) => [entry.path, entry.hash]));
  const after = new Map(full.map((entry) => [entry.path, entry]));
  const changed = full.filter((entry) => before.get(entry.path) !== entry.hash);
  const inodes = new Set(changed.map(inodeOf));
  const gone = planGone(base, after);
  const held = full.filter((entry) => inodes.has(inodeOf(entry)));
  const parents = new Set([...held.map((entry) => entry.path), ...gone].flatMap(parentsOf));
  const keep = full.filter((entry) => inodes.has(inodeOf(entry)) || parents.has(entry.path));
  return { keep, gone };
}

function whiteout(path: string, mtime: number): Buffer {
  const name = posix.join(posix.dirname(path), `.wh.${posix.basename(path)}`);
  return tarFileHeader({ path: name, sizeBytes: 0, mode: 0o644, mtime });
}

/** A layer whose bytes are made as they are read. */
export interface LayerSource {
  readonly sizeBytes: number;
  readonly chunks: () => AsyncIterable<Buffer>;
}

async function* ranges(
  path: string,
  list: Iterable<readonly [offset: number, lengthBytes: number]>,
): AsyncGenerator<Buffer> {
  const file = await open(path, "r");
  try {
    for (const [offset, lengthBytes] of list) {
      for (let done = 0; done < lengthBytes; ) {
        const buffer = Buffer.alloc(Math.min(1 << 20, lengthBytes - done));
        const { bytesRead } = await file.read(buffer, 0, buffer.length, offset + done);
        if (bytesRead === 0) throw new Error(`"${path}" ended early`);
        done += bytesRead;
        yield buffer.subarray(0, bytesRead);
      }
    }
  } finally {
    await file.close();
  }
}

/** A whole archive, as a layer. */
export function wholeLayer(path: string, sizeBytes: number): LayerSource {
  return { sizeBytes, chunks: () => ranges(path, [[0, sizeBytes]]) };
}

/** Neighbouring entries as one range, so that copying is a few large reads. */
function joined(entries: readonly TarEntry[]): readonly (readonly [number, number])[] {
  const list: [number, number][] = [];
  for (const entry of entries) {
    const last = list.at(-1);
    if (last && last[0] + last[1] === entry.offset) last[1] += entry.lengthBytes;
    else list.push([entry.offset, entry.lengthBytes]);
  }
  return list;
}

/** The layer that a plan speaks of, its entries copied from the full root's archive. */
export function differenceLayer(fullTar: string, plan: LayerPlan, mtime: number): LayerSource {
  const tail = [...plan.gone.map((path) => whiteout(path, mtime)), tarEnd()];
  const tailBytes = tail.reduce((sum, part) => sum + part.length, 0);
  const keptBytes = plan.keep.reduce((sum, entry) => sum + entry.lengthBytes, 0);
  async function* chunks(): AsyncGenerator<Buffer> {
    yield* ranges(fullTar, joined(plan.keep));
    yield* tail;
  }
  return { sizeBytes: keptBytes + tailBytes, chunks };
}
