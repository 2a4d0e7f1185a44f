import { finding, rule } from "../../rule.ts";

/** The daemon's certificate does not end soon. */
export const certificateLasts = rule({
  name: "certificate-lasts",
  id: "DW 8",
  title: "The daemon's certificate does not end soon.",
  about: "host",
  severity: "high",
  level: "advisory",
  why: "On that day no client reaches the daemon.",
  fix: "renew it",
  options: {
    minDays: {
      doc: "How many days it has to have left.",
      default: 14,
    },
  },
  check: (host, { minDays }) =>
    finding(
      host.certificateDays,
      (value) => value !== undefined && value < minDays && `ends in ${value} days`,
    ),
});
