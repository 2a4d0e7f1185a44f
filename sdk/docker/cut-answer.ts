// An answer whose connection broke after its head, told as the failure of its call. Node's own word for
// it is "aborted".
import { PassThrough, type Readable } from "node:stream";
import { ErrorCode, SdkError } from "../errors.ts";

export class CutAnswer extends SdkError {
  constructor(doing: string, where: string, cause: unknown) {
    super(
      ErrorCode.Unreachable,
      `cannot ${doing}: the connection to ${where} was cut in the middle of the answer`,
      { fix: "check that the daemon is still running, then try again", cause },
    );
  }
}

/** An answer that is not of the form it has to be; who reads it does not know of which call it is. */
export class OddAnswer extends SdkError {}

/** What broke the reading of an answer: an end that was asked for says so itself. */
export function cutBy(doing: string, where: string, cause: unknown): SdkError {
  if (!(cause instanceof SdkError)) return new CutAnswer(doing, where, cause);
  if (!(cause instanceof OddAnswer)) return cause;
  return new SdkError(cause.code, `cannot ${doing}: ${cause.message}`, { fix: cause.fix, cause });
}

/** The same bytes; its failure is that of the call. */
export function tellingCuts(body: Readable, doing: string, where: string): Readable {
  const told = new PassThrough();
  body.once("error", (cause) => told.destroy(cutBy(doing, where, cause)));
  told.once("close", () => body.destroy());
  return body.pipe(told);
}
