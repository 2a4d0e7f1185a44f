// The one error class. A code to test on, words for the person, a fix to act on, a cause to dig into.

/** What went wrong, as a word a program can test on. */
export const ErrorCode = {
  /** A program, daemon or tool that is needed is not there. */
  Missing: "MISSING",
  /** The Docker daemon, or another peer, could not be reached. */
  Unreachable: "UNREACHABLE",
  /** The peer answered with an error of its own. */
  Refused: "REFUSED",
  /** The peer has no room left on a disk. */
  NoSpace: "NO_SPACE",
  /** An object of that name exists and was not made by this resource. */
  Foreign: "FOREIGN",
  /** Another has taken the place of the one that was asked. */
  Moved: "MOVED",
  /** A gate (health, HTTP, TCP, running) was not passed. */
  GateFailed: "GATE_FAILED",
  /** A bounded wait ended. */
  Timeout: "TIMEOUT",
  /** The user, or the engine, asked to stop. */
  Cancelled: "CANCELLED",
  /** An argument cannot be used. */
  BadInput: "BAD_INPUT",
  /** A command ended with an exit code other than 0. */
  CommandFailed: "COMMAND_FAILED",
} as const;
export type ErrorCode = (typeof ErrorCode)[keyof typeof ErrorCode];

export interface SdkErrorOptions {
  /** The one sentence that says what to do, in the imperative. */
  readonly fix?: string;
  readonly cause?: unknown;
}

/**
 * An error that a person can act on. The message says what failed in the user's terms, in lower
 * case and with no final stop; {@link SdkError.fix} says what to do about it.
 */
export class SdkError extends Error {
  override readonly name = "SdkError";
  readonly code: ErrorCode;
  readonly fix: string | undefined;

  constructor(code: ErrorCode, message: string, options: SdkErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.fix = options.fix;
  }
}

/** The words of an error for a person: message, then the fix on a line of its own. */
export function describeError(error: unknown): string {
  if (error instanceof SdkError && error.fix) return `${error.message}\nfix: ${error.fix}`;
  return error instanceof Error ? error.message : String(error);
}
