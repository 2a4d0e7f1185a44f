import { finding, rule } from "../../rule.ts";

/** A client's certificate lives 90 days at most. */
export const clientCertificateShortLived = rule({
  name: "client-certificate-short-lived",
  id: "DW 4",
  title: "A client's certificate lives 90 days at most.",
  about: "certificate",
  severity: "low",
  level: "advisory",
  why: "A daemon has no list of revoked certificates: what was stolen works until it ends.",
  fix: "give lifeDays of 90 or less",
  options: {
    maxDays: {
      doc: "How many days are allowed.",
      default: 90,
    },
  },
  check: (certificate, { maxDays }) =>
    finding(
      certificate.lifeDays,
      (value) =>
        certificate.usage?.value === "client" &&
        value !== undefined &&
        value > maxDays &&
        `is ${value}; ${maxDays} is allowed`,
    ),
});
