// A command that builds images of the catalog into the cache, side by side:
// `node sdk/debian/warm.ts webServer haproxy`. With no name it builds all of them. Refuses a
// name that is not in the catalog before it builds anything.
import { describeError } from "../errors.ts";
import { buildDebianImage } from "./build.ts";
import { type CatalogName, catalog } from "./catalog.ts";

const isName = (name: string): name is CatalogName => Object.hasOwn(catalog, name);

function say(name: string, elapsedMs: number, text: string): void {
  process.stdout.write(`${(elapsedMs / 1000).toFixed(1).padStart(6)} s  ${name}: ${text}\n`);
}

async function warm(name: CatalogName, signal: AbortSignal): Promise<void> {
  const started = Date.now();
  let shownAt = 0;
  let shownPhase = "";
  const built = await buildDebianImage(catalog[name], {
    signal,
    onProgress: ({ phase, text, elapsedMs }) => {
      // A line a second is enough to see that it moves.
      if (phase === shownPhase && elapsedMs - shownAt < 1000) return;
      shownPhase = phase;
      shownAt = elapsedMs;
      say(name, elapsedMs, text);
    },
  });
  const count = Object.keys(built.packages).length;
  const how = built.cached ? "taken from the cache" : `built, ${count} packages`;
  say(name, Date.now() - started, `${how}, ${built.imageId}`);
}

async function main(args: readonly string[]): Promise<number> {
  const names = args.length > 0 ? [...new Set(args)] : Object.keys(catalog);
  const known = names.filter(isName);
  if (known.length < names.length) {
    const unknown = names.filter((name) => !isName(name)).join(", ");
    process.stderr.write(
      `no such image: ${unknown}; there are ${Object.keys(catalog).join(", ")}\n`,
    );
    return 2;
  }
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
  const results = await Promise.allSettled(known.map((name) => warm(name, stop.signal)));
  for (const [index, result] of results.entries()) {
    if (result.status === "rejected")
      process.stderr.write(`${known[index] ?? "?"}: ${describeError(result.reason)}\n`);
  }
  return results.some(({ status }) => status === "rejected") ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
