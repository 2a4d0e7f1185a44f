// The disk of a virtual machine, and the kernel beside it where it has one: made once under other
// names and moved into place, so that a disk that is there is whole. Raw and sparse, so that nothing
// but qcow2 images needs qemu-img, and growing it is a call. It never shrinks.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { mkdir, open, rename, rm, stat, truncate } from "node:fs/promises";
import { basename, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { promisify } from "node:util";
import { needProgram } from "../../debian/build.ts";
import { ErrorCode, SdkError } from "../../errors.ts";
import { vmFiles } from "./command.ts";
import { type DebianRoot, type RootOptions, takeDebianRoot } from "./debianroot.ts";
import { copySparse } from "./sparse.ts";
import type { VmImage, VmSpec } from "./types.ts";

const run = promisify(execFile);

async function firstBytes(path: string): Promise<string> {
  const file = await open(path, "r");
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(6), 0, 6, 0);
    return buffer.subarray(0, bytesRead).toString("latin1");
  } finally {
    await file.close();
  }
}

/** How files of gzip, bzip2, xz, zstd and zip begin. */
const compressed = ["\u001f\u008b", "BZh", "\u00fd7zXZ", "(\u00b5/\u00fd", "PK"];

/** Turns an image of either format into a raw disk. */
async function toRaw(image: string, disk: string, shown: string): Promise<void> {
  const start = await firstBytes(image);
  if (compressed.some((magic) => start.startsWith(magic))) {
    const fix = "unpack it, and give the image that is in it";
    throw new SdkError(ErrorCode.BadInput, `the image ${shown} is compressed`, { fix });
  }
  if (!start.startsWith("QFI\xfb")) return copySparse(image, disk);
  await needProgram("qemu-img");
  await run("qemu-img", ["convert", "-f", "qcow2", "-O", "raw", image, disk]);
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

async function download(image: VmImage, url: string, to: string, options: RootOptions) {
  options.progress(`fetching ${url}`);
  const cannot = (why: string, cause?: unknown) =>
    new SdkError(ErrorCode.Unreachable, `cannot fetch the image ${url}: ${why}`, { cause });
  const answer = await fetch(url, { signal: options.signal }).catch((error: unknown) => {
    throw cannot("it is out of reach", error);
  });
  if (!answer.ok || !answer.body) throw cannot(`the server answered ${answer.status}`);
  const body = Readable.fromWeb(answer.body as ReadableStream);
  await pipeline(body, createWriteStream(to), { signal: options.signal });
  if (image.sha256 === undefined) return;
  const found = await hashOf(to);
  if (found !== image.sha256.toLowerCase()) {
    const message = `the image ${url} has the SHA-256 ${found}, not ${image.sha256}`;
    throw new SdkError(ErrorCode.Refused, message, {
      fix: "check the URL, or the sum in `sha256`",
    });
  }
}

/** Fills a folder with the disk, and with what starts it. */
async function fill(image: VmImage, to: DebianRoot, options: RootOptions): Promise<void> {
  if (image.debian) await takeDebianRoot(image.debian, to, options);
  else if (image.path !== undefined) {
    if (!existsSync(image.path)) {
      throw new SdkError(ErrorCode.Missing, `there is no image at ${image.path}`);
    }
    await toRaw(image.path, to.disk, image.path);
  } else if (image.url !== undefined) {
    const fetched = `${to.disk}.fetched`;
    await download(image, image.url, fetched, options);
    await toRaw(fetched, to.disk, image.url);
    await rm(fetched);
  }
  if (image.kernel !== undefined) await copySparse(image.kernel, to.kernel);
  if (image.initrd !== undefined) await copySparse(image.initrd, to.initrd);
}

/** Makes the disk of a machine where there is none. */
export async function ensureDisk(
  folder: string,
  spec: VmSpec,
  options: RootOptions,
): Promise<void> {
  const { disk, kernel, initrd } = vmFiles;
  if (existsSync(join(folder, disk))) return;
  const work = join(folder, "making");
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { mode: 0o700 });
  const paths = {
    disk: join(work, disk),
    kernel: join(work, kernel),
    initrd: join(work, initrd),
  };
  await fill(spec.image, paths, options);
  await growDisk(work, spec);
  // A root that fills its disk is grown here: in the machine it would take longer.
  if (spec.image.debian) await run("resize2fs", [paths.disk]);
  // The disk comes last: where it is, all is.
  for (const path of [paths.initrd, paths.kernel, paths.disk]) {
    if (existsSync(path)) await rename(path, join(folder, basename(path)));
  }
  await rm(work, { recursive: true });
}

export async function diskSize(folder: string): Promise<number> {
  return (await stat(join(folder, vmFiles.disk))).size;
}

/** Whether the disk is smaller than it should be. Refuses one that would have to shrink. */
export async function mustGrow(folder: string, { diskBytes, name }: VmSpec): Promise<boolean> {
  const size = await diskSize(folder);
  if (size <= diskBytes) return size < diskBytes;
  const message = `the disk of the virtual machine "${name}" has ${size} bytes, more than the ${diskBytes} of diskBytes; a disk cannot shrink`;
  throw new SdkError(ErrorCode.BadInput, message, { fix: `write diskBytes: ${size} or more` });
}

/** Makes the disk as large as wanted; the machine must not run. Its system grows into it at boot. */
export async function growDisk(folder: string, spec: VmSpec): Promise<void> {
  if (await mustGrow(folder, spec)) await truncate(join(folder, vmFiles.disk), spec.diskBytes);
}
