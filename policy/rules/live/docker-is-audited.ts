import { finding, rule } from "../../rule.ts";

/** The kernel's audit follows Docker's programs and files. */
export const dockerIsAudited = rule({
  name: "docker-is-audited",
  id: "CIS 1.1.3-1.1.18",
  title: "The kernel's audit follows Docker's programs and files.",
  about: "host",
  severity: "low",
  level: "advisory",
  why: "Nobody can tell afterwards who changed them.",
  fix: "add a rule for each: -w PATH -k docker, in /etc/audit/rules.d/docker.rules",
  check: (host) =>
    finding(
      host.unaudited,
      (value) => (value ?? []).length > 0 && `do not name ${(value ?? []).join(", ")}`,
    ),
});
