// Build contexts out of a folder: what is sent, a hash of it, and the same tar bytes each time.
// `.dockerignore` is honoured as the Docker CLI does, `<Dockerfile>.dockerignore` before it; the
// Dockerfile itself is always sent. The hash covers relative paths, modes, link targets and bytes,
// never times or owners. Refuses devices and FIFOs, which no build can use.
import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { lstat, readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ErrorCode, SdkError } from "../errors.ts";
import { tarStream } from "./tar.ts";

export interface ContextOptions {
  /** Path in the folder. @defaultValue Dockerfile */
  readonly dockerfile?: string;
}

interface Entry {
  /** Relative to the context, with slashes. */
  readonly path: string;
  readonly type: "file" | "directory" | "symlink";
  readonly mode: number;
  readonly sizeBytes: number;
  readonly target: string;
}

interface Rules {
  readonly ignores: (path: string) => boolean;
  /** Whether something below an ignored folder may be taken back in. */
  readonly mayReenter: (folder: string) => boolean;
  /** Left out whatever the patterns say. */
  readonly without: ReadonlySet<string>;
}

async function readOptional(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function patternsOf(text: string): readonly string[] {
  return text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .filter((line) => !line.startsWith("#"))
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** The pattern's path, with no leading slash and no `./`. */
function cleanNegation(pattern: string): string {
  return pattern
    .slice(1)
    .trim()
    .replace(/^(?:\.?\/+)+/, "")
    .replace(/\/+$/, "");
}

async function readRules(dir: string, dockerfile: string): Promise<Rules> {
  const own = await readOptional(join(dir, `${dockerfile}.dockerignore`));
  const text = own ?? (await readOptional(join(dir, ".dockerignore"))) ?? "";
  // A daemon would apply a `.dockerignore` that it is sent once more, and this one is not meant.
  const without = new Set(own === undefined ? [] : [".dockerignore"]);
  const patterns = patternsOf(text);
  if (patterns.length === 0) return { ignores: () => false, mayReenter: () => false, without };
  const { default: ignore } = await import("@balena/dockerignore");
  const matcher = ignore.default({ ignorecase: false }).add([...patterns]);
  const negations = patterns.filter((pattern) => pattern.startsWith("!")).map(cleanNegation);
  return {
    ignores: (path) => path !== dockerfile && matcher.ignores(path),
    mayReenter: (folder) =>
      [...negations, dockerfile].some((path) => `${path}/`.startsWith(`${folder}/`)),
    without,
  };
}

async function readEntry(dir: string, path: string): Promise<Entry | undefined> {
  const full = join(dir, path);
  const stat = await lstat(full);
  const mode = stat.mode & 0o7777;
  const base = { path, mode, sizeBytes: 0, target: "" };
  if (stat.isFile()) return { ...base, type: "file", sizeBytes: stat.size };
  if (stat.isDirectory()) return { ...base, type: "directory" };
  // A link's own mode differs between systems and means nothing.
  if (stat.isSymbolicLink()) {
    return { ...base, type: "symlink", mode: 0o777, target: await readlink(full) };
  }
  if (stat.isSocket()) return undefined;
  throw new SdkError(
    ErrorCode.BadInput,
    `the build context ${dir} holds "${path}", which is a device or a FIFO`,
    { fix: "take it away, or name it in .dockerignore" },
  );
}

function byBytes(first: string, second: string): number {
  return Buffer.compare(Buffer.from(first), Buffer.from(second));
}

async function* walk(dir: string, rules: Rules, folder = ""): AsyncGenerator<Entry> {
  const names = await readdir(join(dir, folder));
  for (const name of names.sort(byBytes)) {
    const path = folder ? `${folder}/${name}` : name;
    if (rules.without.has(path)) continue;
    const ignored = rules.ignores(path);
    if (ignored && !rules.mayReenter(path)) continue;
    const entry = await readEntry(dir, path);
    if (entry && !ignored) yield entry;
    if (entry?.type === "directory") yield* walk(dir, rules, path);
  }
}

async function* contextEntries(dir: string, options: ContextOptions): AsyncGenerator<Entry> {
  const dockerfile = (options.dockerfile ?? "Dockerfile").replace(/^\.\//, "");
  try {
    if (!(await lstat(join(dir, dockerfile))).isDirectory()) {
      yield* walk(dir, await readRules(dir, dockerfile));
      return;
    }
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ENOENT") throw cause;
  }
  throw new SdkError(
    ErrorCode.BadInput,
    `the build context ${dir} has no file "${dockerfile}" to build from`,
    { fix: "give the Dockerfile's path relative to the context" },
  );
}

async function hashEntry(hash: Hash, dir: string, entry: Entry): Promise<void> {
  const { type, path, mode, sizeBytes, target } = entry;
  // Lengths of each part are fixed by the JSON, so that no two contexts share a text.
  hash.update(`${JSON.stringify([type, path, mode.toString(8), sizeBytes, target])}\n`);
  if (type !== "file") return;
  await pipeline(
    createReadStream(join(dir, path), { highWaterMark: 256 * 1024 }),
    async (bytes) => {
      for await (const chunk of bytes) hash.update(chunk as Buffer);
    },
  );
}

/** A hash of everything that a build of this folder would be sent: `sha256:...`. */
export async function hashContext(dir: string, options: ContextOptions = {}): Promise<string> {
  const hash = createHash("sha256");
  for await (const entry of contextEntries(dir, options)) await hashEntry(hash, dir, entry);
  return `sha256:${hash.digest("hex")}`;
}

type Pack = ReturnType<typeof import("tar-stream")["pack"]>;

async function packEntry(pack: Pack, dir: string, entry: Entry): Promise<void> {
  const header = {
    name: entry.path,
    type: entry.type,
    mode: entry.mode,
    mtime: new Date(0),
    uid: 0,
    gid: 0,
    size: entry.sizeBytes,
    ...(entry.type === "symlink" ? { linkname: entry.target } : {}),
  };
  if (entry.type !== "file" || entry.sizeBytes === 0) {
    pack.entry(header, "");
    return;
  }
  try {
    await pipeline(
      // A file that grows meanwhile is held to the size that its header gave.
      createReadStream(join(dir, entry.path), {
        highWaterMark: 256 * 1024,
        end: Math.max(entry.sizeBytes - 1, 0),
      }),
      pack.entry(header),
    );
  } catch (cause) {
    throw new SdkError(
      ErrorCode.BadInput,
      `the file "${entry.path}" of the build context ${dir} could not be read whole`,
      { fix: "check that nothing changes the context while it is being sent", cause },
    );
  }
}

async function packAll(pack: Pack, dir: string, options: ContextOptions): Promise<void> {
  try {
    for await (const entry of contextEntries(dir, options)) {
      if (pack.destroyed) return;
      await packEntry(pack, dir, entry);
    }
    pack.finalize();
  } catch (error) {
    pack.destroy(error as Error);
  }
}

async function* packed(dir: string, options: ContextOptions): AsyncGenerator<Buffer> {
  const { pack: newPack } = await tarStream();
  const pack = newPack();
  const filled = packAll(pack, dir, options);
  try {
    yield* pack as AsyncIterable<Buffer>;
  } finally {
    pack.destroy();
  }
  await filled;
}

/** The folder as a tar for a build: sorted, no times, no owners; equal contexts, equal bytes. */
export function packContext(dir: string, options: ContextOptions = {}): Readable {
  return Readable.from(packed(dir, options), { objectMode: false });
}
