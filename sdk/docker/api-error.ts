// Errors of the Docker client: what the daemon answered. Callers test on `status` and `code`; the words
// are for people. Why a daemon could not be reached: unreachable.ts.
import { ErrorCode, SdkError } from "../errors.ts";
import { describeEndpoint } from "./endpoint.ts";
import type { DockerEndpoint } from "./types.ts";

/** The kernel's words for a full disk, or quota; the daemon has no status for it. */
const noSpace = /no space left on device|disk quota exceeded/i;

/** What to do about it, on the daemon's host. */
export const noSpaceFix =
  "make room on the disk of that daemon, where `docker info` says its Docker Root Dir is: `docker system df` tells what takes it, `docker image prune` and `docker builder prune --all` take away images without a name and build cache; then try again";

/** The daemon answered with an error of its own. */
export class DockerApiError extends SdkError {
  /** HTTP status; 500 where a progress stream ended in an error without a status. */
  readonly status: number;

  constructor(message: string, status: number, options: { readonly fix?: string } = {}) {
    if (noSpace.test(message)) super(ErrorCode.NoSpace, message, { fix: noSpaceFix, ...options });
    else super(ErrorCode.Refused, message, options);
    this.status = status;
  }
}

/** The daemon's own words out of an error body, which is JSON unless something is in between. */
export function daemonMessage(body: string, status: number): string {
  try {
    const parsed: unknown = JSON.parse(body);
    if (parsed && typeof parsed === "object" && "message" in parsed) {
      const { message } = parsed;
      if (typeof message === "string" && message.trim()) return message.trim();
    }
  } catch {
    // Not JSON: a proxy, or a daemon of another kind; its text is better than nothing.
  }
  const text = body.trim().slice(0, 500);
  return text || `HTTP status ${status} without a message`;
}

export function apiError(
  doing: string,
  endpoint: DockerEndpoint,
  answer: { readonly status: number; readonly body: string },
): DockerApiError {
  const message = daemonMessage(answer.body, answer.status);
  return new DockerApiError(
    `cannot ${doing} on ${describeEndpoint(endpoint)}: ${message}`,
    answer.status,
  );
}
