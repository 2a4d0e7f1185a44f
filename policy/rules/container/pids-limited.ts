import { finding, rule } from "../../rule.ts";

/** The number of processes has a limit. */
export const pidsLimited = rule({
  name: "pids-limited",
  id: "CIS 5.29",
  title: "The number of processes has a limit.",
  about: "container",
  severity: "medium",
  level: "advisory",
  why: "A program that forks without end takes every process of the host.",
  fix: "set pidsLimit",
  check: (container) =>
    finding(container.pidsLimit, (value) => (value ?? 0) <= 0 && "has no limit"),
});
