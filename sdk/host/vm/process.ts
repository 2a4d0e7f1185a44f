// The running machine: a qemu in a session of its own, which outlives whoever started it. It is
// found by its pid file and known by its working folder, so that a pid used again is never taken
// for it. Ends it as a power button would, then by force.
import { spawn } from "node:child_process";
import { open, readFile, readlink, realpath, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ErrorCode, SdkError } from "../../errors.ts";
import { qemuProgram, vmFiles } from "./command.ts";
import { monitorCommand } from "./qmp.ts";

export interface Running {
  readonly pid: number;
  /** What it was started with. */
  readonly arguments: readonly string[];
}

const pollMs = 100;
const startTimeoutMs = 30_000;
const killTimeoutMs = 10_000;

/** The qemu of a machine's folder, if it runs. */
export async function findRunning(folder: string): Promise<Running | undefined> {
  const text = await readFile(join(folder, vmFiles.pid), "utf8").catch(() => "");
  const pid = Number(text.trim());
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  const working = await readlink(`/proc/${pid}/cwd`).catch(() => undefined);
  if (working !== (await realpath(folder))) return undefined;
  const line = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  // A process that has ended and was not seen off has none.
  if (line === "") return undefined;
  return { pid, arguments: line.split("\0").slice(1, -1) };
}

/** The end of a file that only grows. */
export async function tailOf(path: string, lines: number): Promise<string> {
  const text = await readFile(path, "latin1").catch(() => "");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a console sends colours and bells
  const shown = text.replace(/\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x08\x0b-\x1f]/g, "");
  return shown.trimEnd().split("\n").slice(-lines).join("\n");
}

/** A path of at most 107 bytes, whatever the folder's is: a socket's address has no more. */
const monitorOf = ({ pid }: Running) => `/proc/${pid}/cwd/${vmFiles.monitor}`;

async function failedStart(folder: string, name: string): Promise<SdkError> {
  const said = await tailOf(join(folder, vmFiles.output), 5);
  const taken = /Could not set up host forwarding rule '([^']*)'/.exec(said)?.[1];
  const fix =
    taken === undefined ? undefined : `free the port of this machine in ${taken}, or give another`;
  const message = `the virtual machine "${name}" did not start: ${said || "qemu said nothing"}`;
  return new SdkError(ErrorCode.CommandFailed, message, fix === undefined ? {} : { fix });
}

/** Starts a machine; settles when its monitor is there. */
export async function startMachine(
  folder: string,
  name: string,
  args: readonly string[],
): Promise<Running> {
  await rm(join(folder, vmFiles.monitor), { force: true });
  const output = await open(join(folder, vmFiles.output), "w", 0o600);
  const life = { ended: false };
  try {
    const { PATH, HOME } = process.env;
    const child = spawn(qemuProgram, args, {
      cwd: folder,
      detached: true,
      stdio: ["ignore", output.fd, output.fd],
      env: { PATH, HOME, LC_ALL: "C.UTF-8" },
    });
    await new Promise<void>((resolve, reject) => {
      child.once("spawn", resolve);
      child.once("error", (cause) => {
        const fix = "apt-get install qemu-system-x86";
        reject(new SdkError(ErrorCode.Missing, `cannot run ${qemuProgram}`, { fix, cause }));
      });
    });
    child.once("exit", () => {
      life.ended = true;
    });
    child.unref();
  } finally {
    await output.close();
  }
  const deadline = performance.now() + startTimeoutMs;
  for (;;) {
    const running = await findRunning(folder);
    // Its files are there before it has read all that it is told.
    if (running && (await does(running, "query-status"))) return running;
    if (life.ended || performance.now() > deadline) throw await failedStart(folder, name);
    await sleep(pollMs);
  }
}

async function ends(folder: string, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while ((await findRunning(folder)) !== undefined) {
    if (performance.now() > deadline) return false;
    await sleep(pollMs);
  }
  return true;
}

/** Ends a machine: by its power button, and by force where it does not heed that in time. */
export async function stopMachine(folder: string, graceMs: number): Promise<"asked" | "forced"> {
  const running = await findRunning(folder);
  if (running === undefined) return "asked";
  const asked = graceMs > 0 && (await does(running, "system_powerdown"));
  if (asked && (await ends(folder, graceMs))) return "asked";
  const left = await findRunning(folder);
  if (left !== undefined) process.kill(left.pid, "SIGKILL");
  if (await ends(folder, killTimeoutMs)) return "forced";
  throw new SdkError(ErrorCode.Timeout, `process ${running.pid} of ${folder} cannot be ended`);
}

const does = (running: Running, command: string) =>
  monitorCommand(monitorOf(running), command).then(
    () => true,
    () => false,
  );
