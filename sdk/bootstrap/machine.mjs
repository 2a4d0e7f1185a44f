// What this machine has, and what the set-up added to it: a state file in the cache remembers the
// packages that were installed and the daemon that was started, so that `--destroy` takes away
// those and nothing that was there before. No dependencies.
import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import * as http from "node:http";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cacheDirectory, which } from "../engine/locate.mjs";
import { run } from "./process.mjs";
import { StepError } from "./steps.mjs";

export const dockerSocket = "/var/run/docker.sock";
const daemonLog = "/var/log/dockwright-dockerd.log";
const daemonTimeoutMs = 60_000;
const lockTimeoutMs = 300_000;

function stateFile() {
  return path.join(cacheDirectory(), "machine.json");
}

/** `{ packages: [names], daemon?: { pid, startTime } }`: what was added to this machine. */
export async function readMachineState() {
  const text = await readFile(stateFile(), "utf8").catch(() => "{}");
  return { packages: [], ...JSON.parse(text) };
}

async function writeMachineState(state) {
  const file = stateFile();
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(`${file}.${process.pid}`, `${JSON.stringify(state)}\n`);
  await rename(`${file}.${process.pid}`, file);
}

/** One request to the daemon on its usual socket; rejects when nobody answers. */
export function dockerRequest(method, requestPath, timeoutMs = 5_000) {
  return new Promise((resolve, reject) => {
    const options = { socketPath: dockerSocket, method, path: requestPath, timeout: timeoutMs };
    const request = http.request(options, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (text) => {
        body += text;
      });
      response.once("end", () => resolve({ status: response.statusCode, body }));
      response.once("error", reject);
    });
    request.once("timeout", () => request.destroy(new Error(`no answer in ${timeoutMs} ms`)));
    request.once("error", reject);
    request.end();
  });
}

/** `answers`, `denied` (there, but not for this user) or `absent`. */
export async function daemonState() {
  try {
    const { status } = await dockerRequest("GET", "/_ping");
    return status === 200 ? "answers" : "absent";
  } catch (error) {
    return error.code === "EACCES" ? "denied" : "absent";
  }
}

const aptEnv = () => ({ ...process.env, DEBIAN_FRONTEND: "noninteractive" });

/** Runs apt-get, and waits while another one holds its lock. */
async function aptGet(args, { tell, signal }) {
  const deadline = Date.now() + lockTimeoutMs;
  for (;;) {
    let locked = false;
    const onLine = (line) => {
      locked ||= /could not get lock|unable to lock|unable to acquire the dpkg/i.test(line);
      if (/^(Get|Unpacking|Setting up|Selecting|Fetched)/.test(line)) tell(line.slice(0, 70));
    };
    try {
      return await run("apt-get", args, {
        env: aptEnv(),
        signal,
        onLine,
        fix: `apt-get ${args.join(" ")}`,
      });
    } catch (error) {
      if (!locked || Date.now() > deadline) throw error;
      tell("waiting: another apt holds the lock");
      await sleep(3_000, undefined, { signal });
    }
  }
}

async function installedPackages() {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query's own placeholders.
  const format = "${db:Status-Abbrev}${Package}\n";
  const { stdout } = await run("dpkg-query", ["-f", format, "-W"], { check: false });
  return new Set(
    stdout
      .split("\n")
      .filter((line) => line.startsWith("ii"))
      .map((line) => line.slice(3).trim()),
  );
}

/** The packages of these that are not installed. */
export async function withoutInstalled(names) {
  if (names.length === 0) return [];
  const present = await installedPackages();
  return names.filter((name) => !present.has(name));
}

/** Installs packages, and remembers each package that was not there before (dependencies too). */
export async function installPackages(names, { tell, signal }) {
  const before = await installedPackages();
  tell("apt-get update");
  await aptGet(["update"], { tell, signal });
  try {
    await aptGet(["install", "-y", "--no-install-recommends", ...names], { tell, signal });
  } finally {
    const added = [...(await installedPackages())].filter((name) => !before.has(name));
    const state = await readMachineState();
    await writeMachineState({ ...state, packages: [...new Set([...state.packages, ...added])] });
  }
}

/** Removes the packages that were installed here, and answers their number. */
export async function removePackages({ tell, signal }) {
  const state = await readMachineState();
  const present = await installedPackages();
  const ours = state.packages.filter((name) => present.has(name));
  if (ours.length > 0) await aptGet(["purge", "-y", ...ours], { tell, signal });
  await writeMachineState({ ...state, packages: [] });
  return ours;
}

/** The kernel's start time of a process: with its id it names one process for good. */
function startTime(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}

/** Whether the daemon that was started here still runs. */
export async function ourDaemon() {
  const { daemon } = await readMachineState();
  return daemon && startTime(daemon.pid) === daemon.startTime ? daemon : undefined;
}

async function waitForDaemon(child, tell, signal) {
  const started = Date.now();
  while ((await daemonState()) !== "answers") {
    const late = Date.now() - started > daemonTimeoutMs;
    if (late || child.exitCode !== null) {
      const log = await readFile(daemonLog, "utf8").catch(() => "");
      const what = late ? `does not answer after ${daemonTimeoutMs} ms` : "ended at once";
      throw new StepError(`dockerd ${what}`, {
        fix: `read ${daemonLog}, and start dockerd by hand`,
        tail: log.trim().split("\n").slice(-20),
      });
    }
    tell("waiting for it to answer");
    await sleep(250, undefined, { signal });
  }
}

/** dockerd lies where the PATH of a root shell that `su` made does not reach. */
export function findDockerd() {
  return which("dockerd", { PATH: `${process.env.PATH ?? ""}:/usr/sbin:/sbin` });
}

/** Starts dockerd in a session of its own, and waits until it answers. */
export async function startDaemon({ tell, signal }) {
  const command = (await findDockerd()) ?? "dockerd";
  const log = openSync(daemonLog, "a", 0o640);
  const child = spawn(command, [], { detached: true, stdio: ["ignore", log, log] });
  closeSync(log);
  const failed = new Promise((_, reject) => child.once("error", reject));
  child.unref();
  await Promise.race([failed, waitForDaemon(child, tell, signal)]);
  const daemon = { pid: child.pid, startTime: startTime(child.pid) };
  await writeMachineState({ ...(await readMachineState()), daemon });
}

/** Stops the daemon that was started here; answers whether there was one. */
export async function stopDaemon({ tell, signal }) {
  const daemon = await ourDaemon();
  if (daemon !== undefined) {
    process.kill(daemon.pid, "SIGTERM");
    const deadline = Date.now() + daemonTimeoutMs;
    while (startTime(daemon.pid) === daemon.startTime) {
      if (Date.now() > deadline) {
        throw new StepError(`dockerd (process ${daemon.pid}) does not end`, {
          fix: `kill ${daemon.pid}`,
        });
      }
      tell("waiting for it to end");
      await sleep(250, undefined, { signal });
    }
  }
  const { daemon: _, ...state } = await readMachineState();
  await writeMachineState(state);
  return daemon !== undefined;
}

/** Forgets all that was added, when the cache goes as well. */
export async function forgetMachineState() {
  await rm(stateFile(), { force: true });
}
