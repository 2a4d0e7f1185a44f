import { finding, rule } from "../../rule.ts";

/** The container does not share the host's users. */
export const noHostUserns = rule({
  name: "no-host-userns",
  id: "CIS 5.31",
  title: "The container does not share the host's users.",
  about: "container",
  severity: "critical",
  level: "mandatory",
  why: "Where the daemon maps users, this one is left out: its root is the host's root.",
  fix: "take usernsMode out",
  check: (container) => finding(container.userns, (value) => value === "host" && "is host"),
});
