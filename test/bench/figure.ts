// What a bench comes to: one figure, measured against a floor in the same run. A turn measures both,
// one right after the other, so that what else the machine does falls on both; which goes first
// changes from turn to turn. The minima are the figure: work of others only ever adds time. The
// medians are printed beside them: far apart, they say that the machine was busy.
import { loadavg } from "node:os";

/** One turn: what was measured, and what it cannot be better than. */
export interface Turn {
  readonly value: number;
  readonly floor: number;
}

/** What a figure should hold, in words and as a test. */
export interface Goal {
  readonly text: string;
  readonly holds: (figure: Turn) => boolean;
}

export interface Figure {
  readonly name: string;
  /** The smallest of all turns, or their median: see {@link FigureSpec.by}. */
  readonly value: number;
  readonly unit: string;
  /** Of all turns, as the value is. */
  readonly floor: number;
  readonly ratio: number;
  readonly goal: string;
  readonly holds: boolean;
  readonly min: Turn;
  readonly median: Turn;
  readonly turns: number;
  /** Processes that wanted a core, on average over the last minute: the bench's own are among them. */
  readonly load: number;
}

/** At most `limit` above the floor. */
export const atMostMore = (limit: number, unit: string): Goal => ({
  text: `at most ${limit} ${unit} more than the floor`,
  holds: ({ value, floor }) => value - floor <= limit,
});

/** At most `limit` times the floor. */
export const atMostTimes = (limit: number): Goal => ({
  text: `at most ${limit} times the floor`,
  holds: ({ value, floor }) => value <= limit * floor,
});

/** At least so much. */
export const atLeast = (limit: number, unit: string): Goal => ({
  text: `at least ${limit} ${unit}`,
  holds: ({ value }) => value >= limit,
});

const round = (value: number): number => Math.round(value * 1000) / 1000;

/** The middle one, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? Number.NaN) + upper) / 2 : upper;
}

function eachOf(turns: readonly Turn[], pick: (values: readonly number[]) => number): Turn {
  return {
    value: round(pick(turns.map(({ value }) => value))),
    floor: round(pick(turns.map(({ floor }) => floor))),
  };
}

export interface FigureSpec {
  readonly name: string;
  readonly unit: string;
  readonly goal: Goal;
  /**
   * What is the figure, of all turns. The median where a turn's value is itself a difference of two runs:
   * the least of those is the one with the most bad luck in what was taken off.
   * @defaultValue the minimum
   */
  readonly by?: "min" | "median";
}

export function figureOf(
  { name, unit, goal, by = "min" }: FigureSpec,
  turns: readonly Turn[],
): Figure {
  const min = eachOf(turns, (values) => Math.min(...values));
  const middle = eachOf(turns, median);
  const figure = by === "min" ? min : middle;
  return {
    name,
    value: figure.value,
    unit,
    floor: figure.floor,
    ratio: round(figure.value / figure.floor),
    goal: goal.text,
    holds: goal.holds(figure),
    min,
    median: middle,
    turns: turns.length,
    load: round(loadavg()[0] ?? 0),
  };
}

/** The two things that a turn measures; each gives its figure. */
export interface Measured {
  readonly value: () => Promise<number>;
  readonly floor: () => Promise<number>;
}

export interface TurnsOptions {
  readonly turns: number;
  /** Gets a line for each turn. */
  readonly log: (line: string) => void;
}

/** Measures in turns, after one that does not count: it fills caches. */
export async function takeTurns(
  { value, floor }: Measured,
  { turns, log }: TurnsOptions,
): Promise<readonly Turn[]> {
  const taken: Turn[] = [];
  for (let at = 0; at <= turns; at++) {
    const first = at % 2 === 0 ? await value() : await floor();
    const second = at % 2 === 0 ? await floor() : await value();
    const turn = at % 2 === 0 ? { value: first, floor: second } : { value: second, floor: first };
    const words = `${turn.value.toFixed(3)} against ${turn.floor.toFixed(3)}`;
    log(at === 0 ? `warm-up: ${words}` : `turn ${at} of ${turns}: ${words}`);
    if (at > 0) taken.push(turn);
  }
  return taken;
}
