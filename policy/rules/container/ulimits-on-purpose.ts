import { finding, rule } from "../../rule.ts";

/** Limits of processes and files are changed on purpose only. */
export const ulimitsOnPurpose = rule({
  name: "ulimits-on-purpose",
  id: "CIS 5.19",
  title: "Limits of processes and files are changed on purpose only.",
  about: "container",
  severity: "low",
  level: "advisory",
  why: "A limit that is set here is no longer the daemon's, and stays when that one is lowered.",
  fix: "take the limit out, or add it to the allowed ones",
  options: {
    allowed: {
      doc: "Limits that may be set.",
      default: ["nofile", "memlock", "core"],
    },
  },
  check: (container, { allowed }) =>
    finding(container.ulimits, (value) => {
      const others = (value ?? []).filter((name) => !allowed.includes(name));
      return others.length > 0 && `sets ${others.join(", ")}`;
    }),
});
