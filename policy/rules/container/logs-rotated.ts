import { finding, rule } from "../../rule.ts";

/** Logs in files on the host are rotated. */
export const logsRotated = rule({
  name: "logs-rotated",
  id: "DW 6",
  title: "Logs in files on the host are rotated.",
  about: "container",
  severity: "low",
  level: "advisory",
  why: "A log that grows without end fills the disk, and then every container of the host stops.",
  fix: "set max-size and max-file in the options, or use the driver local",
  check: (container) =>
    finding(container.logging, (value) => {
      const unbounded = value?.driver === "json-file" && value.options["max-size"] === undefined;
      return unbounded && "is json-file without max-size";
    }),
});
