// What a build is doing, from what mmdebstrap and apt say. Pure: lines in, progress out. Counts come
// from apt's status lines, which are made for programs (apt's README.progress-reporting).

/** What a build is doing now. */
export const BuildPhase = {
  /** Another builder makes the same thing. */
  Waiting: "waiting",
  /** Fetching the package lists. */
  Lists: "lists",
  /** Making the root that images share. */
  Base: "base",
  /** Fetching packages. */
  Retrieving: "retrieving",
  Extracting: "extracting",
  Configuring: "configuring",
  /** Files, setup commands, cleaning. */
  Finishing: "finishing",
  /** Writing the archive. */
  Packing: "packing",
} as const;
export type BuildPhase = (typeof BuildPhase)[keyof typeof BuildPhase];

export interface BuildProgress {
  readonly phase: BuildPhase;
  /** How many are done, and of how many, where that can be told. */
  readonly done?: number;
  readonly total?: number;
  /** The words for a person, such as `configuring 12 of 80: php8.2-cli`. */
  readonly text: string;
  /** Milliseconds since the build began. */
  readonly elapsedMs: number;
}

/** A step of progress before it is stamped with its time. */
export type ProgressStep = Omit<BuildProgress, "elapsedMs">;

/** Follows the lines of one run of apt; gives a step when there is something new to say. */
export function aptFollower(): (line: string) => ProgressStep | undefined {
  let total: number | undefined;
  let retrieved = 0;
  const extracted = new Set<string>();
  const configured = new Set<string>();

  const counted = (phase: BuildPhase, set: Set<string>, name: string): ProgressStep | undefined => {
    if (set.has(name)) return undefined;
    set.add(name);
    const of = total === undefined ? "" : ` of ${total}`;
    return { phase, done: set.size, total, text: `${phase} ${set.size}${of}: ${name}` };
  };

  return (line) => {
    const planned = /^(?:(\d+) upgraded, )?(\d+) newly installed/.exec(line);
    if (planned) total = Number(planned[1] ?? 0) + Number(planned[2]);
    const fetched = /^dlstatus:(\d+):[\d.]+:.*file (\d+) of (\d+)/.exec(line);
    if (fetched) {
      const [done, count] = [Number(fetched[2]), Number(fetched[3])];
      if (done === retrieved) return undefined;
      retrieved = done;
      const text = `retrieving ${done} of ${count}`;
      return { phase: BuildPhase.Retrieving, done, total: count, text };
    }
    const [, name, what] = /^pmstatus:([^:]+)(?::[^:]+)?:[\d.]+:(\w+)/.exec(line) ?? [];
    if (name === undefined) return undefined;
    if (what === "Unpacking") return counted(BuildPhase.Extracting, extracted, name);
    if (what === "Configuring") return counted(BuildPhase.Configuring, configured, name);
    return undefined;
  };
}

/** What mmdebstrap's own messages mean while it makes the shared root. */
export function baseStep(line: string): ProgressStep | undefined {
  const [, what] =
    /^I: (downloading packages|extracting archives|installing essential|creating tarball)/.exec(
      line,
    ) ?? [];
  return what === undefined ? undefined : { phase: BuildPhase.Base, text: `shared root: ${what}` };
}
