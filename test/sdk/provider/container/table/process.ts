// What runs, its streams, its health and its life.
import { type Table, updated } from "./row.ts";

const sleep = (seconds: string) => ["/bin/busybox", "sleep", seconds];
const second = 1e9;

export const processRows: Table = {
  name: {
    value: "$name1",
    changed: { value: "$name2", places: { name: "update_replace" } },
    // Without one of its own it keeps the name that it has.
    removed: {},
    behind: {
      act: (docker, id, name) => docker.containers.rename(id, name("$name3")),
      places: { name: "update_replace" },
    },
  },
  image: {
    value: "$image",
    body: { Image: "$image" },
    changed: { value: "other:1", places: { image: "update_replace" } },
    removed: { image: "delete_replace" },
  },
  platform: {
    value: "linux",
    changed: { value: "linux/amd64", places: { platform: "update_replace" } },
    // The daemon keeps what it runs, and not what it was asked for.
    adopted: { platform: "add_replace" },
  },
  command: {
    value: sleep("601"),
    body: { Cmd: sleep("601") },
    changed: { value: sleep("602"), places: { "command[2]": "update_replace" } },
  },
  entrypoint: {
    value: sleep("603"),
    body: { Entrypoint: sleep("603") },
    with: { command: ["1"] },
    changed: { value: sleep("604"), places: { "entrypoint[2]": "update_replace" } },
  },
  env: {
    value: { B: "a=b", A: "" },
    body: { Env: ["A=", "B=a=b"] },
    changed: {
      value: { B: "c", C: "1" },
      places: { "env.A": "delete_replace", "env.B": "update_replace", "env.C": "add_replace" },
    },
  },
  workingDir: {
    value: "/tmp",
    body: { WorkingDir: "/tmp" },
    changed: { value: "/bin", places: { workingDir: "update_replace" } },
  },
  user: {
    value: "33:33",
    body: { User: "33:33" },
    changed: { value: "34", places: { user: "update_replace" } },
  },
  hostname: {
    value: "shop",
    body: { Hostname: "shop" },
    changed: { value: "shop2", places: { hostname: "update_replace" } },
  },
  domainname: {
    value: "example.com",
    body: { Domainname: "example.com" },
    changed: { value: "example.org", places: { domainname: "update_replace" } },
  },
  shell: {
    value: ["/bin/sh", "-c"],
    body: { Shell: ["/bin/sh", "-c"] },
    changed: { value: ["/bin/sh", "-ec"], places: { "shell[1]": "update_replace" } },
  },
  init: {
    value: true,
    body: { HostConfig: { Init: true } },
    changed: { value: false, places: { init: "update_replace" } },
  },
  stopSignal: {
    value: "SIGQUIT",
    body: { StopSignal: "SIGQUIT" },
    changed: { value: "SIGKILL", places: { stopSignal: "update_replace" } },
  },
  stopGraceMs: {
    value: 1500,
    body: { StopTimeout: 2 },
    changed: { value: 2500, places: { stopGraceMs: "update_replace" } },
  },
  labels: {
    value: { "a.b": "1" },
    body: { Labels: { "a.b": "1" } },
    changed: { value: { "a.b": "2" }, places: { 'labels["a.b"]': "update_replace" } },
  },
  annotations: {
    value: { "com.example.note": "1" },
    body: { HostConfig: { Annotations: { "com.example.note": "1" } } },
    api: "1.43",
    changed: {
      value: { "com.example.note": "2" },
      places: { 'annotations["com.example.note"]': "update_replace" },
    },
  },
  tty: { value: true, body: { Tty: true } },
  openStdin: { value: true, body: { OpenStdin: true } },
  stdinOnce: { value: true, body: { StdinOnce: true }, with: { openStdin: true } },
  attachStdin: { value: true, body: { AttachStdin: true } },
  attachStdout: { value: true, body: { AttachStdout: true } },
  attachStderr: { value: true, body: { AttachStderr: true } },
  consoleSize: {
    value: { height: 40, width: 120 },
    body: { HostConfig: { ConsoleSize: [40, 120] } },
    with: { tty: true },
    api: "1.42",
    changed: {
      value: { height: 50, width: 120 },
      places: { "consoleSize.height": "update_replace" },
    },
  },
  logging: {
    differs: true,
    value: { driver: "json-file", options: { "max-size": "1m" } },
    body: { HostConfig: { LogConfig: { Type: "json-file", Config: { "max-size": "1m" } } } },
    changed: {
      value: { driver: "json-file", options: { "max-size": "2m" } },
      places: { 'logging.options["max-size"]': "update_replace" },
    },
  },
  healthCheck: {
    differs: true,
    value: {
      test: ["CMD", "/bin/busybox", "true"],
      intervalMs: 200,
      timeoutMs: 2000,
      retries: 4,
      startPeriodMs: 500,
    },
    body: {
      Healthcheck: {
        Test: ["CMD", "/bin/busybox", "true"],
        Interval: second / 5,
        Timeout: 2 * second,
        Retries: 4,
        StartPeriod: second / 2,
      },
    },
    changed: {
      value: {
        test: ["CMD", "/bin/busybox", "true"],
        intervalMs: 300,
        timeoutMs: 2000,
        retries: 4,
      },
      places: {
        "healthCheck.intervalMs": "update_replace",
        "healthCheck.startPeriodMs": "delete_replace",
      },
    },
  },
  ready: {
    value: { runningMs: 2, timeoutMs: 50_000 },
    changed: {
      value: { runningMs: 3, timeoutMs: 50_000 },
      places: { "ready.runningMs": "update" },
    },
    removed: { ready: "delete" },
  },
  restart: {
    differs: true,
    value: "always",
    body: { HostConfig: { RestartPolicy: { Name: "always" } } },
    changed: { value: "unless-stopped", places: { restart: "update" } },
    removed: { restart: "delete" },
    behind: updated({ RestartPolicy: { Name: "on-failure" } }, { restart: "update" }),
  },
  restartMaxRetries: {
    value: 3,
    body: { HostConfig: { RestartPolicy: { Name: "on-failure", MaximumRetryCount: 3 } } },
    with: { restart: "on-failure" },
    changed: { value: 4, places: { restartMaxRetries: "update" } },
    removed: { restartMaxRetries: "delete" },
    behind: updated(
      { RestartPolicy: { Name: "on-failure", MaximumRetryCount: 9 } },
      { restartMaxRetries: "update" },
    ),
  },
  start: {
    value: false,
    // With its default it is to run, and does not.
    removed: { start: "delete", running: "update" },
    adopted: { start: "add" },
  },
  autoRemove: { value: true, body: { HostConfig: { AutoRemove: true } } },
  removeVolumes: {
    value: false,
    removed: { removeVolumes: "delete" },
    // It stands nowhere in the container: it is what a delete does.
    adopted: { removeVolumes: "add" },
  },
};
