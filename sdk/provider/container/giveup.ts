// What becomes of a container that did not get ready: it is taken away, unless it ran before, and the
// error tells why, and its last words.

import { ErrorCode, SdkError } from "../../errors.ts";
import type { Context } from "../resource.ts";
import { removeSecrets } from "./secrets.ts";

/** How many of its last log lines a container that failed its gate is given in the error. */
const logLines = 20;

const fates = {
  removed: "it was removed; what ran before it is untouched",
  left: "it ran before this update and was left as it is",
} as const;

export async function lastLines({ docker }: Pick<Context, "docker">, id: string): Promise<string> {
  const log = await docker.containers
    .logs(id, { tail: logLines }, { timeoutMs: 5000 })
    .catch(() => "");
  return log.trim() === "" ? "it wrote no log" : `its last log lines:\n${log.trimEnd()}`;
}

/** The error of a container that did not get ready: why, what became of it, and its last words. */
function gateError(
  context: Context,
  name: string,
  cause: unknown,
  log: string,
  fate: string,
): SdkError {
  const fix = cause instanceof SdkError && cause.fix ? { fix: cause.fix } : {};
  if (context.signal.aborted) {
    const words = `the container "${name}" was stopped on request before it was ready; ${fate}`;
    return new SdkError(ErrorCode.Cancelled, words, { cause, ...fix });
  }
  const reason = cause instanceof Error ? cause.message : String(cause);
  const words = `the container "${name}" did not get ready: ${reason}\n${fate}; ${log}`;
  return new SdkError(ErrorCode.GateFailed, words, { cause, ...fix });
}

async function takeAway(context: Context, id: string): Promise<void> {
  const found = await context.docker.containers.inspect(id);
  if (found) await removeSecrets(context, found);
  await context.docker.containers.remove(id, { force: true, volumes: true });
}

/** Takes a container that did not get ready away, unless it ran before; gives the error to throw. */
export async function giveUp(
  context: Context,
  name: string,
  id: string,
  cause: unknown,
  ranBefore: boolean,
): Promise<SdkError> {
  // Its log first. Nothing here goes by the signal of the call: it must happen after a cancel too.
  const log = await lastLines(context, id);
  if (ranBefore) return gateError(context, name, cause, log, fates.left);
  const why = await takeAway(context, id).then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  const fate = why === undefined ? fates.removed : `it could not be removed: ${why}`;
  return gateError(context, name, cause, log, fate);
}
