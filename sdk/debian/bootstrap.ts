// The two things that images share: fresh package lists, and the base root. Lists are fetched at
// most every ten minutes, so that images built together see the same packages; the base root is
// named by what the lists say, so that it is made anew when the release has moved, never silently
// old. Refuses to go on with lists that could not be fetched in full.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { listsConfig } from "./apt.ts";
import { withLock } from "./lock.ts";
import { runMmdebstrap, runProgram } from "./process.ts";
import { BuildPhase, baseStep, type ProgressStep } from "./progress.ts";
import { baseArgs, imageTime, type RootFolders } from "./root.ts";
import { type DebianImageSpec, defaultSuite } from "./spec.ts";

/** What all steps of one build know. */
export interface BuildContext {
  readonly spec: DebianImageSpec;
  readonly arch: string;
  /** The `debian` folder of the cache. */
  readonly cache: string;
  readonly work: string;
  /** The sources file's text, and apt's settings for fetching. */
  readonly sources: string;
  readonly fetch: string;
  readonly signal: AbortSignal | undefined;
  readonly tell: (step: ProgressStep) => void;
}

const listsFreshMs = 10 * 60_000;
const listsKeptMs = 24 * 3_600_000;
const baseKeptMs = 7 * 24 * 3_600_000;
/** Raised when the base root is made in another way. */
const baseVersion = 2;

function sha256(...parts: readonly string[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part).update("\0");
  return hash.digest("hex");
}

/** All that programs of a build see of the environment: how to find programs and mirrors. */
export function buildEnv(env: NodeJS.ProcessEnv, tmp?: string): Record<string, string> {
  const taken = Object.entries(env).flatMap(([name, value]) =>
    value !== undefined && (name === "HOME" || /^(https?|ftp|no|all)_proxy$/i.test(name))
      ? [[name, value] as const]
      : [],
  );
  return {
    ...Object.fromEntries(taken),
    PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    LC_ALL: "C.UTF-8",
    SOURCE_DATE_EPOCH: String(imageTime),
    ...(tmp === undefined ? {} : { TMPDIR: tmp }),
  };
}

export function waiting(context: BuildContext, what: string): () => void {
  return () =>
    context.tell({ phase: BuildPhase.Waiting, text: `waiting: another build makes ${what}` });
}

async function ageMs(path: string): Promise<number | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found === undefined ? undefined : Date.now() - found.mtimeMs;
}

async function fetchLists(context: BuildContext, folder: string): Promise<void> {
  context.tell({ phase: BuildPhase.Lists, text: "fetching package lists" });
  for (const part of ["state", "lists/partial", "cache/archives/partial"])
    await mkdir(join(folder, part), { recursive: true });
  const sourcesFile = join(folder, "build.sources");
  const config = join(context.work, "lists.conf");
  await writeFile(sourcesFile, context.sources);
  const { arch, fetch, signal } = context;
  await writeFile(config, listsConfig({ folder, sourcesFile, arch, fetch }), { mode: 0o600 });
  await runProgram("apt-get", ["update"], {
    env: { ...buildEnv(process.env), APT_CONFIG: config },
    what: "fetch package lists",
    ...(signal ? { signal } : {}),
  });
  await writeFile(join(folder, "fetched"), "");
}

/** Package lists in a folder that can be copied into a root, and a hash of what they promise. */
export async function ensureLists(
  context: BuildContext,
): Promise<{ readonly folder: string; readonly state: string }> {
  const name = sha256(context.sources, context.arch, context.fetch).slice(0, 16);
  const folder = join(context.cache, "lists", name);
  const options = { signal: context.signal, onWait: waiting(context, "package lists") };
  return withLock(join(context.cache, "lists", `${name}.lock`), options, async () => {
    const age = await ageMs(join(folder, "fetched"));
    if (age === undefined || age > listsFreshMs) await fetchLists(context, folder);
    const lists = join(folder, "lists");
    const releases = (await readdir(lists)).filter((file) => /Release$/.test(file)).sort();
    const texts = await Promise.all(releases.map((file) => readFile(join(lists, file), "utf8")));
    // What a build reads must stay while the next one fetches: a copy by links is cheap.
    const state = sha256(...texts);
    const copy = join(folder, `copy-${state.slice(0, 16)}`);
    if ((await ageMs(copy)) === undefined) await copyLists(context, lists, copy);
    await prune(folder, { pattern: /^copy-/, keep: copy, olderThanMs: listsKeptMs });
    return { folder: copy, state };
  });
}

async function copyLists(context: BuildContext, lists: string, copy: string): Promise<void> {
  const partial = `${copy}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  const files = (await readdir(lists)).filter((file) => /(Release|Packages)/.test(file));
  await runProgram("cp", ["-l", "-t", partial, ...files.map((file) => join(lists, file))], {
    env: buildEnv(process.env),
    what: "copy package lists",
    ...(context.signal ? { signal: context.signal } : {}),
  });
  await rename(partial, copy);
}

interface Pruning {
  readonly pattern: RegExp;
  readonly keep?: string;
  readonly olderThanMs: number;
}

/** Removes what earlier builds left and no running one can still be reading. */
export async function prune(
  folder: string,
  { pattern, keep, olderThanMs }: Pruning,
): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const age = pattern.test(name) && path !== keep ? await ageMs(path) : undefined;
    if (age !== undefined && age > olderThanMs) await rm(path, { recursive: true, force: true });
  }
}

/** The archive of the base root for a state of the lists. */
export async function ensureBase(
  context: BuildContext,
  folders: RootFolders,
  listsState: string,
): Promise<string> {
  const { spec, arch } = context;
  const suite = spec.suite ?? defaultSuite;
  const slim = (spec.slim ?? true) ? "slim" : "full";
  const name = sha256(String(baseVersion), suite, arch, slim, context.sources, listsState);
  const folder = join(context.cache, "base");
  const path = join(folder, `${name.slice(0, 32)}.tar`);
  const options = { signal: context.signal, onWait: waiting(context, "the shared root") };
  return withLock(`${path}.lock`, options, async () => {
    if ((await ageMs(path)) !== undefined) {
      await utimes(path, new Date(), new Date());
      return path;
    }
    context.tell({ phase: BuildPhase.Base, text: `making the shared root of ${suite}` });
    const target = join(folders.work, "base.tar");
    await runMmdebstrap(baseArgs({ spec, folders, arch, target }), {
      env: buildEnv(process.env, folders.open),
      cwd: folders.work,
      what: `make a root of ${suite}`,
      onLine: (line) => {
        const step = baseStep(line);
        if (step) context.tell(step);
      },
      ...(context.signal ? { signal: context.signal } : {}),
    });
    await rename(target, path);
    await prune(folder, { pattern: /\.tar$/, keep: path, olderThanMs: baseKeptMs });
    return path;
  });
}
