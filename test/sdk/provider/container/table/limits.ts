// Limits and devices. The machines of the tests have control groups of version 1.
import { type Table, updated } from "./row.ts";

const mib = 1024 * 1024;
const device = "/dev/$disk";

function rates(key: string, option: string): Table {
  return {
    [option]: {
      value: { [device]: mib },
      body: { HostConfig: { [key]: [{ Path: device, Rate: mib }] } },
      changed: {
        value: { [device]: 2 * mib },
        places: { [`${option}["${device}"]`]: "update_replace" },
      },
    },
  };
}

export const limitRows: Table = {
  memoryBytes: {
    differs: true,
    value: 64 * mib,
    body: { HostConfig: { Memory: 64 * mib, MemorySwap: 64 * mib } },
    changed: { value: 128 * mib, places: { memoryBytes: "update" } },
    behind: updated({ Memory: 32 * mib, MemorySwap: 64 * mib }, { memoryBytes: "update" }),
  },
  memorySwapBytes: {
    value: 128 * mib,
    body: { HostConfig: { Memory: 64 * mib, MemorySwap: 128 * mib } },
    with: { memoryBytes: 64 * mib },
    changed: { value: -1, places: { memorySwapBytes: "update" } },
    removed: { memorySwapBytes: "delete" },
    behind: updated({ Memory: 64 * mib, MemorySwap: 96 * mib }, { memorySwapBytes: "update" }),
  },
  memoryReservationBytes: {
    value: 32 * mib,
    body: { HostConfig: { MemoryReservation: 32 * mib } },
    changed: { value: 48 * mib, places: { memoryReservationBytes: "update" } },
    behind: updated({ MemoryReservation: 16 * mib }, { memoryReservationBytes: "update" }),
  },
  memorySwappiness: {
    value: 10,
    body: { HostConfig: { MemorySwappiness: 10 } },
    changed: { value: 0, places: { memorySwappiness: "update_replace" } },
  },
  oomKillDisable: {
    value: true,
    body: { HostConfig: { OomKillDisable: true, Memory: 64 * mib, MemorySwap: 64 * mib } },
    with: { memoryBytes: 64 * mib },
  },
  oomScoreAdj: {
    value: 200,
    body: { HostConfig: { OomScoreAdj: 200 } },
    changed: { value: 300, places: { oomScoreAdj: "update_replace" } },
  },
  cpus: {
    value: 0.3,
    body: { HostConfig: { NanoCpus: 0.3e9 } },
    changed: { value: 0.5, places: { cpus: "update" } },
    behind: updated({ NanoCpus: 0.7e9 }, { cpus: "update" }),
  },
  cpuShares: {
    value: 512,
    body: { HostConfig: { CpuShares: 512 } },
    changed: { value: 2048, places: { cpuShares: "update" } },
    behind: updated({ CpuShares: 100 }, { cpuShares: "update" }),
  },
  cpuPeriodUs: {
    value: 50_000,
    body: { HostConfig: { CpuPeriod: 50_000, CpuQuota: 25_000 } },
    with: { cpuQuotaUs: 25_000 },
    changed: { value: 60_000, places: { cpuPeriodUs: "update" } },
    behind: updated({ CpuPeriod: 70_000, CpuQuota: 25_000 }, { cpuPeriodUs: "update" }),
  },
  cpuQuotaUs: {
    value: 25_000,
    body: { HostConfig: { CpuQuota: 25_000 } },
    changed: { value: 30_000, places: { cpuQuotaUs: "update" } },
    behind: updated({ CpuQuota: 35_000 }, { cpuQuotaUs: "update" }),
  },
  cpuRealtimePeriodUs: {
    value: 1_000_000,
    body: { HostConfig: { CpuRealtimePeriod: 1_000_000 } },
    refused: /cpuRealtimePeriodUs|[Rr]eal-?time/,
  },
  cpuRealtimeRuntimeUs: {
    value: 10_000,
    body: { HostConfig: { CpuRealtimeRuntime: 10_000 } },
    refused: /[Rr]eal-?time/,
  },
  cpusetCpus: {
    value: "0",
    body: { HostConfig: { CpusetCpus: "0" } },
    changed: { value: "0-1", places: { cpusetCpus: "update" } },
    behind: updated({ CpusetCpus: "1" }, { cpusetCpus: "update" }),
  },
  cpusetMems: {
    value: "0",
    body: { HostConfig: { CpusetMems: "0" } },
    changed: { value: "0-0", places: { cpusetMems: "update" } },
  },
  blkioWeight: {
    value: 300,
    body: { HostConfig: { BlkioWeight: 300 } },
    refused: /does not take blkioWeight: Your kernel does not support/,
    changed: { value: 400, places: { blkioWeight: "update" } },
    behind: updated({ BlkioWeight: 500 }, { blkioWeight: "update" }),
  },
  blkioWeightDevice: {
    value: { [device]: 300 },
    body: { HostConfig: { BlkioWeightDevice: [{ Path: device, Weight: 300 }] } },
    refused: /does not take blkioWeightDevice: Your kernel does not support/,
    changed: {
      value: { [device]: 400 },
      places: { [`blkioWeightDevice["${device}"]`]: "update_replace" },
    },
  },
  ...rates("BlkioDeviceReadBps", "deviceReadBps"),
  ...rates("BlkioDeviceWriteBps", "deviceWriteBps"),
  ...rates("BlkioDeviceReadIOps", "deviceReadIops"),
  ...rates("BlkioDeviceWriteIOps", "deviceWriteIops"),
  pidsLimit: {
    differs: true,
    value: 50,
    body: { HostConfig: { PidsLimit: 50 } },
    changed: { value: 60, places: { pidsLimit: "update" } },
    removed: { pidsLimit: "delete" },
    behind: updated({ PidsLimit: 70 }, { pidsLimit: "update" }),
  },
  ulimits: {
    value: { nofile: { soft: 1000, hard: 2000 } },
    body: { HostConfig: { Ulimits: [{ Name: "nofile", Soft: 1000, Hard: 2000 }] } },
    changed: {
      value: { nofile: { soft: 1500, hard: 2000 } },
      places: { "ulimits.nofile.soft": "update_replace" },
    },
  },
  devices: {
    value: [
      { hostPath: "/dev/zero", containerPath: "/dev/nought", permissions: "r" },
      { hostPath: "/dev/full" },
    ],
    body: {
      HostConfig: {
        Devices: [
          { PathOnHost: "/dev/zero", PathInContainer: "/dev/nought", CgroupPermissions: "r" },
          { PathOnHost: "/dev/full", PathInContainer: "/dev/full", CgroupPermissions: "rwm" },
        ],
      },
    },
    changed: {
      value: [
        { hostPath: "/dev/zero", containerPath: "/dev/nought", permissions: "rw" },
        { hostPath: "/dev/full" },
      ],
      places: { "devices[0].permissions": "update_replace" },
    },
  },
  deviceRequests: {
    value: [{ count: -1, capabilities: [["gpu"]] }],
    body: {
      HostConfig: {
        DeviceRequests: [
          { Driver: "", Count: -1, DeviceIDs: [], Capabilities: [["gpu"]], Options: {} },
        ],
      },
    },
    refused: /could not select device driver/,
  },
  deviceCgroupRules: {
    value: ["c 42:* rmw"],
    body: { HostConfig: { DeviceCgroupRules: ["c 42:* rmw"] } },
    changed: { value: ["c 43:* rmw"], places: { "deviceCgroupRules[0]": "update_replace" } },
  },
};
