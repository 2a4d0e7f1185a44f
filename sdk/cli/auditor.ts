// Where `dockwright audit` is: what it stands on is bundled with it (build.mjs), and no other verb has it.

export interface AuditOptions {
  readonly json?: boolean;
  /** The lowest level that makes the exit code 2. */
  readonly failOn?: string;
  /** A file of options of rules, as for `--policy-pack-config`. */
  readonly config?: string;
  readonly socket?: string;
}

interface Auditor {
  readonly audit: (host: string, options: AuditOptions) => Promise<number>;
}

/** Loads it: the bundle in the package, its source in a clone. */
export async function loadAuditor(): Promise<Auditor> {
  const file = import.meta.url.endsWith(".ts") ? "./audit.ts" : "../../audit/audit.mjs";
  return (await import(new URL(file, import.meta.url).href)) as Auditor;
}
