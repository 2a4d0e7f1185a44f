import { finding, rule } from "../../rule.ts";

/** The cgroup of containers is the usual one, or a listed one. */
export const daemonCgroupParent = rule({
  name: "daemon-cgroup-parent",
  id: "CIS 2.10",
  title: "The cgroup of containers is the usual one, or a listed one.",
  about: "daemon",
  severity: "low",
  level: "advisory",
  why: "In another cgroup, other limits hold than those that the host has for containers.",
  fix: "leave cgroupParent out, or add it to the allowed ones",
  options: {
    allowed: {
      doc: "Parents that may be given.",
      default: [] as readonly string[],
    },
  },
  check: (daemon, { allowed }) =>
    finding(
      daemon.cgroupParent,
      (value) => value !== undefined && !allowed.includes(value) && `is ${value}`,
    ),
});
