// Read-outs of containers: what they are, say and use. Engine API, /containers.

import type { ContainerStats, ContainerTop } from "../../docker/readouts.ts";
import type { ContainerInspect } from "../../docker/types.ts";
import { element, f } from "../fields.ts";
import { defineFunction } from "../function.ts";
import { filePath, writeStream, writtenFile } from "./written.ts";

export const containerName = f.string({
  doc: "The container's name or id.",
  required: true,
});
const dayMs = 24 * 60 * 60 * 1000;

const portField = f.object(
  "ContainerPortReadout",
  {
    containerPort: f.string({ doc: "Port and protocol: `80/tcp`.", required: true }),
    hostIp: f.string({ doc: "The host's address.", required: true }),
    hostPort: f.integer({ doc: "The host's port.", required: true }),
  },
  { doc: "A published port.", required: true },
);
const attachedField = f.object(
  "ContainerNetworkReadout",
  {
    network: f.string({ doc: "The network's name.", required: true }),
    ipv4Address: f.string({ doc: "The IPv4 address; empty without.", required: true }),
    ipv6Address: f.string({ doc: "The IPv6 address; empty without.", required: true }),
    aliases: f.list(f.string(element), { doc: "Further names.", required: true }),
  },
  { doc: "A network that it is on.", required: true },
);

function portsOf({ NetworkSettings }: ContainerInspect) {
  return Object.entries(NetworkSettings.Ports ?? {}).flatMap(([containerPort, bindings]) =>
    (bindings ?? []).map(({ HostIp = "", HostPort = "" }) => {
      return { containerPort, hostIp: HostIp, hostPort: Number(HostPort) };
    }),
  );
}

function networksOf({ NetworkSettings }: ContainerInspect) {
  return Object.entries(NetworkSettings.Networks).map(([network, settings]) => ({
    network,
    ipv4Address: settings.IPAddress ?? "",
    ipv6Address: settings.GlobalIPv6Address ?? "",
    aliases: settings.Aliases ?? [],
  }));
}

export const getContainer = defineFunction({
  name: "getContainer",
  doc: "What a container is now. One that is not there has `exists: false`.",
  inputs: { container: containerName },
  outputs: {
    exists: f.boolean({ doc: "Whether there is one.", required: true }),
    containerId: f.string({ doc: "Its id." }),
    name: f.string({ doc: "Its name." }),
    image: f.string({ doc: "The reference that it was made of." }),
    imageId: f.string({ doc: "The id of its image, `sha256:...`." }),
    status: f.string({ doc: "In Docker's words: `running`, `exited`, `paused`." }),
    running: f.boolean({ doc: "Whether it runs." }),
    health: f.string({
      doc: "Its health: `healthy`, `unhealthy`, `starting`; `none` without a health check.",
    }),
    exitCode: f.integer({ doc: "The exit code of its last end." }),
    startedAt: f.string({ doc: "When it was last started, as ISO 8601." }),
    finishedAt: f.string({ doc: "When it last ended, as ISO 8601." }),
    restartCount: f.integer({ doc: "How often Docker restarted it." }),
    labels: f.map(f.string(element), { doc: "Labels by name." }),
    ports: f.list(portField, { doc: "Published ports." }),
    networks: f.list(attachedField, { doc: "The networks that it is on." }),
  },
  async call({ docker, signal }, { container }) {
    const found = await docker.containers.inspect(container, { signal });
    if (!found) return { exists: false };
    const { State } = found;
    return {
      exists: true,
      containerId: found.Id,
      name: found.Name.replace(/^\//, ""),
      image: found.Config.Image ?? "",
      imageId: found.Image,
      status: State.Status,
      running: State.Running,
      health: State.Health?.Status ?? "none",
      exitCode: State.ExitCode,
      startedAt: State.StartedAt,
      finishedAt: State.FinishedAt,
      restartCount: found.RestartCount,
      labels: found.Config.Labels ?? {},
      ports: portsOf(found),
      networks: networksOf(found),
    };
  },
});

export const inspectContainer = defineFunction({
  name: "inspectContainer",
  doc: "All that the Engine says of a container. The result is secret as a whole, since the environment is in it: `getContainer` has what is open.",
  inputs: { container: containerName },
  outputs: {
    exists: f.boolean({ doc: "Whether there is one.", required: true }),
    inspection: f.string({ doc: "The inspection, as JSON.", secret: true }),
  },
  async call({ docker, signal }, { container }) {
    const found = await docker.containers.inspect(container, { signal });
    return found ? { exists: true, inspection: JSON.stringify(found) } : { exists: false };
  },
});

/** Milliseconds since 1970 of an ISO date; a span such as "10m" would depend on when it is asked. */
export const checkDate = (value: string) =>
  Number.isNaN(Date.parse(value))
    ? "write an ISO 8601 date, such as 2030-01-31T08:00:00Z"
    : undefined;

export const getLogs = defineFunction({
  name: "getLogs",
  doc: "The end of a container's log, standard output and error in their order. What a program logs may be secret: mark the result so where that is the case.",
  inputs: {
    container: containerName,
    tail: f.integer({
      doc: "How many of the last lines.",
      default: "1000",
      check: (value) => (value >= 0 && value <= 100_000 ? undefined : "write 0 to 100000"),
    }),
    since: f.string({
      doc: "Only what was written from this time on, as ISO 8601.",
      default: "no limit",
      check: checkDate,
    }),
    timestamps: f.boolean({
      doc: "Whether each line begins with its time.",
      default: "false",
    }),
  },
  outputs: { text: f.string({ doc: "The log.", required: true }) },
  async call({ docker, signal }, { container, tail = 1000, since, timestamps }) {
    const text = await docker.containers.logs(
      container,
      {
        tail,
        ...(since === undefined ? {} : { sinceMs: Date.parse(since) }),
        ...(timestamps === undefined ? {} : { timestamps }),
      },
      { signal },
    );
    return { text };
  },
});

export const getTop = defineFunction({
  name: "getTop",
  doc: "The processes of a running container, as `docker top` lists them.",
  inputs: {
    container: containerName,
    psArgs: f.string({ doc: "Arguments of `ps` on the daemon's host.", default: "-ef" }),
  },
  outputs: {
    titles: f.list(f.string(element), { doc: "The columns.", required: true }),
    processes: f.list(f.list(f.string(element), element), {
      doc: "A row a process.",
      required: true,
    }),
  },
  async call({ docker, signal }, { container, psArgs }) {
    const top: ContainerTop = await docker.readouts.top(container, psArgs, { signal });
    return { titles: top.Titles, processes: top.Processes ?? [] };
  },
});

/** Processor time used, in percent of one processor, as `docker stats` shows it. Pure. */
export function cpuPercent({ cpu_stats: now, precpu_stats: before }: ContainerStats): number {
  const used = now.cpu_usage.total_usage - before.cpu_usage.total_usage;
  const passed = (now.system_cpu_usage ?? 0) - (before.system_cpu_usage ?? 0);
  if (used <= 0 || passed <= 0) return 0;
  return Math.round((used / passed) * (now.online_cpus ?? 1) * 10_000) / 100;
}

/** Memory in use without the file cache that goes when it is needed, as `docker stats` shows it. */
export function memoryUsed({ memory_stats: { usage = 0, stats = {} } }: ContainerStats): number {
  // cgroup v1, and v2.
  const cache = stats["total_inactive_file"] ?? stats["inactive_file"] ?? 0;
  return cache < usage ? usage - cache : usage;
}

function totalOf(stats: ContainerStats, kind: "rx_bytes" | "tx_bytes"): number {
  return Object.values(stats.networks ?? {}).reduce((sum, one) => sum + one[kind], 0);
}

function blockBytes({ blkio_stats }: ContainerStats, op: string): number {
  const all = blkio_stats?.io_service_bytes_recursive ?? [];
  const fitting = all.filter((one) => one.op.toLowerCase() === op);
  return fitting.reduce((sum, { value }) => sum + value, 0);
}

export const getStats = defineFunction({
  name: "getStats",
  doc: "What a running container uses now. It takes a second or two.",
  inputs: { container: containerName },
  outputs: {
    cpuPercent: f.number({
      doc: "Processor time, in percent of one processor.",
      required: true,
    }),
    memoryBytes: f.integer({
      doc: "Memory in use, in bytes, without the file cache.",
      required: true,
    }),
    memoryLimitBytes: f.integer({ doc: "The limit of memory, in bytes.", required: true }),
    processes: f.integer({ doc: "How many processes and threads.", required: true }),
    networkReceivedBytes: f.integer({ doc: "Bytes received since its start.", required: true }),
    networkSentBytes: f.integer({ doc: "Bytes sent since its start.", required: true }),
    blockReadBytes: f.integer({ doc: "Bytes read from disks.", required: true }),
    blockWrittenBytes: f.integer({ doc: "Bytes written to disks.", required: true }),
  },
  async call({ docker, signal }, { container }) {
    const stats = await docker.readouts.stats(container, { signal });
    return {
      cpuPercent: cpuPercent(stats),
      memoryBytes: memoryUsed(stats),
      memoryLimitBytes: stats.memory_stats.limit ?? 0,
      processes: stats.pids_stats?.current ?? 0,
      networkReceivedBytes: totalOf(stats, "rx_bytes"),
      networkSentBytes: totalOf(stats, "tx_bytes"),
      blockReadBytes: blockBytes(stats, "read"),
      blockWrittenBytes: blockBytes(stats, "write"),
    };
  },
});

const eventField = f.object(
  "DaemonEvent",
  {
    time: f.string({ doc: "When, as ISO 8601.", required: true }),
    kind: f.string({ doc: "Of what: `container`, `image`, `network`, `volume`.", required: true }),
    action: f.string({ doc: "What: `start`, `die`, `health_status: healthy`.", required: true }),
    id: f.string({ doc: "The object's id.", required: true }),
    attributes: f.map(f.string(element), {
      doc: "What else is told of it: its name, labels.",
      required: true,
    }),
  },
  { doc: "An event.", required: true },
);
const maxEvents = 10_000;

export const getEvents = defineFunction({
  name: "getEvents",
  doc: "What has happened on the daemon: the last 10,000 events at most, of those that it remembers (256 on docker.io).",
  inputs: {
    since: f.string({
      doc: "The first moment, as ISO 8601.",
      default: "a day ago",
      check: checkDate,
    }),
    until: f.string({ doc: "The last moment, as ISO 8601.", default: "now", check: checkDate }),
    filters: f.map(f.list(f.string(element), element), {
      doc: 'Docker\'s filters: `{ type: ["container"], event: ["die"] }`.',
      default: "none",
    }),
  },
  outputs: {
    events: f.list(eventField, { doc: "The events, the first one first.", required: true }),
  },
  async call({ docker, signal, now }, { since, until, filters }) {
    const untilMs = until === undefined ? now().getTime() : Date.parse(until);
    const sinceMs = since === undefined ? untilMs - dayMs : Date.parse(since);
    const events = [];
    const query = { sinceMs, untilMs, ...(filters ? { filters } : {}) };
    for await (const event of docker.system.events(query, { signal, timeoutMs: 60_000 })) {
      events.push({
        time: new Date(event.time * 1000).toISOString(),
        kind: event.Type,
        action: event.Action,
        id: event.Actor.ID,
        attributes: event.Actor.Attributes,
      });
      if (events.length > maxEvents) events.shift();
    }
    return { events };
  },
});

export const exportContainer = defineFunction({
  name: "exportContainer",
  doc: "Writes a container's file system, without its volumes, to a file of the machine that runs the update. Done in each update, and in no preview. An Image's `rootfs` makes an image of the file.",
  inputs: {
    container: containerName,
    path: filePath,
  },
  outputs: writtenFile,
  onlyInUpdates: true,
  async call({ docker, signal }, { container, path }) {
    return writeStream(await docker.readouts.export(container, { signal }), path, signal);
  },
});
