import { finding, rule } from "../../rule.ts";

/** A command in a container is not privileged. */
export const execNotPrivileged = rule({
  name: "exec-not-privileged",
  id: "CIS 5.23",
  title: "A command in a container is not privileged.",
  about: "exec",
  severity: "high",
  level: "advisory",
  why: "It has every right over the host that its container was kept from.",
  fix: "take privileged out",
  check: (exec) => finding(exec.privileged, (value) => value === true && "is true"),
});
