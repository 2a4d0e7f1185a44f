// The options of a service that are one of a container, key by key. What a key needs beside its own
// value (files, networks, other services) is in service.ts.
import { parseArgsStringToArgv } from "string-argv";
import { parseDurationMs } from "../docker/durations.ts";
import { parseSizeBytes } from "../docker/sizes.ts";
import { mapping } from "./merge.ts";
import type { PlannedArgs } from "./plan.ts";
import { isValues, plainText, type Values } from "./source.ts";

type Option = (value: unknown, service: Values) => PlannedArgs;

const same =
  (name: string): Option =>
  (value) => ({ [name]: value });
const text =
  (name: string): Option =>
  (value) => ({ [name]: plainText(value) });
const number =
  (name: string): Option =>
  (value) => ({ [name]: Number(value) });
const flag =
  (name: string): Option =>
  (value) => ({ [name]: value === true || value === "true" });
const list =
  (name: string): Option =>
  (value) => ({ [name]: (Array.isArray(value) ? value : [value]).map(String) });
const bytes =
  (name: string): Option =>
  (value) => ({ [name]: typeof value === "number" ? value : parseSizeBytes(plainText(value)) });
const duration =
  (name: string): Option =>
  (value) => ({ [name]: parseDurationMs(plainText(value)) });

/** A map of texts; names without a value are left to the caller. */
const texts =
  (name: string, separator = "="): Option =>
  (value) => {
    const pairs = Object.entries(mapping(value, separator));
    return { [name]: Object.fromEntries(pairs.map(([key, one]) => [key, plainText(one ?? "")])) };
  };

/** A line is split as a shell would; null keeps the image's. */
const words =
  (name: string): Option =>
  (value) => {
    if (value === null || value === undefined) return {};
    const all = Array.isArray(value) ? value.map(String) : parseArgsStringToArgv(plainText(value));
    return { [name]: all };
  };

function restart(value: unknown): PlannedArgs {
  const [kind = "no", retries] = plainText(value === false ? "no" : value).split(":");
  return {
    restart: kind,
    ...(retries === undefined ? {} : { restartMaxRetries: Number(retries) }),
  };
}

/** A check as Compose has it: a line is one of the shell. */
function healthCheck(value: unknown): PlannedArgs {
  if (!isValues(value)) return {};
  if (value["disable"] === true) return { healthCheck: { test: ["NONE"] } };
  const { test } = value;
  const line = typeof test === "string" ? ["CMD-SHELL", test] : test;
  const times = [
    ["interval", "intervalMs"],
    ["timeout", "timeoutMs"],
    ["start_period", "startPeriodMs"],
  ] as const;
  const given = times.flatMap(([key, name]) =>
    value[key] === undefined ? [] : [[name, parseDurationMs(plainText(value[key]))]],
  );
  const retries = value["retries"] === undefined ? {} : { retries: Number(value["retries"]) };
  return { healthCheck: { test: line, ...Object.fromEntries(given), ...retries } };
}

function ulimits(value: unknown): PlannedArgs {
  const limits = Object.entries(isValues(value) ? value : {}).map(([name, one]) => [
    name,
    isValues(one)
      ? { soft: Number(one["soft"]), hard: Number(one["hard"]) }
      : { soft: Number(one), hard: Number(one) },
  ]);
  return { ulimits: Object.fromEntries(limits) };
}

function devices(value: unknown): PlannedArgs {
  const all = (Array.isArray(value) ? value : []).map((one) => {
    const [hostPath, containerPath, permissions] = plainText(one).split(":");
    return {
      hostPath,
      ...(containerPath === undefined ? {} : { containerPath }),
      ...(permissions === undefined ? {} : { permissions }),
    };
  });
  return { devices: all };
}

function logging(value: unknown): PlannedArgs {
  if (!isValues(value)) return {};
  const options = texts("options")(value["options"] ?? {}, {})["options"];
  const driver = value["driver"] === undefined ? {} : { driver: plainText(value["driver"]) };
  return { logging: { ...driver, ...(value["options"] === undefined ? {} : { options }) } };
}

/** Short `/path`, as a list or one. */
function tmpfs(value: unknown): PlannedArgs {
  const all = (Array.isArray(value) ? value : [value]).map((one) => {
    const [place = "", options = ""] = plainText(one).split(":");
    return [place, options];
  });
  return { tmpfs: Object.fromEntries(all) };
}

/** Each key with what it comes to. */
export const options: Readonly<Record<string, Option>> = {
  command: words("command"),
  entrypoint: words("entrypoint"),
  hostname: text("hostname"),
  domainname: text("domainname"),
  user: text("user"),
  working_dir: text("workingDir"),
  labels: texts("labels"),
  annotations: texts("annotations"),
  stop_signal: text("stopSignal"),
  stop_grace_period: duration("stopGraceMs"),
  init: flag("init"),
  tty: flag("tty"),
  stdin_open: flag("openStdin"),
  privileged: flag("privileged"),
  read_only: flag("readOnly"),
  cap_add: list("capAdd"),
  cap_drop: list("capDrop"),
  security_opt: list("securityOpt"),
  sysctls: texts("sysctls"),
  ulimits,
  devices,
  device_cgroup_rules: list("deviceCgroupRules"),
  dns: list("dns"),
  dns_opt: list("dnsOptions"),
  dns_search: list("dnsSearch"),
  extra_hosts: (value) =>
    texts("extraHosts", JSON.stringify(value).includes("=") ? "=" : ":")(value, {}),
  pid: text("pidMode"),
  ipc: text("ipcMode"),
  uts: text("utsMode"),
  userns_mode: text("usernsMode"),
  cgroup: text("cgroupnsMode"),
  cgroup_parent: text("cgroupParent"),
  group_add: list("groupAdd"),
  shm_size: bytes("shmSizeBytes"),
  mem_limit: bytes("memoryBytes"),
  mem_reservation: bytes("memoryReservationBytes"),
  memswap_limit: bytes("memorySwapBytes"),
  mem_swappiness: number("memorySwappiness"),
  oom_kill_disable: flag("oomKillDisable"),
  oom_score_adj: number("oomScoreAdj"),
  cpus: number("cpus"),
  cpu_shares: number("cpuShares"),
  cpu_quota: number("cpuQuotaUs"),
  cpu_period: number("cpuPeriodUs"),
  cpuset: text("cpusetCpus"),
  pids_limit: number("pidsLimit"),
  platform: text("platform"),
  runtime: text("runtime"),
  restart,
  healthcheck: healthCheck,
  logging,
  tmpfs,
  storage_opt: texts("storageOpt"),
  mac_address: same("macAddress"),
};
