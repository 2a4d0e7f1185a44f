import { finding, rule } from "../../rule.ts";

/** Containers on the default bridge do not reach each other. */
export const noIcc = rule({
  name: "no-icc",
  id: "CIS 2.2",
  title: "Containers on the default bridge do not reach each other.",
  about: "daemon",
  severity: "medium",
  level: "advisory",
  why: "Every container of the default bridge reaches every port of the others.",
  fix: "set icc to false, and use networks",
  check: (daemon) => finding(daemon.icc, (value) => value !== false && "is not false"),
});
