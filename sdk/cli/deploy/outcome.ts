// How a deploy ended: the words, and the exit codes that a script goes by. docs/deploys.md lists them.
import { type EngineEvents, nameOfUrn } from "../../engine/index.ts";
import { ErrorCode } from "../../errors.ts";

export type Outcome =
  | "unchanged"
  | "changed"
  | "previewed"
  | "failed"
  | "bad-input"
  | "gate-failed"
  | "policy-refused"
  | "locked"
  | "interrupted";

const exitCodes: { readonly [outcome in Outcome]: number } = {
  unchanged: 0,
  changed: 0,
  previewed: 0,
  failed: 1,
  "bad-input": 2,
  "gate-failed": 3,
  "policy-refused": 4,
  locked: 5,
  interrupted: 130,
};

/** What `--detailed-exitcode` gives where something changed, or would. */
const changedCode = 10;

/** CI takes any code but 0 for a failure, so what changed is told by one only on request. */
export function exitCodeOf(
  outcome: Outcome,
  { detailed, changes }: { readonly detailed: boolean; readonly changes: boolean },
): number {
  const code = exitCodes[outcome];
  return code === 0 && detailed && changes ? changedCode : code;
}

/** A resource that failed, and the engine's word for it. */
export interface Failure {
  readonly resource: string;
  readonly message: string;
}

/** The errors of a run, without those that only say that it failed. */
export function failuresOf({ diagnostics }: EngineEvents): readonly Failure[] {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const telling = errors.filter(({ message }) => !/^(update|preview) failed$/.test(message));
  return (telling.length > 0 ? telling : errors).map(({ urn, message }) => ({
    resource: urn === "" ? "the program" : nameOfUrn(urn),
    message,
  }));
}

/** The findings that refuse. */
export const refusalsOf = ({ policies }: EngineEvents) =>
  policies.filter(({ level }) => level === "mandatory");

/** The engine's own words for a stack that another has; it has no code for it. */
const lockedWords = /the stack is currently locked by|another update is currently in progress/i;

/** Why a run that did not succeed ended. */
export function whyFailed(events: EngineEvents, code: number, output: string): Outcome {
  if (refusalsOf(events).length > 0) return "policy-refused";
  if (events.failed.some((one) => one.code === ErrorCode.GateFailed)) return "gate-failed";
  const words = [output, ...events.diagnostics.map(({ message }) => message)].join("\n");
  if (lockedWords.test(words)) return "locked";
  return code >= 128 || events.failed.some((one) => one.code === ErrorCode.Cancelled)
    ? "interrupted"
    : "failed";
}
