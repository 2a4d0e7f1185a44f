// The progress streams of pull, push, load and classic builds: JSON messages, the last of which may
// be an error although the HTTP status was 200. Specification: docker/docker, pkg/jsonmessage.
import { ErrorCode, SdkError } from "../errors.ts";
import { DockerApiError } from "./api-error.ts";
import type { ImageProgress } from "./types.ts";

export interface ProgressMessage {
  readonly id?: string;
  readonly status?: string;
  readonly stream?: string;
  readonly progressDetail?: { readonly current?: number; readonly total?: number };
  readonly error?: string;
  readonly errorDetail?: { readonly code?: number; readonly message?: string };
  readonly aux?: unknown;
}

/** The daemon's words when the message is an error. */
export function progressError(
  message: ProgressMessage,
): { readonly message: string; readonly status: number } | undefined {
  const text = message.errorDetail?.message ?? message.error;
  if (text === undefined) return undefined;
  return { message: text.trim(), status: message.errorDetail?.code || 500 };
}

/** The message as one line for a person, or undefined where it has none. */
export function progressOf(message: ProgressMessage): ImageProgress | undefined {
  const text = (message.status ?? message.stream ?? "").trim();
  if (text === "") return undefined;
  const { current, total } = message.progressDetail ?? {};
  return {
    ...(message.id === undefined ? {} : { id: message.id }),
    text,
    ...(current === undefined ? {} : { currentBytes: current }),
    ...(total === undefined ? {} : { totalBytes: total }),
  };
}

/** What a stream that broke in the middle has to say: Node's own word for it is "aborted". */
export function brokenStream(
  { doing, where }: { readonly doing: string; readonly where: string },
  cause: unknown,
): Error {
  if (cause instanceof SdkError && cause.message.startsWith("cannot ")) return cause;
  const why =
    cause instanceof SdkError
      ? cause.message
      : "the connection was cut in the middle of the answer";
  return new SdkError(ErrorCode.Unreachable, `cannot ${doing} on ${where}: ${why}`, {
    fix: "check that the daemon is still running, then try again",
    cause,
  });
}

/** Reads a progress stream to its end, passing on each step; throws the error it may end in. */
export async function followProgress(
  messages: AsyncIterable<ProgressMessage>,
  what: { readonly doing: string; readonly where: string },
  onMessage: (message: ProgressMessage) => void,
): Promise<void> {
  let failure: { readonly message: string; readonly status: number } | undefined;
  try {
    for await (const message of messages) {
      failure = progressError(message) ?? failure;
      onMessage(message);
    }
  } catch (error) {
    throw brokenStream(what, error);
  }
  if (failure) {
    throw new DockerApiError(
      `cannot ${what.doing} on ${what.where}: ${failure.message}`,
      failure.status,
    );
  }
}
