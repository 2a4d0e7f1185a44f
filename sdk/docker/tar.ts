// tar-stream, loaded when the first tar is read or written. It is a CommonJS module: in a bundle of parts
// such a module has its members under `default` alone.
import type { extract, pack } from "tar-stream";

export async function tarStream(): Promise<{
  readonly extract: typeof extract;
  readonly pack: typeof pack;
}> {
  return (await import("tar-stream")).default;
}
