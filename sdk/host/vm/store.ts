// Where virtual machines are kept: a folder each, which holds all that must outlive a run. Unlike
// the cache, deleting it loses data. Follows the XDG base directory specification (XDG_DATA_HOME).
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { ErrorCode, SdkError } from "../../errors.ts";
import { checkName, vmFiles } from "./command.ts";
import type { VmRecord } from "./types.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** `$DOCKWRIGHT_DATA`, else `$XDG_DATA_HOME/dockwright`, else `~/.local/share/dockwright`. */
export function dataDir(env: Environment = process.env): string {
  const own = env["DOCKWRIGHT_DATA"];
  if (own) {
    if (isAbsolute(own)) return own;
    throw new SdkError(ErrorCode.BadInput, `DOCKWRIGHT_DATA is "${own}", a relative path`, {
      fix: "set DOCKWRIGHT_DATA to an absolute path",
    });
  }
  const xdg = env["XDG_DATA_HOME"];
  if (xdg && isAbsolute(xdg)) return join(xdg, "dockwright");
  return join(env["HOME"] || homedir(), ".local/share/dockwright");
}

/** The folder of a machine. */
export function vmFolder(name: string): string {
  checkName(name);
  return join(dataDir(), "machines", name);
}

export async function readRecord(folder: string): Promise<VmRecord | undefined> {
  const text = await readFile(join(folder, vmFiles.record), "utf8").catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  });
  return text === undefined ? undefined : (JSON.parse(text) as VmRecord);
}

/** Replaces a file, so that a reader sees the old one or the new one, and nobody else any. */
export async function writePrivate(path: string, text: string): Promise<void> {
  await writeFile(`${path}.partial`, text, { mode: 0o600 });
  await rename(`${path}.partial`, path);
}

export async function writeRecord(folder: string, record: VmRecord): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writePrivate(join(folder, vmFiles.record), `${JSON.stringify(record, undefined, 1)}\n`);
}
