// Python packages for tests that hold what is rendered against others' own rules. They are installed
// once, into the cache, and touch nothing of the machine's.

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheDir } from "../../sdk/cache.ts";

const run = promisify(execFile);

export interface Python {
  /** Runs a script with a value as JSON on its standard input; what it prints is JSON. */
  ask(script: string, input: unknown): Promise<unknown>;
}

/**
 * A Python with these packages, as `NAME==VERSION`; or why there is none. `asWheels` leaves them as
 * they came, for those that are data alone: the files lie in the folder of PYTHONPATH.
 */
export async function pythonWith(
  packages: readonly string[],
  { asWheels = false }: { readonly asWheels?: boolean } = {},
): Promise<Python | string> {
  const verb = asWheels ? ["download", "--no-deps", "-d"] : ["install", "--target"];
  const words = [...packages, ...(asWheels ? ["as wheels"] : [])];
  const key = createHash("sha256").update(words.join(" ")).digest("hex").slice(0, 12);
  const folder = join(cacheDir(), "python", key);
  if (!existsSync(folder)) {
    const half = `${folder}-${process.pid}`;
    await mkdir(half, { recursive: true });
    const args = ["-m", "pip", "-q", ...verb, half, ...packages];
    try {
      await run("python3", args, { timeout: 300_000 });
      // Another test may have been quicker.
      await rename(half, folder).catch(() => rm(half, { recursive: true, force: true }));
    } catch (error) {
      await rm(half, { recursive: true, force: true });
      const text = error instanceof Error ? error.message : String(error);
      return `needs python3 with pip, and PyPI: ${text.split("\n")[0] ?? ""}`;
    }
  }
  const env = { ...process.env, PYTHONPATH: folder, PYTHONDONTWRITEBYTECODE: "1" };
  return {
    async ask(script, input) {
      const started = run("python3", ["-c", script], {
        env,
        timeout: 120_000,
        maxBuffer: 64 << 20,
      });
      started.child.stdin?.end(JSON.stringify(input));
      return JSON.parse((await started).stdout) as unknown;
    },
  };
}
