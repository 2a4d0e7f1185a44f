// dockerd's options of logs, storage, runtimes, limits and privileges.

import { element, f } from "../../provider/fields.ts";
import { DaemonChange, isJsonList, isJsonMap, type Json, memberOfInfo, row } from "./option.ts";
import { pairsFromJson, pairsToJson, textsFromJson } from "./options-network.ts";

const { Reload, Restart, RecreateData } = DaemonChange;

const texts = (doc: string, value: string) => f.list(f.string(element), { doc, default: value });
const positive = (value: number) => (value > 0 ? undefined : "write 1 or more");
const absolute = (value: string) =>
  value.startsWith("/") ? undefined : "write an absolute path, such as /srv/docker";

const ulimits = f.map(
  f.object(
    "DaemonUlimit",
    {
      soft: f.integer({ doc: "The limit that holds.", required: true }),
      hard: f.integer({ doc: "How far a process may raise it.", required: true }),
    },
    element,
  ),
  { doc: "Limits of every container by name, such as `nofile`.", default: "the daemon's own" },
);

function ulimitsFromJson(json: Json) {
  if (!isJsonMap(json)) return undefined;
  const entries = Object.entries(json).map(
    ([name, limit]) =>
      [
        name,
        { soft: Number(memberOfInfo(limit, "Soft")), hard: Number(memberOfInfo(limit, "Hard")) },
      ] as const,
  );
  return Object.fromEntries(entries);
}

const runtimes = f.map(
  f.object(
    "DaemonRuntime",
    {
      path: f.string({ doc: "The program, absolute or found on PATH.", required: true }),
      args: f.list(f.string(element), { doc: "Its arguments.", default: "none" }),
    },
    element,
  ),
  { doc: "Further OCI runtimes by name.", default: "runc alone" },
);

function runtimesFromJson(json: Json) {
  if (!isJsonMap(json)) return undefined;
  const entries = Object.entries(json).map(([name, runtime]) => {
    const args = isJsonMap(runtime) ? runtime["runtimeArgs"] : undefined;
    const list = isJsonList(args) && args.length > 0 ? { args: args.map(String) } : {};
    const path = isJsonMap(runtime) ? runtime["path"] : undefined;
    return [name, { path: typeof path === "string" ? path : "", ...list }] as const;
  });
  return Object.fromEntries(entries);
}

export const runtimeRows = {
  logDriver: row(
    "log-driver",
    Restart,
    f.string({ doc: "Where containers' output goes.", default: "json-file" }),
    { live: (info) => String(info["LoggingDriver"]) },
  ),
  logOptions: row(
    "log-opts",
    Restart,
    f.map(f.string(element), {
      doc: "Options of the log driver, such as `max-size`.",
      default: "the driver's",
    }),
    { fromJson: textsFromJson },
  ),
  logLevel: row(
    "log-level",
    Restart,
    f.choice(["debug", "info", "warn", "error", "fatal"], {
      doc: "What the daemon's own log tells.",
      default: "info",
    }),
  ),
  debug: row("debug", Reload, f.boolean({ doc: "Whether it tells more.", default: "false" }), {
    live: (info) => info["Debug"] === true,
  }),
  liveRestore: row(
    "live-restore",
    Reload,
    f.boolean({
      doc: "Whether containers go on while the daemon is down. Not for a Swarm's services.",
      default: "false",
    }),
    { live: (info) => info.LiveRestoreEnabled },
  ),
  usernsRemap: row(
    "userns-remap",
    RecreateData,
    f.string({
      doc: "The user whose subordinate ids containers' root becomes, or `default`. Images and containers of before are out of sight.",
      default: "off",
    }),
  ),
  storageDriver: row(
    "storage-driver",
    RecreateData,
    f.string({
      doc: "How image layers are kept. Images and containers of before are out of sight.",
      default: "the best there is",
      check: (value) =>
        ["aufs", "devicemapper", "overlay"].includes(value)
          ? "it is gone from Docker; write overlay2"
          : undefined,
    }),
    { live: (info) => info.Driver },
  ),
  storageOptions: row("storage-opts", Restart, texts("Options of the storage driver.", "none")),
  dataRoot: row(
    "data-root",
    RecreateData,
    f.string({
      doc: "Where images, containers and volumes are kept. Those of before stay where they are.",
      default: "/var/lib/docker",
      check: absolute,
    }),
    {
      // With usernsRemap it is a folder below, named by the ids.
      live: (info, declared) =>
        info.DockerRootDir.startsWith(`${declared}/`) ? declared : info.DockerRootDir,
    },
  ),
  execOptions: row(
    "exec-opts",
    Restart,
    texts("Options of the runtime, such as `native.cgroupdriver=systemd`.", "none"),
  ),
  cgroupParent: row(
    "cgroup-parent",
    Restart,
    f.string({ doc: "The control group that containers are in.", default: "/docker" }),
  ),
  defaultRuntime: row(
    "default-runtime",
    Reload,
    f.string({ doc: "The runtime of containers that name none.", default: "runc" }),
    { live: (info) => String(info["DefaultRuntime"]) },
  ),
  runtimes: row("runtimes", Reload, runtimes, {
    toJson: (map) =>
      Object.fromEntries(
        Object.entries(map).map(([name, { path, args }]) => [
          name,
          { path, ...(args && args.length > 0 ? { runtimeArgs: args } : {}) },
        ]),
      ),
    fromJson: runtimesFromJson,
    live: (info, declared) => {
      const there = runtimesFromJson(info.Runtimes as Json) ?? {};
      return Object.fromEntries(
        Object.keys(declared).flatMap((name) => (there[name] ? [[name, there[name]]] : [])),
      );
    },
  }),
  defaultUlimits: row("default-ulimits", Restart, ulimits, {
    toJson: (map) =>
      Object.fromEntries(
        Object.entries(map).map(([name, { soft, hard }]) => [
          name,
          { Name: name, Soft: soft, Hard: hard },
        ]),
      ),
    fromJson: ulimitsFromJson,
  }),
  defaultShmSizeBytes: row(
    "default-shm-size",
    Restart,
    f.integer({ doc: "Size of /dev/shm of containers, in bytes.", default: "67108864" }),
    {
      toJson: (bytes) => String(bytes),
      fromJson: (json) => {
        const text = typeof json === "number" ? String(json) : json;
        return typeof text === "string" && /^\d+$/.test(text) ? Number(text) : undefined;
      },
    },
  ),
  defaultCgroupnsMode: row(
    "default-cgroupns-mode",
    Restart,
    f.choice(["private", "host"], {
      doc: "Whether containers see control groups of their own.",
      default: "private with cgroup v2, else host",
    }),
    { since: "20.10" },
  ),
  defaultIpcMode: row(
    "default-ipc-mode",
    Restart,
    f.choice(["private", "shareable"], {
      doc: "Whether other containers may join a container's shared memory.",
      default: "private",
    }),
  ),
  init: row(
    "init",
    Restart,
    f.boolean({
      doc: "Whether each container gets an init process that takes care of its children.",
      default: "false",
    }),
  ),
  noNewPrivileges: row(
    "no-new-privileges",
    Restart,
    f.boolean({
      doc: "Whether no process of a container may gain rights, as by sudo or a setuid program.",
      default: "false",
    }),
  ),
  seccompProfile: row(
    "seccomp-profile",
    Restart,
    f.string({
      doc: "The host's file with the seccomp profile of containers.",
      default: "the one that is built in",
      check: (value) =>
        value === "unconfined"
          ? "it takes the filter away from every container; write the path of a profile, or leave it out"
          : undefined,
    }),
  ),
  selinuxEnabled: row(
    "selinux-enabled",
    Restart,
    f.boolean({ doc: "Whether containers get SELinux labels.", default: "false" }),
  ),
  labels: row(
    "labels",
    Reload,
    f.map(f.string(element), { doc: "The daemon's labels by name.", default: "none" }),
    {
      toJson: pairsToJson,
      fromJson: pairsFromJson,
      live: (info) => pairsFromJson(info.Labels ?? []),
    },
  ),
  shutdownTimeoutSeconds: row(
    "shutdown-timeout",
    Reload,
    f.integer({
      doc: "How long containers get to stop when the daemon stops, in seconds; -1 is for ever.",
      default: "15",
      check: (value) => (value >= -1 ? undefined : "write -1 or more"),
    }),
  ),
  maxConcurrentDownloads: row(
    "max-concurrent-downloads",
    Reload,
    f.integer({ doc: "Layers of a pull at the same time.", default: "3", check: positive }),
  ),
  maxConcurrentUploads: row(
    "max-concurrent-uploads",
    Reload,
    f.integer({ doc: "Layers of a push at the same time.", default: "5", check: positive }),
  ),
  maxDownloadAttempts: row(
    "max-download-attempts",
    Reload,
    f.integer({ doc: "Tries to get a layer.", default: "5", check: positive }),
    { since: "20.10" },
  ),
} as const;
