// The logs of a swarm's services: a manager gathers them from all nodes, and each line tells its task.
// What later tasks write comes by itself, as long as the service is the same one.
import type { DockerClient } from "../../docker/client.ts";
import type { LogQuery } from "../../docker/logs.ts";
import type { ServiceInspect } from "../../docker/swarm-types.ts";
import { nodeNames } from "../../provider/swarm/tasks.ts";
import { answerTimeoutMs } from "./ask.ts";
import { type LogLine, linesOf } from "./lines.ts";
import { type Entry, type LogReading, Patience, type Writer } from "./reading.ts";
import { taskName } from "./swarmtasks.ts";

/** A service whose tasks are read. */
export interface ReadService extends Pick<Writer, "service" | "name"> {
  /** The swarm, as the stack calls it. */
  readonly swarm: string;
  /** What the service is called there. */
  readonly called: string;
  /** The tasks that are read, by what they are called. @defaultValue all */
  readonly tasks?: ReadonlySet<string>;
}

/** How often a followed service is looked for: another one of its name may have taken its place. */
const lookMs = 3_000;
/** How far the clocks of nodes may be apart. */
const clocksApartMs = 60_000;

/** The id of the task among the details of a line. */
export function taskOf(details: string): string {
  const words = details.split(",").map((word) => word.split("="));
  const found = words.find(([key]) => key === "com.docker.swarm.task.id");
  return decodeURIComponent(found?.[1] ?? "");
}

/** Who a task is; asked of the manager once for each. */
class TaskNames {
  readonly #docker: DockerClient;
  readonly #read: ReadService;
  readonly #known = new Map<string, Writer>();

  constructor(docker: DockerClient, read: ReadService) {
    this.#docker = docker;
    this.#read = read;
  }

  async of(id: string, service: ServiceInspect): Promise<Writer> {
    if (!this.#known.has(id)) await this.#look(service);
    const { service: name, swarm: host, called } = this.#read;
    // One that the manager has forgotten already.
    const unknown = { service: name, name: this.#read.name, host, container: called };
    return this.#known.get(id) ?? { ...unknown, label: called };
  }

  async #look(service: ServiceInspect): Promise<void> {
    const options = { timeoutMs: answerTimeoutMs };
    const [tasks, nodes] = await Promise.all([
      this.#docker.services.tasks({ service: [service.ID] }, options),
      this.#docker.nodes.list(options),
    ]);
    const names = nodeNames(nodes);
    for (const task of tasks) {
      const container = taskName(service, task, names);
      const host = names[task.NodeID ?? ""] ?? this.#read.swarm;
      const { service: own, name } = this.#read;
      this.#known.set(task.ID, { service: own, name, host, container, label: container });
    }
  }
}

class ServiceReading {
  readonly #reading: LogReading;
  readonly #read: ReadService;
  readonly #docker: DockerClient;
  readonly #names: TaskNames;
  /** The time of the last line of each task. */
  readonly #seen = new Map<string, string>();

  constructor(reading: LogReading, read: ReadService) {
    this.#reading = reading;
    this.#read = read;
    this.#docker = reading.hosts.named(read.swarm).docker;
    this.#names = new TaskNames(this.#docker, read);
  }

  async *entries(query: LogQuery): AsyncGenerator<Entry> {
    const { signal, hosts, options } = this.#reading;
    const { swarm, called } = this.#read;
    const patience = new Patience(signal);
    const startedMs = Date.now();
    let asked = query;
    while (!signal.aborted) {
      try {
        const service = await this.#docker.services.inspect(called, { timeoutMs: answerTimeoutMs });
        this.#reading.answers(swarm);
        patience.reset();
        // One that is replaced is gone for a moment.
        if (service !== undefined) yield* this.#connection(service, asked);
        if (!options.follow) return;
      } catch (error) {
        if (!options.follow) return this.#reading.trouble(swarm, hosts.explain(error));
        this.#reading.lost(swarm, hosts.explain(error));
      }
      asked = this.#again(query, startedMs);
      await patience.pause();
    }
  }

  /** From where on it is read after a loss: nodes tell time each by a clock of its own. */
  #again(query: LogQuery, startedMs: number): LogQuery {
    const times = [...this.#seen.values()].map((time) => Date.parse(time));
    if (times.length > 0) return { sinceMs: Math.max(...times) - clocksApartMs };
    return query.tail === undefined ? query : { sinceMs: startedMs };
  }

  /** What comes over one connection, until the service is another one. */
  async *#connection(service: ServiceInspect, query: LogQuery): AsyncGenerator<Entry> {
    const { follow = false } = this.#reading.options;
    const ending = new AbortController();
    const end = () => ending.abort();
    this.#reading.signal.addEventListener("abort", end, { once: true });
    const watch = follow ? setInterval(() => void this.#endIfOther(service, ending), lookMs) : null;
    const asked = { ...query, follow, timestamps: true, details: true };
    const calls = { signal: ending.signal, timeoutMs: Number.POSITIVE_INFINITY };
    const before = new Map(this.#seen);
    try {
      const chunks = this.#docker.services.streamLogs(service.ID, asked, calls);
      for await (const line of linesOf(chunks, { details: true })) {
        const entry = await this.#entryOf(line, service, before);
        if (entry !== undefined) yield entry;
      }
    } catch (error) {
      if (!ending.signal.aborted) throw error;
    } finally {
      clearInterval(watch ?? undefined);
      this.#reading.signal.removeEventListener("abort", end);
      end();
    }
  }

  async #endIfOther({ ID }: ServiceInspect, ending: AbortController): Promise<void> {
    const options = { timeoutMs: answerTimeoutMs };
    // Where it does not answer, the connection says so itself.
    const now = await this.#docker.services.inspect(this.#read.called, options).catch(() => null);
    if (now !== null && now?.ID !== ID) ending.abort();
  }

  async #entryOf(
    { details, ...line }: LogLine,
    service: ServiceInspect,
    before: ReadonlyMap<string, string>,
  ): Promise<Entry | undefined> {
    if (details === undefined) {
      if (line.line.trim() !== "") this.#reading.trouble(this.#read.swarm, line.line.trim());
      return undefined;
    }
    const task = taskOf(details);
    const last = before.get(task);
    if (last !== undefined && line.time <= last) return undefined;
    const writer = await this.#names.of(task, service);
    if (this.#read.tasks?.has(writer.container) === false) return undefined;
    this.#seen.set(task, line.time);
    return { ...line, ...writer };
  }
}

/** The lines of a service's tasks. */
export function taskEntries(
  reading: LogReading,
  read: ReadService,
  query: LogQuery,
): AsyncGenerator<Entry> {
  return new ServiceReading(reading, read).entries(query);
}
