// Files of a machine by its shell alone: what a machine can do that has no file protocol of its own.
// Bytes travel as base64 or through standard input, so that they arrive as they are.

import { ErrorCode, SdkError } from "../errors.ts";
import type { FileAttributes, Machine } from "./machine.ts";

const timeoutMs = 120_000;
/** What the script says where there is no file. */
const absent = 44;

const readScript = `[ -e "$1" ] || [ -L "$1" ] || exit ${absent}
base64 <"$1"
`;

/** The new file lies beside the old one, and takes its place by one rename. */
const writeScript = `set -eu
umask 077
if [ -d "$1" ] && [ ! -L "$1" ]; then echo "$1 is a folder" >&2; exit 1; fi
folder=$(dirname -- "$1")
temporary=
trap 'rm -f -- "$temporary"' EXIT
trap 'exit 143' TERM
temporary=$(trap '' TERM; mktemp "$folder/.dockwright.XXXXXX")
cat >"$temporary"
chown -- "$3:$4" "$temporary"
chmod -- "$2" "$temporary"
sync "$temporary" 2>/dev/null || sync
mv -fT -- "$temporary" "$1"
trap - EXIT
`;

function failed(label: string, doing: string, stderr: string): SdkError {
  const words = stderr.trim().split("\n").at(-1) ?? "";
  return new SdkError(ErrorCode.CommandFailed, `cannot ${doing} on ${label}: ${words}`);
}

/** Bytes of a file; undefined where there is none. */
export async function readFileBy(
  run: Machine["run"],
  label: string,
  path: string,
): Promise<Uint8Array | undefined> {
  const { code, stdout, stderr } = await run(readScript, { args: [path], timeoutMs });
  if (code === absent) return undefined;
  if (code !== 0) throw failed(label, `read ${path}`, stderr);
  return Buffer.from(stdout, "base64");
}

/** Replaces a file atomically. */
export async function writeFileBy(
  run: Machine["run"],
  label: string,
  path: string,
  content: string | Uint8Array,
  attributes: FileAttributes,
): Promise<void> {
  const { mode, owner = "root", group = "root" } = attributes;
  const { code, stderr } = await run(writeScript, {
    args: [path, mode.toString(8), owner, group],
    input: content,
    timeoutMs,
  });
  if (code !== 0) throw failed(label, `write ${path}`, stderr);
}
