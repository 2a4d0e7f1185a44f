// Verbs that speak SSH and Docker's API. Their libraries are no dependencies of the package, so they are
// bundled with all they stand on, a file a bundle (build.mjs); no other verb has them.
import type { Live } from "./live/options.ts";

export interface AuditOptions {
  readonly json?: boolean;
  /** The lowest level that makes the exit code 2. */
  readonly failOn?: string;
  /** A file of options of rules, as for `--policy-pack-config`. */
  readonly config?: string;
  readonly socket?: string;
}

interface Bundles {
  readonly audit: { audit(host: string, options: AuditOptions): Promise<number> };
  readonly live: Live;
}

const sources = { audit: "./audit.ts", live: "./live/index.ts" } as const;

/** Loads one: the bundle in the package, its source in a clone. */
export async function loadBundle<Name extends keyof Bundles>(name: Name): Promise<Bundles[Name]> {
  const inClone = import.meta.url.endsWith(".ts");
  const file = inClone ? sources[name] : `../../${name}/${name}.mjs`;
  return (await import(new URL(file, import.meta.url).href)) as Bundles[Name];
}
