// How a provider tells programs why a resource failed: a debug line of the engine's event log, which
// no person sees, with the code of the error. Its words may change; its code does not.
import type { ErrorCode } from "./errors.ts";

const start = "dockwright failed with ";

/** The line for a code. */
export const failureLine = (code: ErrorCode): string => `${start}${code}`;

/** The code of a line, where it is one. */
export function failureCode(line: string): string | undefined {
  return line.startsWith(start) ? line.slice(start.length).trim() : undefined;
}
