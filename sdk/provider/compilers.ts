// V8's compilers for code that runs often. launcher.sh starts the plugin without them: most runs are
// over in seconds, and what the compilers make, and the pages of their own code, is a tenth of the
// process. Work that goes on gets them back.
import { setFlagsFromString } from "node:v8";

/** What the launcher takes away, as V8 calls it (`node --v8-options`). */
const flags = ["--opt", "--sparkplug"] as const;

/** Gives the process its compilers back after so many milliseconds. It is not kept alive for that. */
export function giveCompilersAfter(ms: number): void {
  const give = () => {
    for (const flag of flags) setFlagsFromString(flag);
  };
  setTimeout(give, ms).unref();
}
