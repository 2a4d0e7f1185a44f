// Until a machine that is just coming up can be worked on: its sshd answers, the user is let in and
// may become root, and cloud-init, where there is one, has finished. What passes by itself is waited
// for (nothing listens yet, the user is not there yet); a changed host key never is.

import { setTimeout as sleep } from "node:timers/promises";
import { ErrorCode, SdkError } from "../errors.ts";
import type { Machine } from "../host/machine.ts";
import { type CloudInitOutcome, cloudInitScript, judgeCloudInit } from "./cloud-init.ts";
import { labelOf } from "./connection.ts";
import { isPassing, SshError, SshProblem } from "./errors.ts";
import { openSshMachine, type SshMachineOptions } from "./machine.ts";
import type { SshTarget } from "./types.ts";

export interface WaitForHostOptions {
  /** Milliseconds in all. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** Gets a line when what is waited for changes, and now and then while it does not. */
  readonly onProgress?: (line: string) => void;
  /** Milliseconds between two tries. @defaultValue 2 s */
  readonly pollMs?: number;
  /** Milliseconds for which a host that lets nobody in may still change its mind. @defaultValue 90 s */
  readonly refusalMs?: number;
  /** What a failed cloud-init means: "fail", or "continue" without it. @defaultValue fail */
  readonly onCloudInitError?: "fail" | "continue";
  /** Laid over what each try is made with. */
  readonly connection?: SshMachineOptions;
}

const defaultPollMs = 2_000;
/** cloud-init makes users and their rights soon after sshd's first answer. */
const defaultRefusalMs = 90_000;
const tellEveryMs = 10_000;
/** A try must not use up the time of those after it. */
const tryOptions: SshMachineOptions = { connectTimeoutMs: 10_000, handshakeTimeoutMs: 30_000 };

/** While a machine is coming up, users and rights may still be on their way. */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof SshError)) return false;
  return error.problem === SshProblem.Auth || error.problem === SshProblem.Sudo;
}

/** Settles once the host can be worked on; says how cloud-init ended. */
export async function waitForHost(
  target: SshTarget,
  options: WaitForHostOptions,
): Promise<CloudInitOutcome> {
  const label = labelOf(target);
  const started = performance.now();
  const deadline = started + options.timeoutMs;
  const tell = createTeller(options.onProgress, started);
  let last: unknown;
  let refusedAt: number | undefined;
  for (;;) {
    const machine = openSshMachine(target, { ...tryOptions, ...options.connection });
    try {
      return await finishedOn(machine, deadline, options, tell);
    } catch (error) {
      const refused = isRefusal(error);
      if (!refused && !isPassing(error)) throw error;
      refusedAt = refused ? (refusedAt ?? performance.now()) : undefined;
      const refusalMs = options.refusalMs ?? defaultRefusalMs;
      if (refusedAt !== undefined && performance.now() - refusedAt > refusalMs) throw error;
      last = error;
      tell(error instanceof Error ? error.message : String(error));
    } finally {
      machine.close();
    }
    const pollMs = options.pollMs ?? defaultPollMs;
    if (performance.now() + pollMs >= deadline) throw tooLate(label, options.timeoutMs, last);
    await sleep(pollMs, undefined, { signal: options.signal });
  }
}

async function finishedOn(
  machine: Machine,
  deadline: number,
  options: WaitForHostOptions,
  tell: (line: string) => void,
): Promise<CloudInitOutcome> {
  const left = () => Math.max(1_000, deadline - performance.now());
  const signal = options.signal ? { signal: options.signal } : {};
  await machine.run("exit 0", { timeoutMs: left(), ...signal });
  tell(`${machine.label} answers; waiting for cloud-init`);
  const timer = setInterval(() => tell(`waiting for cloud-init on ${machine.label}`), tellEveryMs);
  try {
    const { stdout } = await machine.run(cloudInitScript, { timeoutMs: left(), ...signal });
    return judged(machine.label, judgeCloudInit(stdout), options, tell);
  } catch (error) {
    if (!(error instanceof SdkError) || error.code !== ErrorCode.Timeout) throw error;
    const words = `cloud-init on ${machine.label} is still at work after ${options.timeoutMs} ms`;
    const fix = "look at /var/log/cloud-init-output.log there, or wait longer";
    throw new SdkError(ErrorCode.Timeout, words, { fix, cause: error });
  } finally {
    clearInterval(timer);
  }
}

function judged(
  label: string,
  outcome: CloudInitOutcome,
  options: WaitForHostOptions,
  tell: (line: string) => void,
): CloudInitOutcome {
  if (outcome.state === "degraded") {
    tell(`cloud-init on ${label} finished with errors that it recovered from: ${outcome.detail}`);
  }
  if (outcome.state !== "failed") return outcome;
  const words = `cloud-init failed on ${label}: ${outcome.detail || "it does not say why"}`;
  if (options.onCloudInitError === "continue") {
    tell(words);
    return outcome;
  }
  throw new SdkError(ErrorCode.CommandFailed, words, {
    fix: "look at /var/log/cloud-init-output.log there, and mend the user data",
  });
}

function tooLate(label: string, timeoutMs: number, last: unknown): SdkError {
  const seen = last instanceof Error ? last.message : String(last);
  return new SdkError(
    ErrorCode.Timeout,
    `${label} cannot be worked on after ${timeoutMs} ms; last: ${seen}`,
    { fix: (last instanceof SdkError && last.fix) || "look at the machine's console", cause: last },
  );
}

/** The same again is told only now and then, with the seconds that have gone by. */
function createTeller(onProgress: ((line: string) => void) | undefined, started: number) {
  let before = "";
  let toldAt = 0;
  return (line: string) => {
    const now = performance.now();
    if (!onProgress || (line === before && now - toldAt < tellEveryMs)) return;
    before = line;
    toldAt = now;
    onProgress(`${line} (${Math.round((now - started) / 1000)} s)`);
  };
}
