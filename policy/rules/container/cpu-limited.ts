import { finding, rule } from "../../rule.ts";

/** The CPU time has a limit or a share. */
export const cpuLimited = rule({
  name: "cpu-limited",
  id: "CIS 5.12",
  title: "The CPU time has a limit or a share.",
  about: "container",
  severity: "low",
  level: "advisory",
  why: "One container can take all CPU time from its neighbours.",
  fix: "set cpus, a quota or a share",
  check: (container) => finding(container.cpu, (value) => !value && "has no limit and no share"),
});
