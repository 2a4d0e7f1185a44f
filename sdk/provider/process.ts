// What the plugin's process does, by its arguments: `ENGINE_ADDRESS` for one instance, which prints the port
// it listens on and ends when its engine does: on SIGINT, and when standard input, which the engine
// holds, closes; `--hub ROOM ENGINE_ADDRESS` for many, until all have left.

import { describeError } from "../errors.ts";
import { connectEngineLog, type EngineLog, silentLog } from "./enginelog.ts";
import { runHub } from "./hub.ts";
import { type Served, serve } from "./serve.ts";

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

/** Serves until the engine is done with it. @param args what launcher.sh gave */
export async function run(args: readonly string[]): Promise<void> {
  const [first, room, engineAddress] = args;
  if (first === "--hub" && room !== undefined) await runMany(room, engineAddress);
  else await runAlone(args.findLast((argument) => !argument.startsWith("-")));
}
