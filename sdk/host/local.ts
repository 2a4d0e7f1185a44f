// The machine that the program runs on, and any other whose shell a program of this machine starts
// (nsenter, in tests). Needs root: nothing here asks for it by sudo. Scripts reach the shell through
// a pipe, and a script that is stopped is stopped with all that it started.

import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { connect, type NetConnectOpts } from "node:net";
import { constants, hostname } from "node:os";
import type { Duplex } from "node:stream";
import { ErrorCode, SdkError } from "../errors.ts";
import { readFileBy, writeFileBy } from "./files.ts";
import type { Machine, ScriptOptions, ScriptResult } from "./machine.ts";

/** Milliseconds between asking a script's process group to end and ending it. */
const killGraceMs = 2_000;
/** What a script started may hold its output open for good: how long the rest of it is waited for. */
const outputGraceMs = 500;
const dialTimeoutMs = 10_000;

/**
 * The script comes through file descriptor 3, so that standard input is the script's own. `eval`
 * runs it in the shell that has the arguments.
 */
const shell = ["/bin/sh", "-c", 'script=$(cat <&3) && exec 3<&- && eval "$script"', "sh"];

export interface ShellOptions {
  readonly label: string;
  /** What stands before the shell: a program that runs another elsewhere. @defaultValue nothing */
  readonly prefix?: readonly string[];
  /** Where a socket of the machine is to be found here. @defaultValue at the same path */
  readonly socketPath?: (path: string) => Promise<string>;
}

/** Variables that say how to reach the world. Others may be secrets of the program's. */
const passedOn = /^((https?|ftp|no|all)_proxy|SSL_CERT_(FILE|DIR))$/i;

function environment(): Record<string, string> {
  const taken = Object.entries(process.env).flatMap(([name, value]) =>
    value !== undefined && passedOn.test(name) ? [[name, value] as const] : [],
  );
  return {
    ...Object.fromEntries(taken),
    PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    HOME: "/root",
    LANG: "C.UTF-8",
  };
}

/** Gives the lines of a stream, and keeps the whole text. */
function collect(
  child: ChildProcess,
  stream: "stdout" | "stderr",
  onLine: ScriptOptions["onLine"],
): () => string {
  let text = "";
  let rest = "";
  const source = child[stream];
  source?.setEncoding("utf8").on("data", (data: string) => {
    text += data;
    if (!onLine) return;
    const lines = (rest + data).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line, stream);
  });
  source?.once("end", () => {
    if (rest !== "") onLine?.(rest, stream);
  });
  return () => text;
}

function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // It ended by itself.
  }
}

/** The child's exit code, once its output has been read too. */
function ended(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      const status = code ?? 128 + (signal ? constants.signals[signal] : 0);
      const timer = setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
        resolve(status);
      }, outputGraceMs);
      child.once("close", () => {
        clearTimeout(timer);
        resolve(status);
      });
    });
  });
}

function feed(child: ChildProcess, script: string, input: ScriptOptions["input"]): void {
  const streams = [child.stdin, child.stdio[3]] as const;
  // A script may end before it has read all; its exit code says what came of it.
  for (const stream of streams) stream?.on("error", () => undefined);
  const channel = child.stdio[3];
  if (channel && "end" in channel) channel.end(script);
  child.stdin?.end(input ?? "");
}

async function runShell(
  options: ShellOptions,
  script: string,
  how: ScriptOptions,
): Promise<ScriptResult> {
  const { args = [], input, timeoutMs, signal, onLine } = how;
  // Most runs start no process here, and it takes a tenth of a start to load.
  const { spawn } = await import("node:child_process");
  const cancelled = () =>
    new SdkError(ErrorCode.Cancelled, `a script on ${options.label} was stopped on request`);
  if (signal?.aborted) throw cancelled();
  const [program = "/bin/sh", ...rest] = [...(options.prefix ?? []), ...shell, ...args];
  const child = spawn(program, rest, {
    cwd: "/",
    env: environment(),
    detached: true,
    stdio: ["pipe", "pipe", "pipe", "pipe"],
  });
  const stdout = collect(child, "stdout", onLine);
  const stderr = collect(child, "stderr", onLine);
  let stopped: SdkError | undefined;
  let killer: NodeJS.Timeout | undefined;
  const stop = (error: SdkError) => {
    stopped ??= error;
    killGroup(child.pid, "SIGTERM");
    killer ??= setTimeout(() => killGroup(child.pid, "SIGKILL"), killGraceMs);
  };
  const timer = setTimeout(() => {
    const words = `a script on ${options.label} did not end within ${timeoutMs} ms`;
    stop(new SdkError(ErrorCode.Timeout, words));
  }, timeoutMs);
  const abort = () => stop(cancelled());
  signal?.addEventListener("abort", abort, { once: true });
  try {
    feed(child, script, input);
    const code = await ended(child);
    if (stopped) throw stopped;
    return { code, stdout: stdout(), stderr: stderr() };
  } finally {
    clearTimeout(timer);
    // Of a group that was asked to end, some may have stayed.
    if (killer) killGroup(child.pid, "SIGKILL");
    clearTimeout(killer);
    signal?.removeEventListener("abort", abort);
  }
}

async function dialHere(to: NetConnectOpts): Promise<Duplex> {
  const socket = connect(to);
  const timer = setTimeout(() => {
    socket.destroy(new Error(`no answer within ${dialTimeoutMs} ms`));
  }, dialTimeoutMs);
  try {
    await once(socket, "connect");
    return socket;
  } finally {
    clearTimeout(timer);
  }
}

async function dialSocket(label: string, path: string): Promise<Duplex> {
  try {
    return await dialHere({ path });
  } catch (error) {
    throw new SdkError(ErrorCode.Unreachable, `no connection to ${path} on ${label}`, {
      cause: error,
    });
  }
}

/** A machine whose shell is started by a program of this one. */
export function shellMachine(options: ShellOptions): Machine {
  const run: Machine["run"] = (script, how) => runShell(options, script, how);
  return {
    label: options.label,
    run,
    readFile: (path) => readFileBy(run, options.label, path),
    writeFile: (path, content, attributes) =>
      writeFileBy(run, options.label, path, content, attributes),
    dial: async (path) => dialSocket(options.label, (await options.socketPath?.(path)) ?? path),
    dialTcp: (host, port) => dialHere({ host, port }),
    close: () => undefined,
  };
}

/** The machine that this program runs on. */
export function localMachine(): Machine {
  const machine = shellMachine({ label: `this machine (${hostname()})` });
  const root = process.getuid?.() === 0;
  const run: Machine["run"] = (script, how) => {
    if (root) return machine.run(script, how);
    const words = `only root may change ${machine.label}, and this program is run by another user`;
    return Promise.reject(new SdkError(ErrorCode.Refused, words, { fix: "run it as root" }));
  };
  return {
    ...machine,
    run,
    readFile: (path) => readFileBy(run, machine.label, path),
    writeFile: (path, content, attributes) =>
      writeFileBy(run, machine.label, path, content, attributes),
  };
}
