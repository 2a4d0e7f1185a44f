import { finding, rule } from "../../rule.ts";

/** The cgroup is the usual one, or a listed one. */
export const cgroupParentUsual = rule({
  name: "cgroup-parent-usual",
  id: "CIS 5.25",
  title: "The cgroup is the usual one, or a listed one.",
  about: "container",
  severity: "medium",
  level: "advisory",
  why: "In another cgroup, other limits hold than those that the host has for containers.",
  fix: "take cgroupParent out, or add it to the allowed ones",
  options: {
    allowed: {
      doc: "Parents that may be given.",
      default: [] as readonly string[],
    },
  },
  check: (container, { allowed }) =>
    finding(
      container.cgroupParent,
      (value) => value !== undefined && value !== "" && !allowed.includes(value) && `is ${value}`,
    ),
});
