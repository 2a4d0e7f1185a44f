// Commands in running containers, over a hijacked connection: standard input can be ended on its
// own, and closing our end gives the process end-of-file. Docker cannot kill an exec'd process: a
// call that is cut off by its limit closes its input and leaves it.
// Specification: POST /containers/{id}/exec, /exec/{id}/start; GET /exec/{id}/json.
import type { Duplex, PassThrough, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { ErrorCode, SdkError } from "../errors.ts";
import { encodePath } from "./call.ts";
import { cutBy } from "./cut-answer.ts";
import { type ConsoleSize, streamsOf } from "./session.ts";
import type { Transport } from "./transport.ts";
import type { CallOptions, ExecCommand, ExecResult } from "./types.ts";

/** How long the daemon may take to notice that a process whose output ended has ended. */
const exitTimeoutMs = 10_000;
const exitPollMs = 20;

/** A running command. Read both outputs, or `resume()` them: unread output stops the process. */
export interface ExecSession {
  readonly stdin: Writable;
  readonly stdout: PassThrough;
  readonly stderr: PassThrough;
  /** The exit code, once the process ended and its output was read. */
  readonly done: Promise<number>;
  /** Tells a TTY its size. */
  resize(size: ConsoleSize): Promise<void>;
  /** Hangs up; the process gets end-of-file on its input. */
  close(): void;
}

interface ExecState {
  readonly Running: boolean;
  readonly ExitCode: number | null;
}

function describe(id: string, command: ExecCommand): string {
  // Arguments can be secret; the program's name says enough.
  return `run "${command.cmd[0] ?? ""}" in the container "${id}"`;
}

async function collect(stream: AsyncIterable<unknown>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

export class ExecApi {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Runs a command to its end, 60 s unless told. Its exit code is a value, not an error. */
  async run(
    id: string,
    command: ExecCommand & { readonly input?: string | Buffer },
    options: CallOptions = {},
  ): Promise<ExecResult> {
    const session = await this.#open(id, command, options, command.input !== undefined);
    session.stdin.on("error", () => {
      // A process may end without reading its input; its exit code says what became of it.
    });
    session.stdin.end(command.input);
    const [stdout, stderr, exitCode] = await Promise.all([
      collect(session.stdout),
      collect(session.stderr),
      session.done,
    ]);
    return { exitCode, stdout, stderr };
  }

  /** Starts a command and gives its streams; bounded only by `options`. */
  async open(id: string, command: ExecCommand, options: CallOptions = {}): Promise<ExecSession> {
    const timeoutMs = options.timeoutMs ?? Number.POSITIVE_INFINITY;
    return this.#open(id, command, { ...options, timeoutMs }, true);
  }

  async #open(
    id: string,
    command: ExecCommand,
    options: CallOptions,
    attachStdin: boolean,
  ): Promise<ExecSession> {
    const doing = describe(id, command);
    const { tty = false } = command;
    const { Id } = await this.#transport.jsonOf<{ readonly Id: string }>({
      doing,
      method: "POST",
      path: `/containers/${encodePath(id)}/exec`,
      json: {
        AttachStdin: attachStdin,
        AttachStdout: true,
        AttachStderr: true,
        Cmd: command.cmd,
        User: command.user,
        WorkingDir: command.workingDir,
        Env: command.env,
        Privileged: command.privileged,
        Tty: tty,
      },
      options: { signal: options.signal },
    });
    const hijacked = await this.#transport.hijack({
      doing,
      method: "POST",
      path: `/exec/${encodePath(Id)}/start`,
      json: { Detach: false, Tty: tty },
      options,
    });
    const { socket } = hijacked;
    const { stdin, stdout, stderr, copied } = streamsOf(hijacked, tty);
    const done = this.#finish(doing, Id, copied, { socket, outputs: [stdout, stderr] });
    // A caller that only reads the streams sees the failure there.
    done.catch(() => undefined);
    const resize = ({ rows, columns }: ConsoleSize) => this.#resize(Id, rows, columns);
    return { stdin, stdout, stderr, done, resize, close: () => socket.destroy() };
  }

  async #resize(execId: string, rows: number, columns: number): Promise<void> {
    await this.#transport.done({
      doing: "tell a terminal its size",
      method: "POST",
      path: `/exec/${encodePath(execId)}/resize`,
      query: { h: rows, w: columns },
      repeatable: true,
    });
  }

  async #finish(
    doing: string,
    execId: string,
    copied: Promise<void>,
    session: { readonly socket: Duplex; readonly outputs: readonly PassThrough[] },
  ): Promise<number> {
    try {
      await copied;
    } catch (error) {
      const cause = session.socket.errored ?? error;
      // Closed by us: no failure, the outputs just end here.
      if ((cause as NodeJS.ErrnoException).code !== "ERR_STREAM_PREMATURE_CLOSE") {
        const told = cutBy(doing, this.#transport.where, cause);
        for (const output of session.outputs) output.destroy(told);
        throw told;
      }
    }
    for (const output of session.outputs) output.end();
    session.socket.destroy();
    return this.#exitCode(doing, execId);
  }

  // The output ends a moment before the daemon has recorded the exit.
  async #exitCode(doing: string, execId: string): Promise<number> {
    const deadline = performance.now() + exitTimeoutMs;
    for (;;) {
      const state = await this.#transport.jsonOf<ExecState>({
        doing,
        method: "GET",
        path: `/exec/${encodePath(execId)}/json`,
      });
      if (!state.Running && state.ExitCode !== null) return state.ExitCode;
      if (performance.now() > deadline) {
        throw new SdkError(
          ErrorCode.Timeout,
          `cannot ${doing}: its output ended, but it still runs after ${exitTimeoutMs} ms`,
          { fix: "end the process in the container; it ignores the end of its input" },
        );
      }
      await sleep(exitPollMs);
    }
  }
}
