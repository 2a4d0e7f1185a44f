// The raw side of containers-100, a process of its own: a client that has just started, as a plugin has.
// Told in JSON what to do; says the seconds that it took, its own start left out.
import { type Model, RawDaemon } from "./raw.ts";

export type RawPhase = "create" | "look" | "destroy";

export interface RawWork {
  readonly phase: RawPhase;
  readonly names: readonly string[];
  /** How many at a time. */
  readonly atOnce: number;
  /** What is created. */
  readonly model: Model;
}

/** Does it to each, as many at once as the engine does. */
async function each<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  const left = [...items];
  const worker = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

export async function workRaw({ phase, names, atOnce, model }: RawWork): Promise<number> {
  const daemon = new RawDaemon();
  const works: Record<RawPhase, (name: string) => Promise<unknown>> = {
    create: (name) => daemon.run(name, model),
    // Who keeps no state looks at each to know that there is nothing to do.
    look: (name) => daemon.modelOf(name),
    destroy: (name) => daemon.end(name),
  };
  const started = performance.now();
  await each(names, atOnce, works[phase]);
  const seconds = (performance.now() - started) / 1000;
  daemon.close();
  return seconds;
}

if (import.meta.main) {
  const work = JSON.parse(process.argv[2] ?? "") as RawWork;
  process.stdout.write(`${await workRaw(work)}\n`);
}
