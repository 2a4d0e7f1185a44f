import { finding, rule } from "../../rule.ts";

/** The daemon's filter of system calls is not switched off. */
export const daemonSeccomp = rule({
  name: "daemon-seccomp",
  id: "CIS 2.17",
  title: "The daemon's filter of system calls is not switched off.",
  about: "daemon",
  severity: "high",
  level: "advisory",
  why: "Every container then has all system calls, and most known ways out with them.",
  fix: "leave seccompProfile out, or name a profile",
  check: (daemon) =>
    finding(daemon.seccompProfile, (value) => value === "unconfined" && "is unconfined"),
});
