// A script that outlives the connection: it runs in a session of its own, with its output and its exit
// code in files, and whoever asks again finds it running or finished. So a lost connection neither
// cuts an installation in two nor runs a command twice. A lock says whether it still runs; the machine's
// restart drops it, and such a job is told as lost.

import { setTimeout as sleep } from "node:timers/promises";
import { ErrorCode, SdkError } from "../../errors.ts";
import { ask, type Said, tailOf } from "../script.ts";
import { quote, type Work } from "./operation.ts";

export interface Job {
  /** Names the job on the host: letters, digits, dots, dashes. Only root can see it there. */
  readonly key: string;
  /** What is being done, for messages. */
  readonly what: string;
  readonly script: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /**
   * Whether a finished or cut-off run of the same key is begun again. Otherwise a success is taken as
   * the result, and a run that was cut off is an error once.
   */
  readonly again: boolean;
  /** Whether a stop or a time-out ends it. @defaultValue false: it runs on, and the next one finds it */
  readonly killable?: boolean;
}

export interface JobResult {
  readonly code: number;
  /** The last 64 KiB of each. */
  readonly stdout: string;
  readonly stderr: string;
  /** False when an earlier run had finished it. */
  readonly ran: boolean;
}

const keptBytes = 65_536;
/** How long one call waits for the end. */
const waitS = 5;
/** Calls in a row that may find the machine out of reach. */
const patience = 8;

/** Standard input: the key, then script and environment as base64, a line each. */
const library = `set -u
umask 077
read -r key
dir=/var/lib/dockwright/jobs/$key
tell() {
  say state "$1"
  [ ! -e "$dir/exit" ] || say code "$(cat "$dir/exit")"
  tail -c ${keptBytes} "$dir/out" 2>/dev/null | say64 out
  tail -c ${keptBytes} "$dir/err" 2>/dev/null | say64 err
}
wait_for_end() {
  if flock -w ${waitS} "$dir/lock" true 9>&-; then
    if [ -e "$dir/exit" ]; then tell done; else tell lost; fi
  else tell running; fi
}
`;

/** The child that holds the lock closes it for what it runs: a daemon would hold it for ever. */
const startScript = `${library}
read -r script
read -r environment
again=$1
mkdir -p "$dir"
exec 9>"$dir/lock"
fresh=
if flock -n 9; then
  if [ -e "$dir/exit" ] && { [ "$again" = yes ] || [ "$(cat "$dir/exit")" != 0 ]; }; then
    rm -f "$dir/exit" "$dir/began"
  fi
  if [ -e "$dir/began" ] && [ ! -e "$dir/exit" ]; then
    if [ "$again" = yes ]; then rm -f "$dir/began"; else rm -f "$dir/began"; tell lost; exit 0; fi
  fi
  if [ ! -e "$dir/exit" ]; then
    printf '%s' "$script" | base64 -d >"$dir/script"
    printf '%s' "$environment" | base64 -d >"$dir/environment"
    rm -f "$dir/out" "$dir/err"
    setsid /bin/sh -c 'dir=$1
      echo $$ >"$dir/began"
      ( . "$dir/environment"; exec /bin/sh "$dir/script" ) >"$dir/out" 2>"$dir/err" 9>&-
      echo $? >"$dir/exit.new"
      rm -f "$dir/script" "$dir/environment"
      mv "$dir/exit.new" "$dir/exit"' sh "$dir" </dev/null >/dev/null 2>&1 &
    fresh=yes
  fi
fi
exec 9>&-
say fresh "$fresh"
wait_for_end
`;

const waitScript = `${library}
if [ -d "$dir" ]; then wait_for_end; else say state none; fi
`;

const killScript = `${library}
if ! flock -n "$dir/lock" true; then
  kill -TERM -"$(cat "$dir/began")"
  flock -w 3 "$dir/lock" true || kill -KILL -"$(cat "$dir/began")"
fi 2>/dev/null
rm -rf "$dir"
`;

const forgetScript = `${library}
rm -rf "$dir"
`;

function exports(environment: Readonly<Record<string, string>>): string {
  const lines = Object.entries(environment).map(
    ([name, value]) => `export ${name}=${quote(value)}\n`,
  );
  return lines.join("");
}

const base64 = (text: string) => Buffer.from(text).toString("base64");

/** Lines that were not there before, for the person who watches. */
function newLines(before: string, now: string): readonly string[] {
  const more = now.startsWith(before) ? now.slice(before.length) : now;
  return more.split("\n").filter((line) => line.trim() !== "");
}

/** One call about a job; a machine that is out of reach for a moment is asked again. */
async function call(work: Work, job: Job, script: string, args: readonly string[], input: string) {
  for (let left = patience; ; left -= 1) {
    try {
      return await ask(work.machine, script, {
        what: job.what,
        args,
        input,
        timeoutMs: 60_000,
        ...(work.signal ? { signal: work.signal } : {}),
      });
    } catch (error) {
      const lost = error instanceof SdkError && error.code === ErrorCode.Unreachable;
      if (!lost || left === 0) throw error;
      await sleep(1_000, undefined, work.signal ? { signal: work.signal } : {});
    }
  }
}

/** Runs a job to its end. */
export async function runJob(work: Work, job: Job): Promise<JobResult> {
  const deadline = performance.now() + job.timeoutMs;
  const input = `${job.key}\n${base64(job.script)}\n${base64(exports(job.environment ?? {}))}\n`;
  let told = "";
  let ran = false;
  const look = (said: Said): void => {
    if (said.get("fresh") === "yes") ran = true;
    const all = `${said.get("out") ?? ""}${said.get("err") ?? ""}`;
    for (const line of newLines(told, all).slice(-3)) work.log?.(line);
    told = all;
  };
  try {
    let said = await call(work, job, startScript, [job.again ? "yes" : "no"], input);
    look(said);
    while (said.get("state") === "running") {
      if (performance.now() > deadline) throw late(work, job, said);
      said = await call(work, job, waitScript, [], `${job.key}\n`);
      look(said);
    }
    return resultOf(work, job, said, ran);
  } catch (error) {
    const stopped = error instanceof SdkError && error.code !== ErrorCode.Unreachable;
    if (job.killable && (stopped || work.signal?.aborted)) await killJob(work, job);
    throw error;
  }
}

function late(work: Work, job: Job, said: Said): SdkError {
  const tail = tailOf(`${said.get("out") ?? ""}${said.get("err") ?? ""}`);
  const words = `cannot ${job.what} on ${work.machine.label}: it did not end within ${job.timeoutMs} ms`;
  return new SdkError(ErrorCode.Timeout, tail === "" ? words : `${words}; last lines:\n${tail}`);
}

function resultOf(work: Work, job: Job, said: Said, ran: boolean): JobResult {
  const code = said.get("code");
  if (said.get("state") !== "done" || code === undefined) {
    throw new SdkError(
      ErrorCode.CommandFailed,
      `cannot ${job.what} on ${work.machine.label}: it was cut off (the machine was restarted, or its process was killed), and whether it did its work is not known`,
      { fix: "look at the machine; the next update runs it again" },
    );
  }
  const [stdout, stderr] = [said.get("out") ?? "", said.get("err") ?? ""];
  return { code: Number(code), stdout, stderr, ran };
}

async function killJob(work: Work, job: Job): Promise<void> {
  await ask(work.machine, killScript, {
    what: `stop what was to ${job.what}`,
    input: `${job.key}\n`,
    timeoutMs: 20_000,
  }).catch(() => undefined);
}

/** Removes what a finished job left: the next one of that key runs again. */
export async function forgetJob(work: Work, key: string): Promise<void> {
  await ask(work.machine, forgetScript, { what: "tidy up after a command", input: `${key}\n` });
}
