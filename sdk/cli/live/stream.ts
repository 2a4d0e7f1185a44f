// How verbs that go on speak: line after line at the reader's pace, until the reader goes, a signal
// comes, or there is no more. Colour is for terminals alone.
import { onSignals, signalExitCode } from "../signals.ts";
import type { HostOutcome } from "./ask.ts";

/** Tells on standard error which hosts did not answer. */
export function complainOf(hosts: readonly HostOutcome[]): void {
  for (const { name, trouble } of hosts) {
    if (trouble !== undefined) process.stderr.write(`dockwright: ${name}: ${trouble}\n`);
  }
}

/** Standard output. Whoever reads it may go away at any time: that ends the work, and is no error. */
export interface Outlet {
  /** Resolves when the reader can take more; at once when it is gone. */
  write(text: string): Promise<void>;
}

/**
 * Does some work until it is done, the reader of standard output goes (exit code 0, as of `head`), or
 * SIGINT, SIGTERM or SIGHUP comes (128 and its number).
 */
export async function streaming(
  work: (outlet: Outlet, signal: AbortSignal) => Promise<number>,
): Promise<number> {
  const ending = new AbortController();
  let code: number | undefined;
  const end = (with_: number) => {
    code ??= with_;
    ending.abort();
  };
  const onError = () => end(0);
  const release = onSignals((signal) => end(signalExitCode(signal)));
  // For good: what is written last may fail after the work is done.
  process.stdout.on("error", onError);
  const outlet: Outlet = {
    write: (text) =>
      new Promise((resolve) => {
        if (ending.signal.aborted) resolve();
        else process.stdout.write(text, () => resolve());
      }),
  };
  try {
    const done = await work(outlet, ending.signal);
    return code ?? done;
  } catch (error) {
    if (code !== undefined) return code;
    throw error;
  } finally {
    release();
  }
}

const palette = [36, 33, 32, 35, 34, 96, 93, 92, 95, 94] as const;

/** A colour for each name, in the order in which they come; none outside of a terminal. */
export function painter(coloured: boolean): (name: string, text: string) => string {
  const colours = new Map<string, number>();
  return (name, text) => {
    if (!coloured) return text;
    const colour = colours.get(name) ?? palette[colours.size % palette.length] ?? 36;
    colours.set(name, colour);
    return `\u001b[${colour}m${text}\u001b[0m`;
  };
}

/** Whether colour may be used: in a terminal, unless NO_COLOR is set (no-color.org). */
export function isColoured(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): boolean {
  const { NO_COLOR, TERM } = env;
  return stream.isTTY === true && (NO_COLOR === undefined || NO_COLOR === "") && TERM !== "dumb";
}
