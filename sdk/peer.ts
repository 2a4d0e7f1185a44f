// Optional peers: the SDKs of clouds, which only those install who use them. A leaf is loaded when the
// entry that needs it is; where it is not installed, one sentence says what to do.

import { createRequire } from "node:module";
import { ErrorCode, SdkError } from "./errors.ts";

const load = createRequire(import.meta.url);

/** Loads `leaf` of the package `peer`, which the entry point `entry` of Dockwright needs. */
export function loadPeer<T>(peer: string, leaf: string, entry: string, from = load): T {
  try {
    return from(`${peer}/${leaf}`) as T;
  } catch (cause) {
    const { code, message } = cause as { readonly code?: string; readonly message?: string };
    // What the peer itself does not find is another matter.
    if (code !== "MODULE_NOT_FOUND" || message?.includes(`'${peer}/`) !== true) throw cause;
    throw new SdkError(ErrorCode.Missing, `${entry} needs ${peer}, which is not installed`, {
      fix: `npm install ${peer}`,
      cause,
    });
  }
}
