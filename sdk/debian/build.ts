// Makes an image from Debian packages without any registry: a root by mmdebstrap, wrapped as an
// archive that `docker load` takes. The same package versions give the same bytes and the same
// image id, on any machine. Built images are kept by the content hash of their specification;
// two builders of one image are one build. Refuses a specification with failures, and a machine
// without mmdebstrap, before anything is made.
import { execFile } from "node:child_process";
import {
  chmod,
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheDir } from "../cache.ts";
import { ErrorCode, SdkError } from "../errors.ts";
import { machineAptConfig } from "./apt.ts";
import { retagArchive, type WrittenArchive, writeArchive } from "./archive.ts";
import { type BuildContext, buildEnv, ensureBase, ensureLists, prune } from "./bootstrap.ts";
import { differenceLayer, planLayer, wholeLayer } from "./layer.ts";
import { withLock } from "./lock.ts";
import { runMmdebstrap } from "./process.ts";
import { aptFollower, BuildPhase, type BuildProgress, type ProgressStep } from "./progress.ts";
import { imageArgs, imageTime, type RootFolders } from "./root.ts";
import { planSources, readMachineSources } from "./sources.ts";
import { checkDebianSpec, type DebianImageSpec, debianKey, defaultSuite } from "./spec.ts";
import { parseStatus, readPackageStatus } from "./status.ts";
import { indexTar, tarEnd, tarFileHeader, tarPadding } from "./tar.ts";

export interface DebianBuildOptions {
  /** Where built images and packages are kept. @defaultValue `cacheDir()` */
  readonly cacheDir?: string;
  /** The image's name in the archive. @defaultValue `dockwright-debian:KEY`, 12 digits of the key */
  readonly tag?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: BuildProgress) => void;
}

export interface DebianBuild {
  /** An archive for `docker load`. */
  readonly archivePath: string;
  readonly imageId: string;
  /** Version by package name, of everything in the image. */
  readonly packages: Readonly<Record<string, string>>;
  /** Whether the image was there already. */
  readonly cached: boolean;
}

interface BuildRecord extends WrittenArchive {
  readonly packages: Readonly<Record<string, string>>;
}

const run = promisify(execFile);

/** The name an image has when it is given none. */
export function debianTag(spec: DebianImageSpec): string {
  return `dockwright-debian:${debianKey(spec).slice(0, 12)}`;
}

function refuse(spec: DebianImageSpec): void {
  const failures = checkDebianSpec(spec);
  if (failures.length === 0) return;
  const list = failures.map(({ property, reason }) => `${property} ${reason}`).join("; ");
  throw new SdkError(ErrorCode.BadInput, list);
}

/** Refuses to go on without a program that a Debian package of the same name brings. */
export async function needProgram(name: string): Promise<void> {
  try {
    await run(name, ["--version"], { env: buildEnv(process.env) });
  } catch (cause) {
    const fix = `apt-get install ${name}`;
    throw new SdkError(ErrorCode.Missing, `the program ${name} is not there`, { fix, cause });
  }
}

async function machineArch(): Promise<string> {
  const { stdout } = await run("dpkg", ["--print-architecture"]);
  return stdout.trim();
}

/** Go's word for a processor that Debian calls otherwise. */
export function goArch(debian: string): string {
  const names: Readonly<Record<string, string>> = {
    armhf: "arm",
    armel: "arm",
    i386: "386",
    ppc64el: "ppc64le",
    mips64el: "mips64le",
  };
  return names[debian] ?? debian;
}

async function writeExtraFiles(spec: DebianImageSpec, path: string): Promise<void> {
  const files = Object.entries(spec.extraFiles ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const parts = files.flatMap(([name, file]) => {
    const content = Buffer.from(file.content);
    const mode = file.mode ?? 0o644;
    const header = { path: name.slice(1), sizeBytes: content.length, mode, mtime: imageTime };
    return [tarFileHeader(header), content, tarPadding(content.length)];
  });
  await writeFile(path, Buffer.concat([...parts, tarEnd()]));
}

/** Packages that a build without links brought out of its root, into the folder of all builds. */
async function keepDebs(folders: RootFolders): Promise<void> {
  const folder = join(folders.work, "debs");
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((file) => file.endsWith(".deb")))
    await link(join(folder, name), join(folders.debs, name)).catch(() => undefined);
}

async function installPackages(
  context: BuildContext,
  folders: RootFolders,
  baseTar: string,
): Promise<string> {
  const target = join(folders.work, "full.tar");
  const { spec, arch, signal } = context;
  await writeExtraFiles(spec, join(folders.work, "extra.tar"));
  const follow = aptFollower();
  await runMmdebstrap(imageArgs({ spec, folders, arch, target }, baseTar), {
    env: buildEnv(process.env, folders.open),
    cwd: folders.work,
    what: `install ${spec.packages.join(" ") || "files"}`,
    onLine: (line) => {
      const step = follow(line);
      if (step) context.tell(step);
      else if (line.startsWith("I: running special hook: tar-in") && line.includes("extra.tar"))
        context.tell({ phase: BuildPhase.Finishing, text: "adding files and settings" });
    },
    ...(signal ? { signal } : {}),
  });
  await keepDebs(folders);
  return target;
}

function labelsOf(
  spec: DebianImageSpec,
  packages: Readonly<Record<string, string>>,
): Record<string, string> {
  const asked = [...new Set(spec.packages)].map((name) => name.replace(/[:=].*$/, "")).sort();
  return {
    "dockwright.debian.suite": spec.suite ?? defaultSuite,
    "dockwright.debian.key": debianKey(spec),
    "dockwright.packages": asked.map((name) => `${name}=${packages[name] ?? "?"}`).join(" "),
    ...spec.labels,
  };
}

async function pack(
  context: BuildContext,
  tars: { readonly base: string; readonly full: string },
  archive: string,
): Promise<BuildRecord> {
  context.tell({ phase: BuildPhase.Packing, text: "writing the archive" });
  const { spec } = context;
  const base = await indexTar(tars.base);
  const full = await indexTar(tars.full);
  const packages = parseStatus(await readPackageStatus(tars.full, full));
  const last = base.at(-1);
  // The end blocks of the base archive are not entries; tar pads to 20 blocks, which is kept out.
  const baseBytes = (last ? last.offset + last.lengthBytes : 0) + tarEnd().length;
  const layers = [
    wholeLayer(tars.base, baseBytes),
    differenceLayer(tars.full, planLayer(base, full), imageTime),
  ];
  const written = await writeArchive(archive, layers, {
    about: {
      spec,
      architecture: goArch(context.arch),
      labels: labelsOf(spec, packages),
      mtime: imageTime,
    },
    tag: debianTag(spec),
  });
  return { ...written, packages };
}

/** Without root, the namespace's root is another user, who cannot enter a private cache. */
async function openFolder(work: string): Promise<string> {
  if (process.getuid?.() === 0) return work;
  const folder = await mkdtemp(join(tmpdir(), "dockwright-build-"));
  await chmod(folder, 0o733);
  return folder;
}

async function build(context: BuildContext, archive: string): Promise<BuildRecord> {
  const open = await openFolder(context.work);
  try {
    return await buildIn(context, archive, open);
  } finally {
    if (open !== context.work) await rm(open, { recursive: true, force: true });
  }
}

async function buildIn(context: BuildContext, archive: string, open: string): Promise<BuildRecord> {
  const isRoot = process.getuid?.() === 0;
  const debs = join(context.cache, "debs");
  await mkdir(debs, { recursive: true });
  await mkdir(join(context.work, "debs"));
  await writeFile(join(context.work, "build.sources"), context.sources);
  const mode = isRoot ? 0o600 : 0o644;
  await writeFile(join(open, "apt.conf"), context.fetch, { mode });
  const lists = await ensureLists(context);
  const folders = { work: context.work, open, lists: lists.folder, debs, link: isRoot };
  const base = await ensureBase(context, folders, lists.state);
  const full = await installPackages(context, folders, base);
  return pack(context, { base, full }, archive);
}

async function readRecord(path: string): Promise<BuildRecord | undefined> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as BuildRecord);
}

async function buildOnce(
  spec: DebianImageSpec,
  paths: { readonly cache: string; readonly archive: string; readonly record: string },
  options: { readonly signal: AbortSignal | undefined; readonly tell: BuildContext["tell"] },
): Promise<{ readonly record: BuildRecord; readonly cached: boolean }> {
  const known = await readRecord(paths.record);
  if (known) return { record: known, cached: true };
  await needProgram("mmdebstrap");
  const [arch, fetch, machine] = await Promise.all([
    spec.arch ?? machineArch(),
    machineAptConfig(),
    readMachineSources(),
  ]);
  await mkdir(join(paths.cache, "work"), { recursive: true });
  // What a killed build left; no build takes that long.
  await prune(join(paths.cache, "work"), { pattern: /^build-/, olderThanMs: 6 * 3_600_000 });
  const work = await mkdtemp(join(paths.cache, "work", "build-"));
  try {
    const sources = planSources(spec, machine);
    const context = { spec, arch, cache: paths.cache, work, sources, fetch, ...options };
    const record = await build(context, paths.archive);
    // The record comes last: an archive without one is not taken as built.
    await writeFile(`${paths.record}.${process.pid}.partial`, JSON.stringify(record));
    await rename(`${paths.record}.${process.pid}.partial`, paths.record);
    return { record, cached: false };
  } finally {
    await rm(work, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** Builds an image, or finds it built. */
export async function buildDebianImage(
  spec: DebianImageSpec,
  options: DebianBuildOptions = {},
): Promise<DebianBuild> {
  refuse(spec);
  const cache = join(options.cacheDir ?? cacheDir(), "debian");
  const key = debianKey(spec);
  const archive = join(cache, `${key}.tar`);
  const started = Date.now();
  const tell = (step: ProgressStep): void =>
    options.onProgress?.({ ...step, elapsedMs: Date.now() - started });
  const context = { signal: options.signal, tell };
  const paths = { cache, archive, record: join(cache, `${key}.json`) };
  const onWait = (): void =>
    tell({ phase: BuildPhase.Waiting, text: "waiting: another build makes this image" });
  const lock = { signal: options.signal, onWait };
  return withLock(join(cache, `${key}.lock`), lock, async () => {
    const { record, cached } = await buildOnce(spec, paths, context);
    const { imageId, packages } = record;
    const tag = options.tag ?? debianTag(spec);
    if (tag === debianTag(spec)) return { archivePath: archive, imageId, packages, cached };
    const safe = tag.replace(/[^A-Za-z0-9._-]/g, "_");
    const archivePath = join(cache, `${key}-${safe}.tar`);
    await retagArchive(archive, archivePath, { written: record, tag });
    return { archivePath, imageId, packages, cached };
  });
}
