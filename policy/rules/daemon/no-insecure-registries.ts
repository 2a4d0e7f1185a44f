import { finding, rule } from "../../rule.ts";

/** Every registry is asked with TLS. */
export const noInsecureRegistries = rule({
  name: "no-insecure-registries",
  id: "CIS 2.5",
  title: "Every registry is asked with TLS.",
  about: "daemon",
  severity: "critical",
  level: "mandatory",
  why: "Whoever is on the way can put another image in its place.",
  fix: "take the registry out of the list, and give it a certificate that the host trusts",
  options: {
    allowed: {
      doc: "Registries that may be asked without TLS.",
      default: [] as readonly string[],
    },
  },
  check: (daemon, { allowed }) =>
    finding(daemon.insecureRegistries, (value) => {
      const others = (value ?? []).filter((registry) => !allowed.includes(registry));
      return others.length > 0 && `has ${others.join(", ")}`;
    }),
});
