// Lengths of time as Docker reads them ("1m30s", "250ms"). Refuses negative ones: no option of
// Docker's takes any. Specification: Go's time.ParseDuration.
import { ErrorCode, SdkError } from "../errors.ts";

const unitMs: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};
const part = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/gy;

function refuse(text: string): SdkError {
  return new SdkError(
    ErrorCode.BadInput,
    `the duration ${JSON.stringify(text)} is not a row of numbers with the units h, m, s, ms, us, ns`,
    { fix: 'write it like "1m30s" or "250ms"' },
  );
}

/** The milliseconds that a duration means, to the nanosecond. */
export function parseDurationMs(text: string): number {
  const unsigned = text.replace(/^\+/, "");
  if (unsigned === "0") return 0;
  let sumMs = 0;
  let end = 0;
  part.lastIndex = 0;
  for (let match = part.exec(unsigned); match; match = part.exec(unsigned)) {
    sumMs += Number(match[1]) * (unitMs[match[2] ?? ""] ?? Number.NaN);
    end = part.lastIndex;
  }
  if (end === 0 || end !== unsigned.length || !Number.isSafeInteger(Math.ceil(sumMs))) {
    throw refuse(text);
  }
  return Math.round(sumMs * 1e6) / 1e6;
}

/** Whole nanoseconds, as health checks have them on the wire. */
export function nanosecondsOf(durationMs: number): number {
  return Math.round(durationMs * 1e6);
}

/** Milliseconds in Docker's words: 90000 is "1m30s". */
export function formatDuration(durationMs: number): string {
  if (durationMs === 0) return "0s";
  const words: string[] = [];
  let rest = durationMs;
  for (const unit of ["h", "m", "s", "ms"] as const) {
    const size = unitMs[unit] ?? 1;
    const count = unit === "ms" ? Math.round(rest * 1e6) / 1e6 : Math.floor(rest / size);
    if (count > 0) words.push(`${count}${unit}`);
    rest -= Math.floor(rest / size) * size;
  }
  return words.join("");
}
