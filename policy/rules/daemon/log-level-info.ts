import { finding, rule } from "../../rule.ts";

/** The daemon logs at the level info. */
export const logLevelInfo = rule({
  name: "log-level-info",
  id: "CIS 2.3",
  title: "The daemon logs at the level info.",
  about: "daemon",
  severity: "low",
  level: "advisory",
  why: "Less says too little of what happened; debug says secrets and fills the disk.",
  fix: "set logLevel to info, or leave it out",
  check: (daemon) =>
    finding(daemon.logLevel, (value) => value !== undefined && value !== "info" && `is ${value}`),
});
