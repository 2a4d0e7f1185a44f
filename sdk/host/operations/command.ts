// A script that is run once: for its inputs and triggers, whatever happens to the connection. Guards
// (`creates`, `unless`, `onlyIf`) say on the host whether it is needed at all. Its environment may be
// secret: it reaches the host through standard input and is removed when the script has ended.

import { createHash } from "node:crypto";
import { ErrorCode, SdkError } from "../../errors.ts";
import { ask, tailOf } from "../script.ts";
import { forgetJob, runJob } from "./job.ts";
import type { Work } from "./operation.ts";

export interface CommandSpec {
  readonly script: string;
  /** A path that is there once the command has done its work. */
  readonly creates?: string;
  /** A script that ends with 0 once the work is done. */
  readonly unless?: string;
  /** A script that must end with 0 for the command to be run. */
  readonly onlyIf?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Values that make it run again when they change. */
  readonly triggers?: readonly string[];
  readonly timeoutMs: number;
}

export interface CommandResult {
  /** Why it was not run, if it was not; empty when it was. */
  readonly skipped: string;
  readonly stdout: string;
}

export type Guard = "needed" | "creates" | "unless" | "onlyIf";

/** Guards come through standard input, a line each as base64; an empty line where there is none. */
const guardScript = `read -r creates || :
read -r unless || :
read -r only || :
guard() { printf '%s' "$1" | base64 -d | /bin/sh -s >/dev/null 2>&1; }
if [ -n "$creates" ] && [ -e "$(printf '%s' "$creates" | base64 -d)" ]; then say guard creates
elif [ -n "$unless" ] && guard "$unless"; then say guard unless
elif [ -n "$only" ] && ! guard "$only"; then say guard onlyIf
else say guard needed; fi
`;

const base64 = (text: string | undefined) => Buffer.from(text ?? "").toString("base64");

/** Whether the command has to be run, as the host sees it. */
export async function observeGuards(
  work: Work,
  spec: Pick<CommandSpec, "creates" | "unless" | "onlyIf">,
): Promise<Guard> {
  const said = await ask(work.machine, guardScript, {
    what: "ask whether a command is needed",
    input: `${base64(spec.creates)}\n${base64(spec.unless)}\n${base64(spec.onlyIf)}\n`,
    ...(work.signal ? { signal: work.signal } : {}),
  });
  return (said.get("guard") ?? "needed") as Guard;
}

/** The same for the same resource, script, environment and triggers. Secret: it is never an argument. */
export function commandKey(owner: string, spec: CommandSpec, verb = "run"): string {
  const { script, environment = {}, triggers = [] } = spec;
  const variables = Object.entries(environment).sort(([a], [b]) => (a < b ? -1 : 1));
  const text = JSON.stringify([verb, owner, script, variables, triggers]);
  return `${verb}-${createHash("sha256").update(text).digest("hex").slice(0, 32)}`;
}

const reasons: Readonly<Record<Exclude<Guard, "needed">, string>> = {
  creates: "what it creates is there",
  unless: "`unless` says that it is done",
  onlyIf: "`onlyIf` says that it is not for this machine",
};

/** Output without the values of the environment. */
function withoutSecrets(text: string, environment: CommandSpec["environment"]): string {
  return Object.values(environment ?? {})
    .filter((value) => value.length >= 4)
    .reduce((scrubbed, value) => scrubbed.replaceAll(value, "[secret]"), text);
}

/**
 * Runs the command unless a guard says otherwise. A result that is on the host already counts, unless
 * `creates` or `unless` show that the work is not there any more.
 */
export async function ensureCommand(work: Work, spec: CommandSpec): Promise<CommandResult> {
  const guard = await observeGuards(work, spec);
  if (guard !== "needed") return { skipped: reasons[guard], stdout: "" };
  const key = commandKey(work.owner, spec);
  const guarded = spec.creates !== undefined || spec.unless !== undefined;
  const { code, stdout, stderr } = await runJob(work, {
    key,
    what: "run a command",
    script: spec.script,
    ...(spec.environment ? { environment: spec.environment } : {}),
    timeoutMs: spec.timeoutMs,
    again: guarded,
    killable: true,
  });
  const shown = withoutSecrets(stdout, spec.environment);
  if (code !== 0) {
    const tail = tailOf(withoutSecrets(`${stdout}\n${stderr}`, spec.environment), 20);
    throw new SdkError(
      ErrorCode.CommandFailed,
      `the command on ${work.machine.label} ended with exit code ${code}${tail === "" ? "" : `:\n${tail}`}`,
    );
  }
  if (guarded && (await observeGuards(work, { ...spec, onlyIf: undefined })) === "needed") {
    const what =
      spec.creates === undefined ? "`unless` does not hold" : `${spec.creates} is not there`;
    throw new SdkError(
      ErrorCode.CommandFailed,
      `the command on ${work.machine.label} ended with exit code 0, and yet ${what}`,
      { fix: "correct the script, or `creates` and `unless`" },
    );
  }
  return { skipped: "", stdout: shown };
}

/** Forgets a result: a command of the same inputs will run again. */
export async function forgetCommand(work: Work, spec: CommandSpec): Promise<void> {
  await forgetJob(work, commandKey(work.owner, spec));
}

/** Runs the script that undoes the command, once. */
export async function undoCommand(work: Work, undo: string, spec: CommandSpec): Promise<void> {
  const undoSpec = { ...spec, script: undo };
  const { code, stdout, stderr } = await runJob(work, {
    key: commandKey(work.owner, undoSpec, "undo"),
    what: "undo a command",
    script: undo,
    ...(spec.environment ? { environment: spec.environment } : {}),
    timeoutMs: spec.timeoutMs,
    again: false,
    killable: true,
  });
  if (code !== 0) {
    const tail = tailOf(withoutSecrets(`${stdout}\n${stderr}`, spec.environment), 20);
    throw new SdkError(
      ErrorCode.CommandFailed,
      `the undo script on ${work.machine.label} ended with exit code ${code}:\n${tail}`,
    );
  }
  await forgetJob(work, commandKey(work.owner, undoSpec, "undo"));
}
