// A machine reached over SSH, as sdk/host/machine.ts describes it. It connects when it is first
// asked for something, and again after a loss; all of its users share the one connection. What is
// lost before it began is begun again; what may have begun is told as lost.

import type { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { ErrorCode, SdkError } from "../errors.ts";
import type { FileAttributes, Machine, ScriptOptions, ScriptResult } from "../host/machine.ts";
import { probeBecome } from "./become.ts";
import {
  ChannelError,
  type ConnectionOptions,
  connectSsh,
  labelOf,
  type SshConnection,
} from "./connection.ts";
import { SshError, SshProblem } from "./errors.ts";
import { readScript, writeScript } from "./files.ts";
import { createGate } from "./gate.ts";
import { createCollector } from "./output.ts";
import { openRelay } from "./relay.ts";
import type { SshTarget } from "./types.ts";
import { openWorker, type Sink, type Worker } from "./worker.ts";
import type { Become } from "./wrapper.ts";

export interface SshMachineOptions extends Omit<ConnectionOptions, "signal"> {
  /** Scripts at once; sshd allows 10 (MaxSessions) by default. @defaultValue 8 */
  readonly channels?: number;
  /** Bytes kept of each stream of a script: its end. @defaultValue 8 MiB */
  readonly keptBytes?: number;
}

interface Sinks {
  readonly stdout: Sink;
  readonly stderr: Sink;
}

/** A connection, and what was found out on it. */
interface Session {
  readonly connection: SshConnection;
  readonly become: Become;
  /** Channels on which nothing runs. */
  readonly idle: Worker[];
  /** By socket path: where the login user reaches a socket that only root may open. */
  readonly relays: Map<string, Promise<string>>;
}

const defaultChannels = 8;
const defaultKeptBytes = 8 * 1024 * 1024;
/** Starts that a busy sshd dropped (MaxStartups) are made again after these pauses, more or less. */
const startPausesMs = [200, 500, 1200];
/** A host that did not answer is not asked again this soon: each user would wait in turn. */
const rememberTimeoutMs = 5_000;
const fileTimeoutMs = 120_000;
const largestFileBytes = 256 * 1024 * 1024;

/** The machine at the far end. Nothing is connected yet. */
export function openSshMachine(target: SshTarget, options: SshMachineOptions = {}): Machine {
  return new SshMachine(target, options);
}

class SshMachine implements Machine {
  readonly label: string;
  readonly #target: SshTarget;
  readonly #options: SshMachineOptions;
  readonly #gate;
  #live: Session | undefined;
  #connecting: Promise<Session> | undefined;
  #closed = false;
  #refusal: { readonly error: unknown; readonly until: number } | undefined;
  readonly #closing = new AbortController();

  constructor(target: SshTarget, options: SshMachineOptions) {
    this.label = labelOf(target);
    this.#target = target;
    this.#options = options;
    this.#gate = createGate(options.channels ?? defaultChannels);
  }

  async run(script: string, how: ScriptOptions): Promise<ScriptResult> {
    const kept = this.#options.keptBytes ?? defaultKeptBytes;
    const { onLine } = how;
    const stdout = createCollector(kept, onLine && ((line) => onLine(line, "stdout")));
    const stderr = createCollector(kept, onLine && ((line) => onLine(line, "stderr")));
    const code = await this.#execute(script, how, { stdout, stderr });
    return { code, stdout: stdout.end(), stderr: stderr.end() };
  }

  async readFile(path: string): Promise<Uint8Array | undefined> {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const stdout = {
      write: (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes <= largestFileBytes) chunks.push(chunk);
      },
    };
    const stderr = createCollector(4096, undefined);
    const how = { args: [path], timeoutMs: fileTimeoutMs };
    const code = await this.#execute(readScript.text, how, { stdout, stderr });
    if (code === readScript.absent) return undefined;
    if (code !== 0) throw this.#failed(`read ${path}`, stderr.end());
    if (bytes > largestFileBytes) throw this.#failed(`read ${path}`, `it has ${bytes} bytes`);
    return Buffer.concat(chunks);
  }

  async writeFile(
    path: string,
    content: string | Uint8Array,
    { mode, owner = "root", group = "root" }: FileAttributes,
  ): Promise<void> {
    const stderr = createCollector(4096, undefined);
    const args = [path, mode.toString(8), owner, group];
    const how = { args, input: content, timeoutMs: fileTimeoutMs };
    const stdout = { write: () => undefined };
    const code = await this.#execute(writeScript, how, { stdout, stderr });
    if (code !== 0) throw this.#failed(`write ${path}`, stderr.end());
  }

  async dial(socketPath: string): Promise<Duplex> {
    return await this.#onSession(undefined, async (session) => {
      const relay = session.relays.get(socketPath);
      if (relay) return await session.connection.forwardUnix(await relay);
      try {
        return await session.connection.forwardUnix(socketPath);
      } catch (error) {
        if (!(error instanceof ChannelError)) throw error;
        if (error.forbidden) throw this.#forwardingForbidden(error);
        return await this.#throughRelay(session, socketPath);
      }
    });
  }

  async dialTcp(host: string, port: number): Promise<Duplex> {
    return await this.#onSession(undefined, (session) => session.connection.forwardTcp(host, port));
  }

  close(): void {
    this.#closed = true;
    this.#closing.abort();
    this.#live?.connection.close();
  }

  /** OpenSSH does not say that it forbids this: but a socket of the user's own fails for nothing else. */
  async #throughRelay(session: Session, socketPath: string): Promise<Duplex> {
    const door = await this.#relay(session, socketPath);
    try {
      return await session.connection.forwardUnix(door);
    } catch (error) {
      throw error instanceof ChannelError ? this.#forwardingForbidden(error) : error;
    }
  }

  /** Root opens what the login user may not, for that user alone. */
  #relay(session: Session, socketPath: string): Promise<string> {
    const found = session.relays.get(socketPath);
    if (found) return found;
    const start = async (sinks: Sinks, script: string) => {
      const worker = await this.#openWorker(session);
      const work = { script, args: [socketPath, this.#target.user] };
      const how = { timeoutMs: Number.POSITIVE_INFINITY, signal: this.#closing.signal };
      return await worker.run(work, { ...how, ...sinks });
    };
    const made = openRelay(this.label, socketPath, start, () => session.relays.delete(socketPath));
    session.relays.set(socketPath, made);
    return made;
  }

  async #execute(script: string, how: ScriptOptions, sinks: Sinks): Promise<number> {
    const leave = await this.#gate.enter(how.signal);
    try {
      const { session, worker } = await this.#onSession(how.signal, async (session) => ({
        session,
        worker: takeIdle(session.idle) ?? (await this.#openWorker(session)),
      }));
      const { args, input, timeoutMs, signal } = how;
      const code = await worker.run({ script, args, input }, { timeoutMs, signal, ...sinks });
      if (worker.usable) session.idle.push(worker);
      return code;
    } finally {
      leave();
    }
  }

  #openWorker({ connection, become }: Session): Promise<Worker> {
    return openWorker(connection, become, this.#target.sudoPassword);
  }

  /** Does what begins nothing that lasts; once more where the connection turns out to be gone. */
  async #onSession<T>(
    signal: AbortSignal | undefined,
    work: (session: Session) => Promise<T>,
  ): Promise<T> {
    const first = await this.#connected(signal);
    try {
      return await work(first);
    } catch (error) {
      if (!(error instanceof SshError) || error.problem !== SshProblem.Lost || this.#closed) {
        throw error;
      }
      return await work(await this.#connected(signal));
    }
  }

  /** The session there is, or a new one. Users that come meanwhile wait for the same. */
  async #connected(signal: AbortSignal | undefined): Promise<Session> {
    if (this.#closed) {
      throw new SdkError(ErrorCode.Cancelled, `the connection to ${this.label} was closed`);
    }
    signal?.throwIfAborted();
    const live = this.#live;
    if (live && !live.connection.gone) return live;
    if (this.#refusal && performance.now() < this.#refusal.until) throw this.#refusal.error;
    this.#connecting ??= this.#connect().finally(() => {
      this.#connecting = undefined;
    });
    return await untilAborted(this.#connecting, signal);
  }

  async #connect(): Promise<Session> {
    const options = { ...this.#options, signal: this.#closing.signal };
    try {
      const connection = await startSsh(this.#target, options);
      const become = this.#live?.become ?? (await probeBecome(connection, this.#target));
      if (this.#closed) connection.close();
      this.#live = { connection, become, idle: [], relays: new Map() };
      return this.#live;
    } catch (error) {
      if (error instanceof SshError && error.problem === SshProblem.Timeout) {
        this.#refusal = { error, until: performance.now() + rememberTimeoutMs };
      }
      throw error;
    }
  }

  #failed(doing: string, stderr: string): SdkError {
    const words = stderr.trim().split("\n").at(-1) ?? "";
    return new SdkError(ErrorCode.CommandFailed, `cannot ${doing} on ${this.label}: ${words}`);
  }

  #forwardingForbidden(cause: Error): SshError {
    return new SshError(SshProblem.Channel, `sshd on ${this.label} forbids socket forwarding`, {
      fix: "allow it in sshd_config: AllowStreamLocalForwarding yes, DisableForwarding no",
      cause,
    });
  }
}

/** The one used last, if it still lives. */
function takeIdle(idle: Worker[]): Worker | undefined {
  for (;;) {
    const worker = idle.pop();
    if (!worker || worker.usable) return worker;
  }
}

/** Connects; again where sshd dropped the start by chance. */
async function startSsh(target: SshTarget, options: ConnectionOptions): Promise<SshConnection> {
  for (const pauseMs of startPausesMs) {
    try {
      return await connectSsh(target, options);
    } catch (error) {
      if (!(error instanceof SshError) || error.problem !== SshProblem.Handshake) throw error;
      await sleep(pauseMs * (0.5 + Math.random()), undefined, { signal: options.signal });
    }
  }
  return await connectSsh(target, options);
}

async function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return await work;
  let stop: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
