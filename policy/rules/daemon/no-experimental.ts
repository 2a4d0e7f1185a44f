import { finding, rule } from "../../rule.ts";

/** Experimental features are off. */
export const noExperimental = rule({
  name: "no-experimental",
  id: "CIS 2.18",
  title: "Experimental features are off.",
  about: "daemon",
  severity: "low",
  level: "advisory",
  why: "They change without notice, and were looked at by few.",
  fix: "leave experimental out",
  check: (daemon) => finding(daemon.experimental, (value) => value === true && "is true"),
});
