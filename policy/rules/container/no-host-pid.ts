import { finding, rule } from "../../rule.ts";

/** The container does not see the host's processes. */
export const noHostPid = rule({
  name: "no-host-pid",
  id: "CIS 5.16",
  title: "The container does not see the host's processes.",
  about: "container",
  severity: "critical",
  level: "mandatory",
  why: "It can see and signal every process of the host, and read their environment.",
  fix: "take the mode out; share the namespace of one container where that is meant",
  check: (container) => finding(container.pid, (value) => value === "host" && "is host"),
});
