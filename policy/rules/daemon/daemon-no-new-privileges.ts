import { finding, rule } from "../../rule.ts";

/** Programs in containers gain no rights by setuid files, by default. */
export const daemonNoNewPrivileges = rule({
  name: "daemon-no-new-privileges",
  id: "CIS 2.14",
  title: "Programs in containers gain no rights by setuid files, by default.",
  about: "daemon",
  severity: "medium",
  level: "advisory",
  why: "A setuid program in an image makes any user of it root in the container.",
  fix: "set noNewPrivileges to true",
  check: (daemon) => finding(daemon.noNewPrivileges, (value) => value !== true && "is not true"),
});
