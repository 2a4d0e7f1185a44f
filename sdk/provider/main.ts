// The plugin's process, started by launcher.sh: `ENGINE_ADDRESS` for one instance, which prints the port
// it listens on and ends when its engine does: on SIGINT, and when standard input, which the engine
// holds, closes; `--hub ROOM ENGINE_ADDRESS` for many, until all have left.

import { describeError } from "../errors.ts";
import { giveCompilersAfter } from "./compilers.ts";
import { connectEngineLog, type EngineLog, silentLog } from "./enginelog.ts";
import { runHub } from "./hub.ts";
import { type Served, serve } from "./serve.ts";

/** What is still at work then, in milliseconds, is worth compiling. */
const longMs = 5_000;

const logOf = (engineAddress: string | undefined): EngineLog =>
  engineAddress ? connectEngineLog(engineAddress) : silentLog;

async function runAlone(engineAddress: string | undefined): Promise<void> {
  const served = await serve(logOf(engineAddress));
  process.on("unhandledRejection", (reason) => {
    process.stderr.write(`${served.instance.explain(reason)}\n`);
  });
  let ending = false;
  const end = async (): Promise<void> => {
    if (ending) return;
    ending = true;
    await served.end();
    process.exit(0);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => void end());
  process.stdin.on("end", () => void end());
  process.stdin.on("error", () => void end());
  process.stdin.resume();
  process.stdout.write(`${served.port}\n`);
}

async function runMany(room: string, engineAddress: string | undefined): Promise<void> {
  const served = new Set<Served>();
  // One connection for all; no instance closes it for the others.
  const log = logOf(engineAddress);
  const shared: EngineLog = { ...log, close: () => undefined };
  // What went wrong with nobody to tell it to. Nobody reads this process's standard error.
  const tell = (reason: unknown) => {
    let text = describeError(reason);
    for (const { instance } of served) text = instance.scrubber.scrub(text);
    log.log({ severity: "warning", text, urn: "", ephemeral: false });
  };
  process.on("unhandledRejection", tell);
  process.on("uncaughtException", (error) => {
    tell(error);
    void log.flush().finally(() => process.exit(1));
  });
  try {
    await runHub({ room, served, open: () => serve(shared) });
  } finally {
    process.exit(0);
  }
}

async function main(): Promise<void> {
  // The launcher's, for this process alone.
  for (const name of ["MALLOC_ARENA_MAX", "MALLOC_TRIM_THRESHOLD_"]) delete process.env[name];
  giveCompilersAfter(longMs);
  const [first, room, engineAddress] = process.argv.slice(2);
  if (first === "--hub" && room !== undefined) await runMany(room, engineAddress);
  else await runAlone(process.argv.slice(2).findLast((argument) => !argument.startsWith("-")));
}

void main();
