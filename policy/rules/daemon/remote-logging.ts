import { finding, rule } from "../../rule.ts";

/** Logs leave the host. */
export const remoteLogging = rule({
  name: "remote-logging",
  id: "CIS 2.13",
  title: "Logs leave the host.",
  about: "daemon",
  severity: "low",
  level: "advisory",
  why: "Who takes the host over takes its logs as well.",
  fix: "choose a log driver that sends them, or ship the files",
  options: {
    local: {
      doc: "Drivers that keep logs on the host.",
      default: ["json-file", "local", "none", "journald"],
    },
  },
  check: (daemon, { local }) =>
    finding(
      daemon.logging,
      (value) =>
        local.includes(value?.driver ?? "json-file") &&
        `is ${value?.driver ?? "not set: json-file"}`,
    ),
});
