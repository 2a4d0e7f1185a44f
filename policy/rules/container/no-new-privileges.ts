import { finding, rule } from "../../rule.ts";

/** Programs gain no rights by setuid files. */
export const noNewPrivileges = rule({
  name: "no-new-privileges",
  id: "CIS 5.26",
  title: "Programs gain no rights by setuid files.",
  about: "container",
  severity: "medium",
  level: "advisory",
  why: "A setuid program in the image makes any user of it root in the container.",
  fix: "set no-new-privileges (allowPrivilegeEscalation: false in Kubernetes)",
  check: (container) =>
    finding(container.noNewPrivileges, (value) => value !== true && "is not set"),
});
