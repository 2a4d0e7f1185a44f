// Where a secret could come up in plain: in the arguments of any process of the machine, those of a
// lab's hosts and of containers among them, and in the files of a project and its state.
import { readdir, readFile } from "node:fs/promises";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const read = (file: string) => readFile(file, "utf8").catch(() => "");

/** What processes were called with, as often as it was looked at. */
export class ArgumentLists {
  readonly #seen = new Set<string>();

  /** Looks once. */
  async look(): Promise<void> {
    for (const id of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
      this.#seen.add(await read(`/proc/${id}/cmdline`));
    }
  }

  /** Looks again and again while something goes on. */
  async during<T>(work: Promise<T>, everyMs = 100): Promise<T> {
    const ended = work.then(
      () => true,
      () => true,
    );
    do await this.look();
    while (!(await Promise.race([ended, sleep(everyMs, false)])));
    return await work;
  }

  /** All that was seen, to be searched. */
  text(): string {
    return [...this.#seen].join("\n").replaceAll("\0", " ");
  }
}

/** The files below a folder, but for installed packages. */
export async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const nested = entries.map((entry) => {
    const place = path.join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === "node_modules" ? [] : filesIn(place);
    return entry.isFile() ? [place] : [];
  });
  return (await Promise.all(nested)).flat();
}
