import { finding, rule } from "../../rule.ts";

/** Logs in files on the host are rotated, by default. */
export const daemonLogsRotated = rule({
  name: "daemon-logs-rotated",
  id: "DW 7",
  title: "Logs in files on the host are rotated, by default.",
  about: "daemon",
  severity: "low",
  level: "advisory",
  why: "A log that grows without end fills the disk, and then every container of the host stops.",
  fix: "set max-size and max-file in logOptions, or use the driver local",
  check: (daemon) =>
    finding(daemon.logging, (value) => {
      const file = (value?.driver ?? "json-file") === "json-file";
      return file && value?.options["max-size"] === undefined && "is json-file without max-size";
    }),
});
