// `dockwright logs`: the logs of a stack's containers over all hosts, merged in the order of time. With
// -f it goes on, and takes up what takes the place of a container that goes.
import type { EventStream } from "../../docker/system.ts";
import { ErrorCode, SdkError } from "../../errors.ts";
import { parseUrn, urnLabel } from "../../provider/names.ts";
import { type LiveHost, type LiveHosts, partlyExitCode, withLive } from "./ask.ts";
import { chooseRows } from "./choose.ts";
import { type LogLine, linesOf } from "./lines.ts";
import { lookAt } from "./looked.ts";
import { Merger } from "./merge.ts";
import { parseMomentMs } from "./moment.ts";
import type { LogsOptions } from "./options.ts";
import { claimOf, type Row } from "./states.ts";
import { complainOf, isColoured, type Outlet, painter, streaming } from "./stream.ts";

/** How long a line waits for an earlier one of another container that is followed. */
const windowMs = 250;

/** A container whose log is read. */
type Read = Pick<Row, "service" | "name" | "host" | "container"> & {
  readonly id: string;
};

type Entry = LogLine & Read;

export interface LogQuery {
  readonly sinceMs?: number;
  readonly tail?: number;
}

export function queryOf({ since, tail }: LogsOptions, nowMs: number): LogQuery {
  if (tail !== undefined && tail !== "all" && !/^\d+$/.test(tail)) {
    throw new SdkError(ErrorCode.BadInput, `--tail is "${tail}"; write a number of lines, or all`);
  }
  return {
    ...(since === undefined ? {} : { sinceMs: parseMomentMs("--since", since, nowMs) }),
    ...(tail === undefined || tail === "all" ? {} : { tail: Number(tail) }),
  };
}

/** A line for the screen: `web1/shop-1 | text`, the names as wide as the widest. */
export function lineWriter(
  reads: readonly Read[],
  { timestamps, json }: LogsOptions,
  coloured: boolean,
): (entry: Entry) => string {
  const paint = painter(coloured);
  const title = ({ host, name }: Pick<Read, "host" | "name">) => `${host}/${name}`;
  let width = Math.max(0, ...reads.map((one) => title(one).length));
  return (entry) => {
    const { time, host, service, name, container, stream, line } = entry;
    if (json) {
      return `${JSON.stringify({ time, host, service, name, container, stream, line })}\n`;
    }
    const shown = title(entry);
    width = Math.max(width, shown.length);
    const at = timestamps ? `${time} ` : "";
    return `${paint(shown, `${shown.padEnd(width)} |`)} ${at}${line}\n`;
  };
}

/** Reading the logs of the containers that were asked for, and of those that come. */
class LogReading {
  readonly #hosts: LiveHosts;
  readonly #options: LogsOptions;
  readonly #signal: AbortSignal;
  readonly #merger: Merger<Entry>;
  /** Containers that are being read, by id. */
  readonly #reading = new Set<string>();
  readonly #again = new Set<string>();
  /** The time of the last line of each. */
  readonly #seen = new Map<string, string>();
  broke = false;

  constructor(hosts: LiveHosts, options: LogsOptions, signal: AbortSignal) {
    this.#hosts = hosts;
    this.#options = options;
    this.#signal = signal;
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

  /** Reads a container's log, from the last line of it that was read. */
  read(one: Read, query: LogQuery): void {
    // One that is started again while the end of its log is still being read is read again after that.
    if (this.#reading.has(one.id)) this.#again.add(one.id);
    if (this.#reading.has(one.id)) return;
    this.#reading.add(one.id);
    const { docker } = this.#hosts.named(one.host);
    const { follow = false } = this.#options;
    const seen = this.#seen.get(one.id);
    const from = seen === undefined ? query : { sinceMs: Date.parse(seen) };
    const asked = { ...from, follow, timestamps: true };
    // A reader may be slow, such as a pager.
    const calls = { signal: this.#signal, timeoutMs: Number.POSITIVE_INFINITY };
    const chunks = docker.containers.streamLogs(one.id, asked, calls);
    void this.#merger.add(this.#entriesOf(one, linesOf(chunks), seen)).then(() => {
      this.#reading.delete(one.id);
      if (this.#again.delete(one.id)) this.read(one, query);
    });
  }

  async *#entriesOf(
    one: Read,
    lines: AsyncIterable<LogLine>,
    seen: string | undefined,
  ): AsyncGenerator<Entry> {
    try {
      for await (const line of lines) {
        if (seen !== undefined && line.time <= seen) continue;
        this.#seen.set(one.id, line.time);
        yield { ...line, ...one };
      }
    } catch (error) {
      this.trouble(one.host, `${one.container}: ${this.#hosts.explain(error)}`);
    }
  }

  trouble(host: string, why: string): void {
    if (this.#signal.aborted) return;
    this.broke = true;
    complainOf([{ name: host, trouble: why }]);
  }

  /** Reads what starts on a host from now on, where it is wanted. */
  async followStarts(host: LiveHost, events: EventStream, isWanted: Wanted): Promise<void> {
    const end = () => events.close();
    this.#signal.addEventListener("abort", end, { once: true });
    try {
      for await (const { Actor } of events) {
        const { ID: id, Attributes: labels } = Actor;
        if (claimOf(this.#hosts.view, host, labels) !== "ours") continue;
        const read = isWanted(labels[urnLabel] ?? "", labels["name"] ?? id);
        if (read !== undefined) this.read({ ...read, host: host.name, id }, {});
      }
      this.trouble(
        host.name,
        "the daemon ended its events: what starts there is not seen any more",
      );
    } catch (error) {
      this.trouble(host.name, this.#hosts.explain(error));
    } finally {
      this.#signal.removeEventListener("abort", end);
    }
  }
}

type Wanted = (urn: string, container: string) => Omit<Read, "host" | "id"> | undefined;

/** Whether what starts is one of those that are read: of the same resource, or another replica. */
export function wantedBy(chosen: readonly Row[], all: boolean): Wanted {
  return (urn, container) => {
    const { logicalName: name } = parseUrn(urn);
    const same = chosen.find((row) => row.urn === urn);
    if (same !== undefined) return { service: same.service, name, container };
    const type = urn.split("::")[2];
    const sibling = chosen.find(
      (row) =>
        row.urn.split("::")[2] === type &&
        name.startsWith(`${row.service}-`) &&
        /^\d+$/.test(name.slice(row.service.length + 1)),
    );
    if (sibling !== undefined) return { service: sibling.service, name, container };
    return all ? { service: name, name, container } : undefined;
  };
}

async function readAll(
  hosts: LiveHosts,
  names: readonly string[],
  options: LogsOptions,
  out: { readonly outlet: Outlet; readonly signal: AbortSignal },
): Promise<number> {
  const reading = new LogReading(hosts, options, out.signal);
  const query = queryOf(options, Date.now());
  // Before the containers are listed, so that none starts unseen between the two.
  const listening = options.follow
    ? await hosts.each(async (host) => ({
        host,
        events: await host.docker.system.openEvents(
          { filters: { type: ["container"], event: ["start"], label: [urnLabel] } },
          { signal: out.signal },
        ),
      }))
    : [];
  const { rows, outcomes } = await lookAt(hosts);
  for (const { name, trouble } of outcomes)
    if (trouble !== undefined) reading.trouble(name, trouble);
  const chosen = chooseRows(rows, names);
  const reads = chosen.flatMap((row) => (row.id === undefined ? [] : [{ ...row, id: row.id }]));
  const write = lineWriter(
    reads,
    options,
    !options.json && isColoured(process.stdout, process.env),
  );
  for (const { service, name, host, container, id } of reads) {
    reading.read({ service, name, host, container, id }, query);
  }
  const isWanted = wantedBy(chosen, names.length === 0);
  for (const { answer } of listening) {
    if (answer) void reading.followStarts(answer.host, answer.events, isWanted);
  }
  for await (const entry of reading.entries) await out.outlet.write(write(entry));
  return reading.broke ? partlyExitCode : 0;
}

/** 0; 3: not every host or container could be read to its end; 130 after Ctrl-C. */
export async function logs(names: readonly string[], options: LogsOptions): Promise<number> {
  return await withLive(options, (hosts) =>
    streaming((outlet, signal) => readAll(hosts, names, options, { outlet, signal })),
  );
}
