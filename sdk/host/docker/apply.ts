// The change of a daemon, as the client drives it: write aside, validate, hand over to the guard on the
// host, probe through the endpoint that will be used, confirm. What is not confirmed, the guard takes
// back. A change that an earlier run left is finished where it is the wanted one, else ended first.

import { setTimeout as sleep } from "node:timers/promises";
import { describeError, ErrorCode, SdkError } from "../../errors.ts";
import type { Machine } from "../machine.ts";
import { runScript } from "../script.ts";
import { type DaemonPlan, decide } from "./decide.ts";
import type { DaemonFile, DaemonSite, Generation } from "./files.ts";
import { answerScript, guardScript, startGuardScript, watchScript } from "./guard.ts";
import {
  type GuardResult,
  jsonOf,
  type ObservedDaemon,
  observeDaemon,
  parseResult,
} from "./observe.ts";
import { scriptHead, servicePath, transaction } from "./paths.ts";
import { jsonText } from "./render.ts";
import { isBefore } from "./versions.ts";

/** `dockerd --validate` is there from here on. */
const validateSince = "23.0";
/** How long the guard waits for the confirmation, in seconds. */
export const defaultConfirmSeconds = 45;
/** What the client leaves of it, to tell the guard itself that it failed. */
const marginMs = 5_000;
/** How long a restart lets the old daemon stop its containers, where they do not live on. */
const stopSeconds = 20;
const probeEveryMs = 400;

export interface ApplyHow {
  /** Whether images, containers and volumes may get out of sight. @defaultValue false */
  readonly acceptDataMove?: boolean;
  /** Throws an error with the code GATE_FAILED when there is no point in trying again. */
  readonly probe: () => Promise<void>;
  /** The URN of the resource whose configuration it is. */
  readonly owner: string;
  readonly signal?: AbortSignal;
  readonly tell?: (text: string) => void;
  /** @defaultValue 45 */
  readonly confirmSeconds?: number;
}

/** Packs files for the standard input of a script: a line each, with path, mode and bytes. */
function pack(files: readonly DaemonFile[]): string {
  return files
    .map(
      ({ path, mode, text }) =>
        `${path} ${mode.toString(8)} ${Buffer.from(text).toString("base64") || "="}\n`,
    )
    .join("");
}

const unpack = `unpack() {
  while read -r path mode data; do
    mkdir -p "$1/$(dirname "$path")"
    if [ "$data" = = ]; then : > "$1/$path"; else printf %s "$data" | base64 -d > "$1/$path"; fi || exit 1
    chmod "$mode" "$1/$path"
  done
}
`;

/** `$1` the generation, `$2` the validating program or nothing. Exit code 4: it is not valid. */
const stageScript = `${scriptHead}${unpack}
umask 077
mkdir -p "$B" && chmod 755 /etc/docker "$B"
new=$B/new.$$
mkdir "$new"
unpack "$new"
chmod 755 "$new"
[ ! -d "$new/tls" ] || chmod 700 "$new/tls"
# It looks at the certificates too, which are not in their place yet.
if [ -n "$2" ]; then
  sed "s|$B/current/|$new/|g" "$new/daemon.json" > "$new/check.json"
  if ! said=$("$2" --validate --config-file "$new/check.json" 2>&1); then
    rm -rf "$new"; printf '%s\\n' "$said" >&2; exit 4
  fi
  rm "$new/check.json"
fi
# The generation in use keeps its name and gets its bytes back.
if [ -d "$B/$1" ]; then mv -T "$B/$1" "$B/old.$$" && mv -T "$new" "$B/$1" && rm -rf "$B/old.$$"
else mv -T "$new" "$B/$1"; fi
`;

/** Makes the transaction's folder as a whole. `$1` is the owner. */
const openScript = `${scriptHead}${unpack}
umask 077
[ ! -e "${transaction}" ] || { echo "another change is under way" >&2; exit 5; }
new=$B/txn.new.$$
mkdir "$new"
unpack "$new"
mv -T "$new" "${transaction}"
printf '%s\\n' "$1" > "$B/owner"
# What was there before us, to be put back when this goes.
if [ ! -e "$B/original" ]; then
  mkdir "$B/original.new"
  [ ! -f "$J" ] || cp -a "$J" "$B/original.new/daemon.json"
  [ ! -f "$2" ] || cp -a "$2" "$B/original.new/service"
  mv -T "$B/original.new" "$B/original"
fi
`;

function planText(plan: Readonly<Record<string, string | number>>): string {
  return Object.entries(plan)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
}

async function stage(machine: Machine, wanted: Generation, site: DaemonSite, how: ApplyHow) {
  const validator = isBefore(site.version, validateSince) ? "" : site.dockerd;
  const { code, stderr } = await machine.run(stageScript, {
    args: [wanted.id, validator],
    input: pack(wanted.files),
    timeoutMs: 60_000,
    ...(how.signal ? { signal: how.signal } : {}),
  });
  if (code === 0) return;
  const said = stderr.trim().split("\n").slice(-5).join("\n");
  if (code === 4) {
    throw new SdkError(
      ErrorCode.BadInput,
      `dockerd of ${machine.label} refuses the options: ${said}`,
      {
        fix: "correct the options; the daemon runs on as it was",
      },
    );
  }
  throw new SdkError(
    ErrorCode.CommandFailed,
    `cannot write the daemon's files on ${machine.label} (exit code ${code}): ${said}`,
  );
}

async function open(
  machine: Machine,
  wanted: Generation,
  { action, carry }: DaemonPlan,
  context: { readonly site: DaemonSite; readonly seen: ObservedDaemon; readonly how: ApplyHow },
): Promise<void> {
  const { site, seen, how } = context;
  const service = servicePath(site.init);
  const plan = planText({
    GEN: wanted.id,
    INIT: site.init,
    ACTION: action === "reload" ? "reload" : "restart",
    SERVICE: service,
    CARRY: carry ? 1 : 0,
    WAS_RUNNING: seen.pid === undefined ? 0 : 1,
    CONFIRM_S: how.confirmSeconds ?? defaultConfirmSeconds,
    STOP_S: stopSeconds,
  });
  const carried = jsonText({ ...jsonOf(seen), "live-restore": true });
  const files: DaemonFile[] = [
    { path: "plan", mode: 0o600, text: plan },
    { path: "state", mode: 0o644, text: "started\n" },
    { path: "guard.sh", mode: 0o700, text: guardScript },
    { path: "service", mode: site.init === "runit" ? 0o755 : 0o644, text: wanted.service },
    { path: "carry.json", mode: 0o644, text: carried },
  ];
  await runScript(machine, openScript, {
    what: "prepare the change of the Docker daemon",
    args: [how.owner, service],
    input: pack(files),
  });
}

/** Waits on the host until the change is in none of these states; the result once it has ended. */
async function watch(
  machine: Machine,
  seconds: number,
  states: readonly string[],
  signal?: AbortSignal,
): Promise<{ readonly state: string; readonly result: GuardResult | undefined }> {
  const said = await runScript(machine, watchScript, {
    what: "follow the change of the Docker daemon",
    args: [String(seconds), ...states],
    timeoutMs: (seconds + 30) * 1000,
    ...(signal ? { signal } : {}),
  });
  const [state = "", ...rest] = said.split("\n");
  return { state, result: parseResult(rest.join("\n")) };
}

async function answer(machine: Machine, word: "confirm" | "abort", text: string): Promise<void> {
  await machine.run(answerScript, { args: [word], input: text, timeoutMs: 15_000 });
}

/** Waits for the end of a change that is decided, and gives it. */
async function ending(machine: Machine): Promise<GuardResult> {
  const { state, result } = await watch(machine, 90, [
    "started",
    "applying",
    "waiting",
    "restoring",
  ]);
  if (result) return result;
  throw new SdkError(
    ErrorCode.Timeout,
    `the change of the Docker daemon on ${machine.label} did not end within 90 s (${state})`,
    { fix: "look at /etc/docker/dockwright/txn and the daemon's log on the host" },
  );
}

/** The error of a change that was taken back. */
export function takenBack(machine: Machine, result: GuardResult): SdkError {
  const words = result.words === "" ? "" : `\nthe daemon's last lines:\n${result.words}`;
  if (result.status === "lost") {
    return new SdkError(
      ErrorCode.GateFailed,
      `the Docker daemon of ${machine.label} does not run: ${result.reason}, and it did not start with its old configuration either${words}`,
      { fix: "look at the daemon's log on the host; the old files are in place" },
    );
  }
  return new SdkError(
    ErrorCode.GateFailed,
    `the Docker daemon of ${machine.label} runs as before: ${result.reason}; the change was taken back after ${result.seconds} s${words}`,
    { fix: "correct the options, then run the update again" },
  );
}

/** Probes until it succeeds, the error is final, or the time is over; then it throws the last error. */
async function probeUntil(deadline: number, how: ApplyHow): Promise<void> {
  for (;;) {
    try {
      how.signal?.throwIfAborted();
      await how.probe();
      return;
    } catch (error) {
      const final = error instanceof SdkError && error.code === ErrorCode.GateFailed;
      if (final || how.signal?.aborted || performance.now() > deadline) throw error;
      await sleep(probeEveryMs);
    }
  }
}

/** From the moment the guard is started to its end. */
async function seeThrough(machine: Machine, how: ApplyHow): Promise<void> {
  const seconds = how.confirmSeconds ?? defaultConfirmSeconds;
  const deadline = performance.now() + seconds * 1000 - marginMs;
  const { state, result } = await watch(machine, seconds + 5, ["started", "applying"], how.signal);
  if (result && result.status !== "committed") throw takenBack(machine, result);
  if (state !== "waiting") throw takenBack(machine, await ending(machine));
  how.tell?.("probing the daemon through the endpoint that will be used");
  try {
    await probeUntil(deadline, how);
  } catch (error) {
    const [reason = ""] = describeError(error).split("\n");
    await answer(machine, "abort", `the probe failed: ${reason}`);
    const end = await ending(machine);
    throw new SdkError(ErrorCode.GateFailed, takenBack(machine, end).message, {
      fix: "check the address, the firewall and the certificates, then run the update again",
      cause: error,
    });
  }
  await answer(machine, "confirm", "");
  const end = await ending(machine);
  if (end.status !== "committed") throw takenBack(machine, end);
}

/** Ends what an earlier run left: finishes the wanted change, takes back any other. */
async function settle(
  machine: Machine,
  wanted: Generation,
  seen: ObservedDaemon,
  how: ApplyHow,
): Promise<boolean> {
  const { change } = seen;
  if (!change) return false;
  if (change.guarded && change.generation === wanted.id) {
    how.tell?.("finishing the change that an earlier run began");
    await seeThrough(machine, how);
    return true;
  }
  how.tell?.("taking back the change that an earlier run left");
  if (change.guarded) await answer(machine, "abort", "another run wants something else");
  else await startGuard(machine, ["recover"]);
  const end = await ending(machine);
  if (end.status === "lost") throw takenBack(machine, end);
  return true;
}

async function startGuard(machine: Machine, args: readonly string[]): Promise<void> {
  await runScript(machine, startGuardScript, {
    what: "start the guard of the change of the Docker daemon",
    args,
  });
}

function dataMove(machine: Machine, { dataReasons }: DaemonPlan): SdkError {
  return new SdkError(
    ErrorCode.Refused,
    `a change of ${dataReasons.join(", ")} puts all images, containers and volumes of ${machine.label} out of the daemon's sight`,
    { fix: "set acceptDataMove: true if that is meant, or take the change back" },
  );
}

/** A daemon whose files are right, and that still runs with something else, has not read them. */
async function hasReadThem(how: ApplyHow): Promise<boolean> {
  try {
    await how.probe();
    return true;
  } catch (error) {
    if (error instanceof SdkError && error.code === ErrorCode.GateFailed) return false;
    throw error;
  }
}

/** Brings the daemon to what is wanted. Gives what was done; nothing where nothing differed. */
export async function applyDaemon(
  machine: Machine,
  wanted: Generation,
  site: DaemonSite,
  how: ApplyHow,
): Promise<DaemonPlan> {
  let seen = await observeDaemon(machine, how.signal);
  if (await settle(machine, wanted, seen, how)) seen = await observeDaemon(machine, how.signal);
  let plan = decide(wanted, seen);
  if (plan.action === "none") {
    if (await hasReadThem(how)) return plan;
    plan = { ...plan, action: "restart", reasons: ["the daemon has not read its files"] };
  }
  const used = seen.pid !== undefined || seen.owner !== undefined;
  if (plan.dataReasons.length > 0 && used && !how.acceptDataMove) {
    throw dataMove(machine, plan);
  }
  how.tell?.(`${plan.action} of the daemon: ${plan.reasons.join(", ")}`);
  await stage(machine, wanted, site, how);
  await open(machine, wanted, plan, { site, seen, how });
  await startGuard(machine, []);
  await seeThrough(machine, how);
  return plan;
}
