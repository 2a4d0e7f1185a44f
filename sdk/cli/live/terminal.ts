// Our own three streams for those of a process in a container. In a terminal every key goes to it, and
// it learns the size; in a pipe the end of the input is passed on.
import type { Readable, Writable } from "node:stream";
import type { ConsoleSize } from "../../docker/session.ts";

export interface Streams {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  resize(size: ConsoleSize): Promise<unknown>;
}

/** Whether the process is to have a terminal: where both ends of ours are one. */
export function wantsTty(asked: boolean | undefined): boolean {
  return asked !== false && process.stdin.isTTY && process.stdout.isTTY;
}

/** Joins them; returns what lets go again, and gives the terminal back as it was. */
export function joinTerminal(streams: Streams, tty: boolean): () => void {
  const { stdin, stdout, stderr } = process;
  // Both may end before the other side has read all.
  streams.stdin.on("error", () => undefined);
  const measure = () => {
    const { rows, columns } = stdout;
    streams.resize({ rows, columns }).catch(() => undefined);
  };
  if (tty) {
    stdin.setRawMode(true);
    stdout.on("resize", measure);
    measure();
  }
  stdin.pipe(streams.stdin);
  streams.stdout.pipe(stdout, { end: false });
  streams.stderr.pipe(stderr, { end: false });
  return () => {
    stdin.unpipe(streams.stdin);
    if (tty) {
      stdin.setRawMode(false);
      stdout.off("resize", measure);
    }
    // An open standard input would keep this process.
    stdin.destroy();
  };
}
