// The signals by which a person, a terminal that closes, or a service manager ends a command.
import { constants } from "node:os";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Handles them until what it returns is called; this process does not end by them meanwhile. */
export function onSignals(handle: (signal: NodeJS.Signals) => void): () => void {
  for (const signal of signals) process.on(signal, handle);
  return () => {
    for (const signal of signals) process.off(signal, handle);
  };
}

/** The exit code of what a signal ended, as a shell counts it. */
export const signalExitCode = (signal: NodeJS.Signals): number => 128 + constants.signals[signal];
