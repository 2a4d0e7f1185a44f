import { finding, rule } from "../../rule.ts";

/** Containers go on while the daemon restarts. */
export const liveRestore = rule({
  name: "live-restore",
  id: "CIS 2.15",
  title: "Containers go on while the daemon restarts.",
  about: "daemon",
  severity: "medium",
  level: "advisory",
  why: "Each change of the daemon, and each crash, stops every container.",
  fix: "set liveRestore to true",
  check: (daemon) => finding(daemon.liveRestore, (value) => value !== true && "is not true"),
});
