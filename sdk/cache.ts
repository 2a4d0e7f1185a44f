// Where Dockwright keeps what it can make again: built images, downloaded packages, engines. One
// folder for a user, shared by projects; deleting it costs time, never data. Refuses a relative
// path, since two commands run in two folders would then not share it.
// Follows the XDG base directory specification (XDG_CACHE_HOME).
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { ErrorCode, SdkError } from "./errors.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The cache folder: `$DOCKWRIGHT_CACHE`, else `$XDG_CACHE_HOME/dockwright`, else
 * `~/.cache/dockwright`. It is not made here.
 */
export function cacheDir(env: Environment = process.env): string {
  const own = env.DOCKWRIGHT_CACHE;
  if (own) {
    if (isAbsolute(own)) return own;
    throw new SdkError(ErrorCode.BadInput, `DOCKWRIGHT_CACHE is "${own}", a relative path`, {
      fix: "set DOCKWRIGHT_CACHE to an absolute path",
    });
  }
  // The specification says that a relative XDG_CACHE_HOME is to be ignored.
  const xdg = env.XDG_CACHE_HOME;
  if (xdg && isAbsolute(xdg)) return join(xdg, "dockwright");
  return join(env.HOME || homedir(), ".cache", "dockwright");
}
