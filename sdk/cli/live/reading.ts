// Reading the logs of many containers as one. What is followed is read again after its connection was
// lost, from the last line that was read.
import { setTimeout as sleep } from "node:timers/promises";
import { DockerApiError } from "../../docker/api-error.ts";
import type { LogQuery } from "../../docker/logs.ts";
import type { LiveHosts } from "./ask.ts";
import { type LogLine, linesOf } from "./lines.ts";
import { Merger } from "./merge.ts";
import type { LogsOptions } from "./options.ts";
import type { Row } from "./states.ts";
import { complainOf } from "./stream.ts";

/** How long a line waits for an earlier one of another container that is followed. */
const windowMs = 250;
/** What is lost is tried again so soon, then later and later. */
const firstPauseMs = 500;
const longestPauseMs = 5_000;

/** Who writes. */
export type Writer = Pick<Row, "service" | "name" | "host" | "container"> & {
  /** What the screen calls it, on its host. */
  readonly label: string;
};

/** A container whose log is read. */
export type Read = Writer & { readonly id: string };

export type Entry = LogLine & Writer;

/** Without the fix: it is tried again anyway. */
const firstLine = (words: string): string => words.split("\n")[0] ?? "";

/** A pause before something is tried again, each longer than the last one; ends at once on abort. */
export class Patience {
  readonly #signal: AbortSignal;
  #ms = firstPauseMs;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  async pause(): Promise<void> {
    await sleep(this.#ms, undefined, { signal: this.#signal }).catch(() => undefined);
    this.#ms = Math.min(this.#ms * 2, longestPauseMs);
  }

  reset(): void {
    this.#ms = firstPauseMs;
  }
}

export class LogReading {
  readonly hosts: LiveHosts;
  readonly options: LogsOptions;
  readonly signal: AbortSignal;
  readonly #merger: Merger<Entry>;
  /** Containers that are being read, by id, and those to be read again once that has ended. */
  readonly #reading = new Set<string>();
  readonly #again = new Set<string>();
  /** The time of the last line of each, and since when those are read that have written none. */
  readonly #seen = new Map<string, string>();
  readonly #first = new Map<string, LogQuery>();
  /** Hosts that do not answer. */
  readonly #lost = new Set<string>();
  broke = false;

  constructor(hosts: LiveHosts, options: LogsOptions, signal: AbortSignal) {
    this.hosts = hosts;
    this.options = options;
    this.signal = signal;
    this.#merger = new Merger({
      ...(options.follow ? { windowMs } : {}),
      endsWithSources: options.follow !== true,
      onTrouble: () => undefined,
    });
    signal.addEventListener("abort", () => this.#merger.close(), { once: true });
  }

  get entries(): AsyncIterable<Entry> {
    return this.#merger;
  }

  /** Adds what is read otherwise. */
  add(entries: AsyncIterable<Entry>): Promise<void> {
    return this.#merger.add(entries);
  }

  /** Reads a container's log, from the last line of it that was read. */
  read(one: Read, query: LogQuery): void {
    // One that is started again while the end of its log is still being read is read again after that.
    if (this.#reading.has(one.id)) this.#again.add(one.id);
    if (this.#reading.has(one.id)) return;
    this.#reading.add(one.id);
    const { docker } = this.hosts.named(one.host);
    const { follow = false } = this.options;
    const asked = { ...this.#from(one.id, query), follow, timestamps: true };
    // A reader may be slow, such as a pager.
    const calls = { signal: this.signal, timeoutMs: Number.POSITIVE_INFINITY };
    const chunks = docker.containers.streamLogs(one.id, asked, calls);
    void this.#merger.add(this.#entriesOf(one, linesOf(chunks))).then(() => {
      this.#reading.delete(one.id);
      if (this.#again.delete(one.id)) this.read(one, query);
    });
  }

  /** From where on: the first time as asked, then from the last line on. */
  #from(id: string, query: LogQuery): LogQuery {
    const first = this.#first.get(id);
    const seen = this.#seen.get(id);
    if (seen !== undefined) return { sinceMs: Date.parse(seen) };
    // Lines that were left out the first time are left out still.
    if (first === undefined) {
      this.#first.set(id, query.tail === undefined ? query : { sinceMs: Date.now() });
    }
    return first ?? query;
  }

  async *#entriesOf(one: Read, lines: AsyncIterable<LogLine>): AsyncGenerator<Entry> {
    const { id, ...writer } = one;
    const seen = this.#seen.get(id);
    try {
      for await (const line of lines) {
        if (seen !== undefined && line.time <= seen) continue;
        this.#seen.set(id, line.time);
        yield { ...line, ...writer };
      }
    } catch (error) {
      this.#broken(one, error);
    }
  }

  #broken(one: Read, error: unknown): void {
    const words = `${one.container}: ${this.hosts.explain(error)}`;
    if (!this.options.follow) this.trouble(one.host, words);
    if (!this.options.follow) return;
    if (error instanceof DockerApiError && error.status === 404) return;
    void new Patience(this.signal).pause().then(() => {
      // A host that is lost says so itself, and is listed again once it answers.
      if (this.signal.aborted || this.#lost.has(one.host)) return;
      this.trouble(one.host, firstLine(words));
      this.read(one, {});
    });
  }

  trouble(host: string, why: string): void {
    if (this.signal.aborted) return;
    this.broke = true;
    complainOf([{ name: host, trouble: why }]);
  }

  /** A host does not answer any more: said once, until it answers again. */
  lost(host: string, why: string): void {
    if (this.#lost.has(host)) return;
    this.#lost.add(host);
    this.trouble(host, `${firstLine(why)}; it is tried again until it answers`);
  }

  /** A host answers. */
  answers(host: string): void {
    if (this.#lost.delete(host)) complainOf([{ name: host, trouble: "it answers again" }]);
  }
}
