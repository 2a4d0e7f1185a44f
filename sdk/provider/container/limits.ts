// Options of limits: memory, processors, processes, block devices. Docker changes most of them in
// place, and lifts only some of them in place: the others, taken away, replace the container.
// Engine API 1.41 to 1.45, POST /containers/create and /containers/{id}/update: Resources.

import { element, f } from "../fields.ts";
import type { Body } from "./option.ts";
import { hostOption, option, unlessEmpty } from "./option.ts";

const nano = 1e9;
const megabyte = 1024 * 1024;

function positive(value: number): string | undefined {
  return value > 0 ? undefined : "write 1 or more";
}

function checkCpuSet(value: string): string | undefined {
  return /^\d+(-\d+)?(,\d+(-\d+)?)*$/.test(value) ? undefined : 'write numbers, such as "0-2,5"';
}

/** A limit that is changed in place, and that Docker cannot take back in place. */
const limited = { onChange: "update", onRemove: "replace" } as const;

const memoryOptions = {
  memoryBytes: option(
    f.integer({
      doc: "The most memory, in bytes; beyond it the process is killed.",
      default: "no limit",
      ...limited,
      check: (value) =>
        value >= 6 * megabyte ? undefined : "write at least 6291456 bytes (6 MiB)",
    }),
    (body, value) => {
      body.HostConfig.Memory = value;
      body.HostConfig.MemorySwap ??= value;
    },
    ({ HostConfig: { Memory = 0 } }) => (Memory > 0 ? Memory : undefined),
  ),
  memorySwapBytes: option(
    f.integer({
      doc: "The most memory and swap together, in bytes; -1 is no limit of swap. Needs memoryBytes.",
      default: "memoryBytes, so no swap",
      onChange: "update",
      check: (value) => (value === -1 || value > 0 ? undefined : "write -1, or more than 0"),
    }),
    (body, value) => {
      body.HostConfig.MemorySwap = value;
    },
    ({ HostConfig: { Memory = 0, MemorySwap = 0 } }, _image, declared) => {
      if (declared !== undefined) return MemorySwap || undefined;
      return MemorySwap === 0 || MemorySwap === Memory ? undefined : MemorySwap;
    },
  ),
  memoryReservationBytes: hostOption(
    "MemoryReservation",
    f.integer({
      doc: "The memory that it should keep under when the host runs short, in bytes.",
      default: "none",
      ...limited,
      check: (value) =>
        value >= 6 * megabyte ? undefined : "write at least 6291456 bytes (6 MiB)",
    }),
  ),
  memorySwappiness: option(
    f.integer({
      doc: "How readily its memory is swapped out, 0 to 100. Only hosts with cgroup v1 know it.",
      default: "the host's",
      check: (value) => (value >= 0 && value <= 100 ? undefined : "write 0 to 100"),
    }),
    (body, value) => {
      body.HostConfig.MemorySwappiness = value;
    },
    ({ HostConfig: { MemorySwappiness: live } }) =>
      live === null || live === -1 ? undefined : live,
  ),
  oomKillDisable: hostOption(
    "OomKillDisable",
    f.boolean({
      doc: "Stops the process, in place of killing it, when there is no memory left. Needs memoryBytes; only hosts with cgroup v1 know it.",
      default: "false",
    }),
  ),
  oomScoreAdj: hostOption(
    "OomScoreAdj",
    f.integer({
      doc: "How readily the kernel kills it when the host runs out of memory, -1000 to 1000.",
      default: "0",
      check: (value) => (value >= -1000 && value <= 1000 ? undefined : "write -1000 to 1000"),
    }),
  ),
  shmSizeBytes: hostOption(
    "ShmSize",
    f.integer({
      doc: "The size of /dev/shm, in bytes.",
      default: "67108864",
      check: positive,
    }),
    [64 * megabyte],
  ),
} as const;

const processorOptions = {
  cpus: option(
    f.number({
      doc: "The most processor time, in processors: 0.5 is half of one.",
      default: "no limit",
      ...limited,
      check: (value) => (value >= 0.01 ? undefined : "write 0.01 or more, such as 0.5"),
    }),
    (body, value) => {
      body.HostConfig.NanoCpus = Math.round(value * nano);
    },
    (container, _image, declared) => {
      const live = container.HostConfig.NanoCpus ?? 0;
      // The Engine counts in billionths.
      if (declared !== undefined && Math.round(declared * nano) === live) return declared;
      return live / nano || undefined;
    },
  ),
  cpuShares: hostOption(
    "CpuShares",
    f.integer({
      doc: "Its weight when processors are short; 1024 is that of a container without one.",
      default: "1024",
      ...limited,
      check: (value) => (value >= 2 ? undefined : "write 2 or more"),
    }),
  ),
  cpuPeriodUs: hostOption(
    "CpuPeriod",
    f.integer({
      doc: "The period of cpuQuotaUs, in microseconds.",
      default: "100000",
      ...limited,
      check: (value) =>
        value >= 1000 && value <= 1_000_000 ? undefined : "write 1000 to 1000000 microseconds",
    }),
  ),
  cpuQuotaUs: hostOption(
    "CpuQuota",
    f.integer({
      doc: "The processor time in each period, in microseconds. `cpus` says the same in processors.",
      default: "no limit",
      ...limited,
      check: (value) => (value >= 1000 ? undefined : "write 1000 microseconds or more"),
    }),
  ),
  cpuRealtimePeriodUs: hostOption(
    "CpuRealtimePeriod",
    f.integer({
      doc: "The period of cpuRealtimeRuntimeUs, in microseconds.",
      default: "the host's",
      ...limited,
      check: positive,
    }),
  ),
  cpuRealtimeRuntimeUs: hostOption(
    "CpuRealtimeRuntime",
    f.integer({
      doc: "The time of real-time tasks in each period, in microseconds. Needs a kernel and a daemon set up for it.",
      default: "none",
      ...limited,
      check: positive,
    }),
  ),
  cpusetCpus: hostOption(
    "CpusetCpus",
    f.string({
      doc: 'The processors it may run on, by number: "0-2,5".',
      default: "all",
      ...limited,
      check: checkCpuSet,
    }),
  ),
  cpusetMems: hostOption(
    "CpusetMems",
    f.string({
      doc: 'The memory nodes it may use, by number: "0,1".',
      default: "all",
      ...limited,
      check: checkCpuSet,
    }),
  ),
} as const;

type DeviceKey =
  | "BlkioDeviceReadBps"
  | "BlkioDeviceWriteBps"
  | "BlkioDeviceReadIOps"
  | "BlkioDeviceWriteIOps";

/** Rates, or weights, by block device. */
function byDevice(
  key: DeviceKey | "BlkioWeightDevice",
  number: "Rate" | "Weight",
  doc: string,
  check: (value: number) => string | undefined,
) {
  return option(
    f.map(f.integer({ ...element, check }), {
      doc,
      default: "none",
      check: (devices) => {
        const bad = Object.keys(devices).find((path) => !path.startsWith("/"));
        return bad === undefined ? undefined : `"${bad}" is not the path of a device`;
      },
    }),
    (body, value) => {
      const list = Object.keys(value)
        .sort()
        .map((Path) => ({ Path, [number]: value[Path] ?? 0 }));
      (body.HostConfig as Record<string, unknown>)[key] = list;
    },
    (container) => {
      const live = (container.HostConfig[key] ?? []) as readonly {
        readonly [name: string]: unknown;
      }[];
      const pairs = live.map((item) => [String(item["Path"]), Number(item[number] ?? 0)] as const);
      return unlessEmpty(Object.fromEntries(pairs));
    },
  );
}

function checkWeight(value: number): string | undefined {
  return value >= 10 && value <= 1000 ? undefined : "write 10 to 1000";
}

const blockOptions = {
  blkioWeight: hostOption(
    "BlkioWeight",
    f.integer({
      doc: "Its weight at block devices, 10 to 1000.",
      default: "none",
      ...limited,
      check: checkWeight,
    }),
  ),
  blkioWeightDevice: byDevice(
    "BlkioWeightDevice",
    "Weight",
    "Its weight at single block devices, 10 to 1000, by the device's path on the host.",
    checkWeight,
  ),
  deviceReadBps: byDevice(
    "BlkioDeviceReadBps",
    "Rate",
    "Bytes a second that it may read, by the block device's path on the host.",
    positive,
  ),
  deviceWriteBps: byDevice(
    "BlkioDeviceWriteBps",
    "Rate",
    "Bytes a second that it may write, by the block device's path on the host.",
    positive,
  ),
  deviceReadIops: byDevice(
    "BlkioDeviceReadIOps",
    "Rate",
    "Reads a second, by the block device's path on the host.",
    positive,
  ),
  deviceWriteIops: byDevice(
    "BlkioDeviceWriteIOps",
    "Rate",
    "Writes a second, by the block device's path on the host.",
    positive,
  ),
} as const;

export const limitOptions = {
  ...memoryOptions,
  ...processorOptions,
  ...blockOptions,
  pidsLimit: option(
    f.integer({
      doc: "The most processes and threads.",
      default: "no limit",
      onChange: "update",
      check: positive,
    }),
    (body: Body, value: number) => {
      body.HostConfig.PidsLimit = value;
    },
    ({ HostConfig: { PidsLimit } }) =>
      (PidsLimit ?? 0) > 0 ? (PidsLimit ?? undefined) : undefined,
  ),
  ulimits: option(
    f.map(
      f.object(
        "Ulimit",
        {
          soft: f.integer({ doc: "The limit that holds.", required: true }),
          hard: f.integer({ doc: "How far the process may raise it.", required: true }),
        },
        {
          ...element,
          check: ({ soft, hard }) =>
            hard === -1 || (soft !== -1 && soft <= hard)
              ? undefined
              : "write a soft limit that is not above the hard one",
        },
      ),
      {
        doc: "Limits of the process by name, such as `nofile` (open files); -1 is no limit.",
        default: "the daemon's",
      },
    ),
    (body, value) => {
      body.HostConfig.Ulimits = Object.entries(value).map(([name, { soft, hard }]) => ({
        Name: name,
        Soft: soft,
        Hard: hard,
      }));
    },
    (container) => {
      const live = (container.HostConfig.Ulimits ?? []).map(({ Name = "", Soft = 0, Hard = 0 }) => [
        Name,
        { soft: Soft, hard: Hard },
      ]);
      return unlessEmpty(
        Object.fromEntries(live) as Record<string, { soft: number; hard: number }>,
      );
    },
  ),
} as const;
