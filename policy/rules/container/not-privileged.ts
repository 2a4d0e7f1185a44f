import { finding, rule } from "../../rule.ts";

/** The container is not privileged. */
export const notPrivileged = rule({
  name: "not-privileged",
  id: "CIS 5.5",
  title: "The container is not privileged.",
  about: "container",
  severity: "critical",
  level: "mandatory",
  why: "A privileged container is root on its host: every capability, every device, no profile.",
  fix: "take privileged out, and add the one capability or device that is needed",
  check: (container) => finding(container.privileged, (value) => value === true && "is true"),
});
