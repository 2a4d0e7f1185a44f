// Starts a machine anew, and waits until it is back: another boot id, and a shell that answers. Never by
// uptime or by a closed connection. A machine that cannot be started anew (namespaces, a container) is
// refused before anything is done. The boot id from before is noted on the host, so that a run that was
// cut off does not do it twice.

import { setTimeout as sleep } from "node:timers/promises";
import { ErrorCode, SdkError } from "../../errors.ts";
import { gatherFacts } from "../facts.ts";
import { ask, runScript } from "../script.ts";
import { noteKey, noteLibrary, type Work } from "./operation.ts";

export interface RebootSpec {
  /** Tells one wish for a reboot from another: made of the resource and its triggers. */
  readonly key: string;
  /** Only where the system says that it needs one (/run/reboot-required). */
  readonly onlyIfRequired: boolean;
  readonly timeoutMs: number;
}

export interface RebootResult {
  readonly bootId: string;
  readonly rebooted: boolean;
}

const pollMs = 1_000;
/** How long one question to a machine that may be down may take. */
const askTimeoutMs = 15_000;

const observeScript = `${noteLibrary}
note_of "$1"
say before "$(cat "$note/boot" 2>/dev/null)"
say boot "$(cat /proc/sys/kernel/random/boot_id)"
[ ! -e /run/reboot-required ] || say required yes
`;

/** The machine goes down a moment after the script has ended, so that its answer arrives. */
const rebootScript = `set -eu
${noteLibrary}
note_of "$1"
write_note() { cat /proc/sys/kernel/random/boot_id >"$1/boot"; }
remember "$2"
sync
setsid sh -c 'sleep 1; systemctl reboot 2>/dev/null || reboot || shutdown -r now' </dev/null >/dev/null 2>&1 &
`;

export interface ObservedBoot {
  readonly bootId: string;
  /** The boot id that an earlier run of the same wish found. */
  readonly before: string;
  readonly required: boolean;
}

/** What is to be done about a wish: nothing, wait for one that is under way, or begin. */
export function planReboot(spec: RebootSpec, seen: ObservedBoot): "none" | "done" | "reboot" {
  if (seen.before !== "" && seen.before !== seen.bootId) return "done";
  if (spec.onlyIfRequired && !seen.required) return "none";
  return "reboot";
}

async function observeBoot(work: Work, key: string): Promise<ObservedBoot> {
  const said = await ask(work.machine, observeScript, {
    what: "read the boot id",
    args: [noteKey("reboot", key)],
    timeoutMs: askTimeoutMs,
    ...(work.signal ? { signal: work.signal } : {}),
  });
  const text = (name: string) => (said.get(name) ?? "").trim();
  return { bootId: text("boot"), before: text("before"), required: text("required") === "yes" };
}

async function refuseUnfit(work: Work): Promise<void> {
  const { canReboot } = await gatherFacts(work.machine, work.signal);
  if (canReboot) return;
  throw new SdkError(
    ErrorCode.Refused,
    `${work.machine.label} cannot be rebooted: it is a container, or namespaces of another machine`,
    { fix: "reboot the machine that it runs on, and leave this resource out" },
  );
}

/** Waits for another boot id; that the machine is out of reach meanwhile is what is expected. */
async function waitForReturn(work: Work, spec: RebootSpec, before: string): Promise<string> {
  const deadline = performance.now() + spec.timeoutMs;
  let last = "it has not gone down";
  for (;;) {
    await sleep(pollMs, undefined, work.signal ? { signal: work.signal } : {});
    try {
      const { bootId } = await observeBoot(work, spec.key);
      if (bootId !== before) return bootId;
      last = "it has not gone down";
    } catch (error) {
      if (!(error instanceof SdkError)) throw error;
      if (error.code === ErrorCode.Cancelled) throw error;
      last = error.message;
    }
    work.log?.(`waiting for ${work.machine.label} to come back: ${last.split("\n")[0] ?? ""}`);
    if (performance.now() > deadline) {
      const words = `${work.machine.label} is not back ${spec.timeoutMs} ms after its reboot: ${last}`;
      throw new SdkError(ErrorCode.Timeout, words, { fix: "look at its console" });
    }
  }
}

/** Reboots the machine as wished, and waits for it. */
export async function ensureReboot(work: Work, spec: RebootSpec): Promise<RebootResult> {
  const seen = await observeBoot(work, spec.key);
  const plan = planReboot(spec, seen);
  if (plan === "none") return { bootId: seen.bootId, rebooted: false };
  if (plan === "done") return { bootId: seen.bootId, rebooted: true };
  await refuseUnfit(work);
  await runScript(work.machine, rebootScript, {
    what: "reboot",
    args: [noteKey("reboot", spec.key), work.owner],
  });
  return { bootId: await waitForReturn(work, spec, seen.bootId), rebooted: true };
}

const forgetScript = `${noteLibrary}
note_of "$1"
forget
`;

/** Forgets the wish: the same one would reboot again. */
export async function forgetReboot(work: Work, key: string): Promise<void> {
  await runScript(work.machine, forgetScript, {
    what: "tidy up after a reboot",
    args: [noteKey("reboot", key)],
  });
}
