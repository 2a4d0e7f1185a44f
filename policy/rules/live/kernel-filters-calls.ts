import { finding, rule } from "../../rule.ts";

/** The kernel filters the system calls of containers. */
export const kernelFiltersCalls = rule({
  name: "kernel-filters-calls",
  id: "DW 9",
  title: "The kernel filters the system calls of containers.",
  about: "host",
  severity: "high",
  level: "advisory",
  why: "Every container has all system calls, and most known ways out with them.",
  fix: "use a kernel and a daemon with seccomp",
  check: (host) => finding(host.seccomp, (value) => value !== true && "is not there"),
});
