// Containers. Specification: Docker Engine API, /containers.
// Removing waits until the container is really gone, so that its name can be used again.

import type { Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { ErrorCode, SdkError } from "../errors.ts";
import { DockerApiError } from "./api-error.ts";
import { encodePath, longTimeoutMs, type Query } from "./call.ts";
import { joinLog, type LogQuery, logQuery, readLog } from "./logs.ts";
import { type ConsoleSize, type Outputs, streamsOf } from "./session.ts";
import type { Transport } from "./transport.ts";
import type {
  CallOptions,
  ContainerCreateBody,
  ContainerInspect,
  ContainerSummary,
  ContainerUpdateBody,
  Filters,
  LogChunk,
} from "./types.ts";

/** How long a removal that another caller began is waited for. */
const removalTimeoutMs = 60_000;
const removalPollMs = 50;

export interface CreateOptions extends CallOptions {
  readonly platform?: string;
  /** Gets what the daemon left out, or did otherwise, in its own words. */
  readonly onWarnings?: (warnings: readonly string[]) => void;
}

interface CreateAnswer {
  readonly Id: string;
  readonly Warnings?: readonly string[] | null;
}

/** A container's streams. Read both outputs, or `resume()` them: unread output stops the process. */
export interface AttachSession extends Outputs {
  readonly stdin: Writable;
  /** When the container has ended its output, or the connection was closed. */
  readonly done: Promise<void>;
  close(): void;
}

export type WaitCondition = "not-running" | "next-exit" | "removed";

export class ContainersApi {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  async list(
    query: { readonly all?: boolean; readonly filters?: Filters } = {},
    options?: CallOptions,
  ): Promise<readonly ContainerSummary[]> {
    return this.#transport.jsonOf({
      doing: "list containers",
      method: "GET",
      path: "/containers/json",
      query: { all: query.all, filters: query.filters && JSON.stringify(query.filters) },
      options,
    });
  }

  /**
   * Makes a container; a name in use is a DockerApiError with status 409. Without a name the daemon
   * chooses one. Returns the id.
   */
  async create(
    name: string | undefined,
    body: ContainerCreateBody,
    options: CreateOptions = {},
  ): Promise<string> {
    const made = await this.#transport.jsonOf<CreateAnswer>({
      doing: name === undefined ? "create a container" : `create the container "${name}"`,
      method: "POST",
      path: "/containers/create",
      query: { name, platform: options.platform },
      json: body,
      options,
    });
    options.onWarnings?.(made.Warnings ?? []);
    return made.Id;
  }

  async inspect(idOrName: string, options?: CallOptions): Promise<ContainerInspect | undefined> {
    return this.#transport.json({
      doing: `inspect the container "${idOrName}"`,
      method: "GET",
      path: `/containers/${encodePath(idOrName)}/json`,
      accept: [404],
      options,
    });
  }

  /**
   * Starts it; done when it runs already. With `once` it is sent once: what ends quickly may have ended
   * when a call that broke is sent again, and would then run a second time.
   */
  async start(id: string, options: CallOptions & { readonly once?: boolean } = {}): Promise<void> {
    await this.#post(id, "start", {}, { options, repeatable: options.once !== true });
  }

  /** Stops it; done when it does not run. The daemon counts grace in whole seconds. */
  async stop(id: string, options: CallOptions & { readonly graceMs?: number } = {}): Promise<void> {
    const { graceMs } = options;
    const query = { t: graceMs === undefined ? undefined : Math.ceil(graceMs / 1000) };
    const timeoutMs = (graceMs ?? 60_000) + 60_000;
    await this.#post(id, "stop", query, { options, repeatable: true, timeoutMs });
  }

  async restart(
    id: string,
    options: CallOptions & { readonly graceMs?: number } = {},
  ): Promise<void> {
    const { graceMs } = options;
    const query = { t: graceMs === undefined ? undefined : Math.ceil(graceMs / 1000) };
    await this.#post(id, "restart", query, { options, timeoutMs: (graceMs ?? 60_000) + 60_000 });
  }

  /** Sends a signal; a container that does not run is a DockerApiError with status 409. */
  async kill(id: string, signal = "SIGKILL", options?: CallOptions): Promise<void> {
    await this.#post(id, "kill", { signal }, { options });
  }

  async pause(id: string, options?: CallOptions): Promise<void> {
    await this.#post(id, "pause", {}, { options });
  }

  async unpause(id: string, options?: CallOptions): Promise<void> {
    await this.#post(id, "unpause", {}, { options });
  }

  async rename(id: string, name: string, options?: CallOptions): Promise<void> {
    await this.#post(id, "rename", { name }, { options });
  }

  /** Changes limits and restart policy in place. Returns the daemon's warnings. */
  async update(
    id: string,
    body: ContainerUpdateBody,
    options?: CallOptions,
  ): Promise<readonly string[]> {
    const answer = await this.#transport.jsonOf<{ readonly Warnings?: readonly string[] | null }>({
      doing: `update the container "${id}"`,
      method: "POST",
      path: `/containers/${encodePath(id)}/update`,
      json: body,
      repeatable: true,
      options,
    });
    return answer.Warnings ?? [];
  }

  /** Removes it and waits until it is gone; false when there was none. */
  async remove(
    id: string,
    options: CallOptions & { readonly force?: boolean; readonly volumes?: boolean } = {},
  ): Promise<boolean> {
    try {
      const status = await this.#transport.done({
        doing: `remove the container "${id}"`,
        method: "DELETE",
        path: `/containers/${encodePath(id)}`,
        query: { force: options.force, v: options.volumes },
        accept: [404],
        options,
      });
      return status !== 404;
    } catch (error) {
      // Also the status for "it is running": only its state tells the two apart.
      if (!(error instanceof DockerApiError) || error.status !== 409) throw error;
      await this.#waitUntilGone(id, options, error);
      return true;
    }
  }

  /** Standard output and error in the order they were written. */
  async logs(id: string, query: LogQuery = {}, options?: CallOptions): Promise<string> {
    return joinLog(await this.#openLog(id, { ...query, follow: false }, options));
  }

  /** The log as it is written, until the container stops, the caller leaves or the signal comes. */
  async *streamLogs(
    id: string,
    query: LogQuery & { readonly follow?: boolean } = {},
    options?: CallOptions,
  ): AsyncGenerator<LogChunk> {
    yield* await this.#openLog(id, { follow: true, ...query }, options);
  }

  /** Takes its streams over, before or after its start: what it writes from then on. */
  async attach(
    id: string,
    { tty }: { readonly tty: boolean },
    options?: CallOptions,
  ): Promise<AttachSession> {
    const hijacked = await this.#transport.hijack({
      doing: `attach to the container "${id}"`,
      method: "POST",
      path: `/containers/${encodePath(id)}/attach`,
      query: { stream: true, stdin: true, stdout: true, stderr: true },
      options,
      timeoutMs: Number.POSITIVE_INFINITY,
    });
    const { socket } = hijacked;
    const { stdin, stdout, stderr, copied } = streamsOf(hijacked, tty);
    const done = copied.finally(() => {
      for (const output of [stdout, stderr]) output.end();
      socket.destroy();
    });
    // A caller that only waits for the container's end sees the exit code there.
    done.catch(() => undefined);
    return { stdin, stdout, stderr, done, close: () => socket.destroy() };
  }

  /** Tells the container's TTY its size. */
  async resize(id: string, { rows, columns }: ConsoleSize, options?: CallOptions): Promise<void> {
    await this.#post(id, "resize", { h: rows, w: columns }, { options, repeatable: true });
  }

  /** Waits for the condition (10 minutes unless told) and gives the exit code. */
  async wait(
    id: string,
    condition: WaitCondition = "not-running",
    options?: CallOptions,
  ): Promise<number> {
    const answer = await this.#transport.jsonOf<{ readonly StatusCode: number }>({
      doing: `wait for the container "${id}" (${condition})`,
      method: "POST",
      path: `/containers/${encodePath(id)}/wait`,
      query: { condition },
      repeatable: condition !== "next-exit",
      options,
      timeoutMs: 10 * 60_000,
    });
    return answer.StatusCode;
  }

  /**
   * Unpacks a tar, with its owners, into the folder `path` of the container, which need not run. Unless
   * `overwrite` says so, no file takes the place of a folder, nor a folder that of a file.
   */
  async putArchive(
    id: string,
    path: string,
    tar: Readable | Buffer,
    options: CallOptions & { readonly overwrite?: boolean } = {},
  ): Promise<void> {
    await this.#transport.done({
      doing: `copy files into ${path} of the container "${id}"`,
      method: "PUT",
      path: `/containers/${encodePath(id)}/archive`,
      query: { path, noOverwriteDirNonDir: options.overwrite !== true },
      body: tar,
      contentType: "application/x-tar",
      repeatable: true,
      options,
      timeoutMs: longTimeoutMs,
    });
  }

  /** A tar of `path`; a path that is not there is a DockerApiError with status 404. */
  async getArchive(id: string, path: string, options?: CallOptions): Promise<Readable> {
    return this.#transport.stream({
      doing: `copy ${path} out of the container "${id}"`,
      method: "GET",
      path: `/containers/${encodePath(id)}/archive`,
      query: { path },
      options,
      timeoutMs: longTimeoutMs,
    });
  }

  /** Whether there is something at `path`; what only a tmpfs of the container has is not seen. */
  async hasPath(id: string, path: string, options?: CallOptions): Promise<boolean> {
    const status = await this.#transport.done({
      doing: `look for ${path} in the container "${id}"`,
      method: "HEAD",
      path: `/containers/${encodePath(id)}/archive`,
      query: { path },
      accept: [404],
      options,
    });
    return status !== 404;
  }

  async #post(
    id: string,
    verb: string,
    query: Query,
    rest: {
      readonly options: CallOptions | undefined;
      readonly repeatable?: boolean;
      readonly timeoutMs?: number;
    },
  ): Promise<void> {
    await this.#transport.done({
      doing: `${verb} the container "${id}"`,
      method: "POST",
      path: `/containers/${encodePath(id)}/${verb}`,
      query,
      accept: [304],
      ...rest,
    });
  }

  async #openLog(
    id: string,
    query: LogQuery & { readonly follow: boolean },
    options: CallOptions | undefined,
  ): Promise<AsyncGenerator<LogChunk>> {
    const doing = `read the log of the container "${id}"`;
    const answer = await this.#transport.send({
      doing,
      method: "GET",
      path: `/containers/${encodePath(id)}/logs`,
      query: logQuery(query),
      options,
      timeoutMs: query.follow ? Number.POSITIVE_INFINITY : undefined,
    });
    const type = answer.headers["content-type"];
    const read = (tty: boolean) =>
      readLog(answer.body, tty, { doing, where: this.#transport.where });
    if (type === "application/vnd.docker.multiplexed-stream") return read(false);
    if (type === "application/vnd.docker.raw-stream") return read(true);
    // Daemons before API 1.42 do not say which of the two it is.
    const inspected = await this.inspect(id, options);
    return read(inspected?.Config.Tty ?? false);
  }

  async #waitUntilGone(
    id: string,
    options: CallOptions & { readonly force?: boolean },
    cause: DockerApiError,
  ): Promise<void> {
    const deadline = performance.now() + (options.timeoutMs ?? removalTimeoutMs);
    for (;;) {
      const inspected = await this.inspect(id, options);
      if (!inspected) return;
      const { Status } = inspected.State;
      // A forced removal is refused for no other reason than one that is under way.
      const going = options.force === true || Status === "removing" || Status === "dead";
      if (!going) throw cause;
      if (performance.now() > deadline) {
        throw new SdkError(
          ErrorCode.Timeout,
          `the container "${id}" on ${this.#transport.where} is still there, last seen "${Status}"`,
          { fix: "look at the daemon's log: something keeps its file system busy", cause },
        );
      }
      await sleep(removalPollMs, undefined, { signal: options.signal });
    }
  }
}
