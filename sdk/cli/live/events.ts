// `dockwright events`: what happens to the objects of a stack on all of its hosts, in the order of time.
import type { DockerEvent } from "../../docker/types.ts";
import type { LiveHosts } from "./ask.ts";
import { partlyExitCode, withLive } from "./ask.ts";
import { Merger } from "./merge.ts";
import { parseMomentMs } from "./moment.ts";
import type { EventsOptions } from "./options.ts";
import { claimOf } from "./states.ts";
import { complainOf, isColoured, type Outlet, painter, streaming } from "./stream.ts";
import type { Recorded, StackView, ViewHost } from "./view.ts";

/** How long an event waits for an earlier one of another host. */
const windowMs = 250;

export interface EventEntry {
  /** ISO 8601, with milliseconds, by the clock of the daemon. */
  readonly time: string;
  readonly host: string;
  /** `container`, `image`, `network`, `volume`. */
  readonly type: string;
  /** `start`, `die`, `health_status: healthy`, ... */
  readonly action: string;
  /** What the daemon calls the object. */
  readonly name: string;
  readonly id: string;
  /** The name that the program gave it, where the state or a label tells. */
  readonly resource: string | undefined;
  /** Of a container that ended. */
  readonly exitCode: number | undefined;
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** What the daemon calls the recorded objects of a host, by kind, with the name of the resource. */
function namesOn(view: StackView, host: ViewHost): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const isHere = ({ kind, host: on }: Recorded) =>
    // A network of a swarm is on all of its nodes.
    on.name === host.name || (kind === "Network" && view.swarms.includes(on));
  for (const { kind, name, id, inputs, outputs } of view.recorded.filter(isHere)) {
    const type = kind === "Task" ? "container" : kind.toLowerCase();
    const called = [id, text(inputs["name"]), text(outputs["imageId"])];
    if (kind === "Container" || kind === "Task") called.pop();
    for (const one of called) if (one !== "") names.set(`${type} ${one}`, name);
  }
  return names;
}

/** The event as it is told; undefined where it is none of the stack's. */
export function eventOf(
  view: StackView,
  host: ViewHost,
  names: ReadonlyMap<string, string>,
  { Type, Action, Actor, timeNano }: DockerEvent,
): EventEntry | undefined {
  const { ID: id, Attributes: attributes } = Actor;
  const name = attributes["name"] ?? id;
  // An event of a network or a volume bears no labels: the state knows its name.
  const resource = names.get(`${Type} ${id}`) ?? names.get(`${Type} ${name}`);
  if (resource === undefined && claimOf(view, host, attributes) !== "ours") return undefined;
  const exitCode = attributes["exitCode"];
  return {
    time: new Date(timeNano / 1e6).toISOString(),
    host: host.name,
    type: Type,
    // An exec's command stands in its action: it may hold what is nobody's business.
    action: Action.replace(/^(exec_\w+):.*$/s, "$1"),
    name,
    id,
    resource,
    exitCode: exitCode === undefined ? undefined : Number(exitCode),
  };
}

async function* entriesOf(
  hosts: LiveHosts,
  host: ViewHost,
  stream: AsyncIterable<DockerEvent>,
): AsyncGenerator<EventEntry> {
  const { view } = hosts;
  const names = namesOn(view, host);
  for await (const event of stream) {
    const entry = eventOf(view, host, names, event);
    if (entry !== undefined) yield entry;
  }
}

function writer(json: boolean): (entry: EventEntry) => string {
  const paint = painter(!json && isColoured(process.stdout, process.env));
  return (entry) => {
    if (json) return `${JSON.stringify(entry)}\n`;
    const { time, host, type, action, name, exitCode } = entry;
    const code = exitCode === undefined ? "" : ` (exit code ${exitCode})`;
    return `${time} ${paint(host, `${host} |`)} ${type} ${action} ${name}${code}\n`;
  };
}

async function listen(
  hosts: LiveHosts,
  options: EventsOptions,
  { outlet, signal }: { readonly outlet: Outlet; readonly signal: AbortSignal },
): Promise<number> {
  const now = Date.now();
  const { since, until } = options;
  const query = {
    ...(since === undefined ? {} : { sinceMs: parseMomentMs("--since", since, now) }),
    ...(until === undefined ? {} : { untilMs: parseMomentMs("--until", until, now) }),
  };
  const troubles: string[] = [];
  const merger = new Merger<EventEntry>({
    windowMs,
    onTrouble: (error) => {
      if (signal.aborted) return;
      const words = hosts.explain(error);
      troubles.push(words);
      process.stderr.write(`dockwright: ${words}\n`);
    },
  });
  const asked = await hosts.each((host) => host.docker.system.openEvents(query, { signal }));
  complainOf(asked);
  for (const { name, answer } of asked) {
    if (answer === undefined) continue;
    signal.addEventListener("abort", () => answer.close(), { once: true });
    void merger.add(entriesOf(hosts, hosts.named(name), answer));
  }
  signal.addEventListener("abort", () => merger.close(), { once: true });
  const write = writer(options.json ?? false);
  for await (const entry of merger) await outlet.write(write(entry));
  return troubles.length > 0 || asked.some(({ trouble }) => trouble !== undefined)
    ? partlyExitCode
    : 0;
}

/** 0 at the end of --until; 3: not every host could be listened to; 130 after Ctrl-C. */
export async function events(options: EventsOptions): Promise<number> {
  return await withLive(options, (hosts) =>
    streaming((outlet, signal) => listen(hosts, options, { outlet, signal })),
  );
}
