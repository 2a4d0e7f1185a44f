// The plugin's process, started by launcher.sh. It is made lean before what the plugin is made of comes,
// and after those modules of Node's own that take longest: see lean.ts.
import { beLeanFor } from "./lean.ts";

/** For so many milliseconds: most processes are over by then. */
const leanMs = 5_000;

async function main(): Promise<void> {
  // The launcher's, for this process alone.
  for (const name of ["MALLOC_ARENA_MAX", "MALLOC_TRIM_THRESHOLD_"]) delete process.env[name];
  await Promise.all([import("node:http2"), import("node:https"), import("node:zlib")]);
  beLeanFor(leanMs);
  const { run } = await import("./process.ts");
  await run(process.argv.slice(2));
}

void main();
