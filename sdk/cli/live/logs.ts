// `dockwright logs`: the logs of a stack's containers over all hosts, and of its swarms' tasks, merged in
// the order of time. With -f it goes on, takes up what takes the place of a container that goes, and
// comes back to a host whose connection was lost.
import type { LogQuery } from "../../docker/logs.ts";
import { ErrorCode, SdkError } from "../../errors.ts";
import { type LiveHosts, partlyExitCode, withLive } from "./ask.ts";
import { chooseRows } from "./choose.ts";
import { followHost, readOf, wantedBy } from "./following.ts";
import { lookAt } from "./looked.ts";
import { parseMomentMs } from "./moment.ts";
import type { LogsOptions } from "./options.ts";
import { type Entry, LogReading, type Writer } from "./reading.ts";
import type { Row } from "./states.ts";
import { isColoured, type Outlet, painter, streaming } from "./stream.ts";
import { serviceName } from "./swarmtasks.ts";
import { type ReadService, taskEntries } from "./tasklogs.ts";
import type { StackView } from "./view.ts";

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
  writers: readonly Pick<Writer, "host" | "label">[],
  { timestamps, json }: LogsOptions,
  coloured: boolean,
): (entry: Entry) => string {
  const paint = painter(coloured);
  const title = ({ host, label }: Pick<Writer, "host" | "label">) => `${host}/${label}`;
  let width = Math.max(0, ...writers.map((one) => title(one).length));
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

/** The services of swarms that these names mean: all of their tasks, or those that are named. */
export function servicesOf(
  view: StackView,
  chosen: readonly Row[],
  names: readonly string[],
): readonly ReadService[] {
  const services = view.recorded.filter(({ kind, going }) => kind === "SwarmService" && !going);
  return services.flatMap((one): readonly ReadService[] => {
    const { service, name, host, urn } = one;
    const read = { service, name, swarm: host.name, called: serviceName(one) };
    const whole = [service, name, read.called];
    if (names.length === 0 || names.some((given) => whole.includes(given))) return [read];
    const tasks = chosen.filter((row) => row.urn === urn).map(({ container }) => container);
    return tasks.length === 0 ? [] : [{ ...read, tasks: new Set(tasks) }];
  });
}

async function readAll(
  hosts: LiveHosts,
  names: readonly string[],
  options: LogsOptions,
  out: { readonly outlet: Outlet; readonly signal: AbortSignal },
): Promise<number> {
  const { view } = hosts;
  const reading = new LogReading(hosts, options, out.signal);
  const query = queryOf(options, Date.now());
  const { rows, outcomes } = await lookAt(hosts);
  const chosen = chooseRows(rows, names);
  const containers = chosen.filter(({ kind }) => kind !== "swarm-task");
  const shown = chosen.map(({ host, kind, name, container }) => ({
    host,
    label: kind === "swarm-task" ? container : name,
  }));
  const coloured = !options.json && isColoured(process.stdout, process.env);
  const write = lineWriter(shown, options, coloured);
  if (options.follow) {
    const isWanted = wantedBy(containers, names.length === 0);
    for (const host of view.hosts) {
      if (host.lost) reading.trouble(host.name, "it is marked as lost");
      else void followHost(reading, hosts.on(host), { names, isWanted, query });
    }
  } else {
    for (const { name, trouble } of outcomes) {
      if (trouble !== undefined) reading.trouble(name, trouble);
    }
    for (const one of containers.flatMap(readOf)) reading.read(one, query);
  }
  for (const one of servicesOf(view, chosen, names)) {
    void reading.add(taskEntries(reading, one, query));
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
