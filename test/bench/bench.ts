// What a bench is, and what it is given. A bench cleans up behind itself, also when it fails.
import type { Figure } from "./figure.ts";

export interface BenchContext {
  /** A folder of its own, which is removed afterwards. */
  readonly directory: string;
  /** Begins the name of everything that the bench makes on a daemon. */
  readonly prefix: string;
  /** How often to measure. */
  readonly turns: number;
  /** Progress, for the person who waits. */
  readonly log: (line: string) => void;
  /** Ctrl-C: stop measuring, and clean up. */
  readonly signal: AbortSignal;
}

export interface Bench {
  /** What `npm run bench -- NAME` calls it. */
  readonly name: string;
  /** One sentence: what is measured, against what. */
  readonly says: string;
  readonly run: (context: BenchContext) => Promise<readonly Figure[]>;
}
