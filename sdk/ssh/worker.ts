// A channel on which the wrapper runs: scripts go through it one after the other, each bounded,
// streamed, and ended over there when it is ended here. A channel that breaks leaves open whether
// its script ended; that is an error of its own and never an exit code.

import { randomBytes } from "node:crypto";
import type { ClientChannel } from "ssh2";
import { ErrorCode, SdkError } from "../errors.ts";
import { cancelled, type SshConnection } from "./connection.ts";
import { lostError, SshError, SshProblem } from "./errors.ts";
import { findMark, type MarkFinder } from "./marks.ts";
import { type Become, beginMark, type Work, wrapperCommand, wrapperFrames } from "./wrapper.ts";

/** What takes a stream's bytes. */
export interface Sink {
  readonly write: (chunk: Buffer) => void;
}

export interface WorkOptions {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly stdout: Sink;
  readonly stderr: Sink;
}

export interface Worker {
  /** Whether it takes another script. */
  readonly usable: boolean;
  /** The script's exit code. One at a time. */
  run(work: Work, options: WorkOptions): Promise<number>;
  close(): void;
}

/** How long the far side has to end a script before this side stops waiting for it. */
const stopGraceMs = 8_000;
/** How long sshd's word of the end is waited for once the channel is closed. */
const lossGraceMs = 50;
const longestPreludeBytes = 4096;
const tokenBytes = 16;

/** One stream: the login shell's talk, then output of scripts, each up to its mark. */
class Side {
  /** The end of what was said before the wrapper began. */
  prelude = "";
  begun = false;
  #finder: MarkFinder;
  #onMark: ((rest: Buffer) => void) | undefined;
  /** What is looked for once the wrapper has begun. */
  #next: MarkFinder | undefined;

  constructor() {
    this.#finder = findMark(`${beginMark}\n`, (chunk) => {
      this.prelude = (this.prelude + chunk.toString("utf8")).slice(-longestPreludeBytes);
    });
  }

  push(chunk: Buffer): void {
    const rest = this.#finder.push(chunk);
    if (rest === undefined) return;
    if (!this.begun) {
      this.begun = true;
      this.#finder = this.#next ?? ignore;
      this.push(rest);
      return;
    }
    this.#finder = ignore;
    this.#onMark?.(rest);
  }

  /** From now on output goes to `sink`; settles with what comes after the mark, to the line's end. */
  expect(mark: string, sink: Sink): Promise<string> {
    return new Promise((resolve) => {
      const found = findMark(mark, sink.write);
      this.#onMark = (rest) => {
        let line = "";
        this.#finder = findMark("\n", (chunk) => {
          line += chunk.toString("latin1");
        });
        this.#onMark = () => resolve(line);
        this.push(rest);
      };
      if (this.begun) this.#finder = found;
      else this.#next = found;
    });
  }
}

/** What nobody waits for: said by something that a script left behind. */
const ignore: MarkFinder = { push: () => undefined };

/** Opens a channel with the wrapper on it. `password` is for sudo. */
export async function openWorker(
  connection: SshConnection,
  become: Become,
  password: string | undefined,
): Promise<Worker> {
  const channel = await connection.exec(wrapperCommand(become));
  if (become === "password") channel.write(`${password ?? ""}\n`);
  return new ChannelWorker(connection, channel);
}

class ChannelWorker implements Worker {
  readonly #connection: SshConnection;
  readonly #channel: ClientChannel;
  readonly #stdout = new Side();
  readonly #stderr = new Side();
  readonly #closed: Promise<undefined>;
  #exitCode: number | null = null;
  usable = true;

  constructor(connection: SshConnection, channel: ClientChannel) {
    this.#connection = connection;
    this.#channel = channel;
    channel.on("data", (chunk: Buffer) => this.#stdout.push(chunk));
    channel.stderr.on("data", (chunk: Buffer) => this.#stderr.push(chunk));
    // Either stream may fail when the connection does; the end is told by `close`.
    channel.on("error", () => undefined);
    channel.stderr.on("error", () => undefined);
    channel.once("exit", (code: number | null) => {
      this.#exitCode = code;
      this.usable = false;
      // What holds its output open is none of ours any more.
      setTimeout(() => channel.close(), lossGraceMs).unref();
    });
    this.#closed = new Promise((resolve) => {
      channel.once("close", () => {
        this.usable = false;
        resolve(undefined);
      });
    });
  }

  async run(work: Work, options: WorkOptions): Promise<number> {
    const token = randomBytes(tokenBytes).toString("hex");
    const ends = Promise.all([
      this.#stdout.expect(token, options.stdout),
      this.#stderr.expect(token, options.stderr),
    ]);
    const stop = stopper(this.#channel, options, this.#connection.label);
    try {
      for (const frame of wrapperFrames(token, work)) this.#channel.write(frame);
      const ended = await Promise.race([ends, this.#closed, stop.gaveUp]);
      if (stop.reason) throw stop.reason;
      if (!ended) throw await this.#loss();
      const [code = "", left] = ended[0].trim().split(" ");
      if (left !== undefined) this.close();
      return Number(code);
    } catch (error) {
      this.close();
      throw error;
    } finally {
      stop.release();
    }
  }

  close(): void {
    this.usable = false;
    // The lifeline: the wrapper ends, and with it what it runs.
    this.#channel.end();
    this.#channel.close();
  }

  /** Why the channel closed without an answer. */
  async #loss(): Promise<SdkError> {
    const { label } = this.#connection;
    // It may close a moment before its connection does.
    await new Promise((resolve) => setTimeout(resolve, lossGraceMs));
    if (this.#connection.gone) return this.#connection.gone;
    if (this.#exitCode !== null && !this.#stderr.begun) {
      return neverBegan(label, this.#exitCode, this.#stderr.prelude || this.#stdout.prelude);
    }
    const how = this.#exitCode === null ? "ended" : `ended with exit code ${this.#exitCode}`;
    return lostError(label, new Error(`what runs scripts there ${how}`));
  }
}

function stopper(channel: ClientChannel, options: WorkOptions, label: string) {
  const { signal, timeoutMs } = options;
  let reason: SdkError | undefined;
  let giveUp: NodeJS.Timeout | undefined;
  let onGaveUp: (value: undefined) => void = () => undefined;
  const gaveUp = new Promise<undefined>((resolve) => {
    onGaveUp = resolve;
  });
  const stop = (why: SdkError) => {
    if (reason) return;
    reason = why;
    // Input that has not gone out yet must not arrive either: the script would still begin.
    if (channel.writableLength > 0) channel.close();
    else channel.end();
    giveUp = setTimeout(() => onGaveUp(undefined), stopGraceMs);
  };
  const late = () => {
    const words = `a script on ${label} did not end within ${timeoutMs} ms`;
    stop(new SdkError(ErrorCode.Timeout, words));
  };
  // Longer than setTimeout can hold is as good as for ever.
  const timer = timeoutMs < 2 ** 31 ? setTimeout(late, timeoutMs) : undefined;
  const onAbort = () => stop(cancelled(label, signal));
  if (signal?.aborted) onAbort();
  signal?.addEventListener("abort", onAbort, { once: true });
  return {
    get reason() {
      return reason;
    },
    gaveUp,
    release: () => {
      clearTimeout(timer);
      clearTimeout(giveUp);
      signal?.removeEventListener("abort", onAbort);
    },
  };
}

function neverBegan(label: string, code: number, said: string): SshError {
  const words = said.trim().split("\n").slice(-3).join("; ") || `exit code ${code}`;
  const sudo = /sudo|password/i.test(words);
  return new SshError(
    sudo ? SshProblem.Sudo : SshProblem.Channel,
    `no script can be run on ${label}: ${words}`,
    {
      fix: sudo
        ? "let the user run sudo without a password, or give sudoPassword"
        : "check the user's login shell on the host, and that it has sh, setsid, dd and mktemp",
    },
  );
}
