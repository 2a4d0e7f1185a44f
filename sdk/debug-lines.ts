// The SDK sends a debug line to the engine in a call of its own, four or more for each resource that
// is registered, and the engine shows them to `pulumi up --debug` alone: with 75 resources they were
// 270 of the 350 calls of a program, and a third of the processor time that each further resource
// took. So lines that come close together go in one call (12 in place of the 270), in their order, and
// always before what is logged after them. Nothing is left out but secrets: the SDK writes them into
// these lines as they are, and the engine these lines into its event log (`--event-log`), whether or
// not anybody asked for them.
import * as pulumi from "@pulumi/pulumi";

/** What of `pulumi.log` a line goes through. */
export type Log = Pick<typeof pulumi.log, "debug" | "info" | "warn" | "error">;

/** How long a line waits at most for others, in milliseconds. A program's end waits for none. */
const waitMs = 250;

/**
 * What marks a secret, or an output that may be one, in what the SDK sends.
 * Specification: pulumi/pulumi, sdk/go/common/resource/properties.go.
 */
const secretMarks = /1b47061264138c4ac30d75fd1eb44270|d0e6a833031e9bbcd3f4e8bde6ca49a4/;

/** A line up to its first secret: where one ends cannot be told from a line. */
export function withoutSecrets(line: string): string {
  const at = line.search(secretMarks);
  return at < 0 ? line : `${line.slice(0, at)}[secret, and what follows it]`;
}

interface Batch {
  readonly lines: string[];
  readonly sent: Promise<void>;
  readonly settle: (sent: Promise<void>) => void;
  readonly timer: NodeJS.Timeout;
}

function makeBatch(flush: () => void): Batch {
  let settle: Batch["settle"] = () => undefined;
  const sent = new Promise<void>((resolve) => {
    settle = resolve;
  });
  // A program that has nothing else to do ends, and its end sends the lines.
  return { lines: [], sent, settle, timer: setTimeout(flush, waitMs).unref() };
}

/**
 * Makes `log` gather the debug lines that `isOurs` at the time of the call; gives what sends those
 * that wait.
 */
export function gatherDebugLines(log: Log, isOurs: () => boolean): () => void {
  const names = ["debug", "info", "warn", "error"] as const;
  // Another release of the SDK may not have them to be set: then all is as it is without this.
  const isSettable = (name: string) =>
    Object.getOwnPropertyDescriptor(log, name)?.writable === true;
  if (!names.every(isSettable)) return () => undefined;
  const { debug, info, warn, error } = log;
  let batch: Batch | undefined;
  const flush = (): void => {
    if (batch === undefined) return;
    const { lines, settle, timer } = batch;
    batch = undefined;
    clearTimeout(timer);
    settle(debug(lines.join("\n")));
  };
  const gather: Log["debug"] = (whole, ...rest) => {
    const line = withoutSecrets(whole);
    // What is said of a resource, or of a stream, stays what it is.
    if (rest.some((given) => given !== undefined) || !isOurs()) {
      flush();
      return debug(line, ...rest);
    }
    batch ??= makeBatch(flush);
    batch.lines.push(line);
    return batch.sent;
  };
  const after =
    (say: Log["info"]): Log["info"] =>
    (...args) => {
      flush();
      return say(...args);
    };
  Object.assign(log, {
    debug: gather,
    info: after(info),
    warn: after(warn),
    error: after(error),
  });
  return flush;
}

/**
 * Does so in a program that the engine runs. The SDK waits for what begins when a program has nothing
 * left to do. An inline program of the automation API, which is one of many in its process, has
 * an engine of its own, and is left alone.
 */
export function gatherLinesOfProgram(env: NodeJS.ProcessEnv = process.env): void {
  if (!env["PULUMI_NODEJS_ENGINE"]) return;
  const engine = pulumi.runtime.getEngine();
  const flush = gatherDebugLines(pulumi.log, () => pulumi.runtime.getEngine() === engine);
  process.on("beforeExit", flush);
}
