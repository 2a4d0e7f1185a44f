import { finding, rule } from "../../rule.ts";

/** A command in a container does not run as root. */
export const execNotRoot = rule({
  name: "exec-not-root",
  id: "CIS 5.24",
  title: "A command in a container does not run as root.",
  about: "exec",
  severity: "low",
  level: "advisory",
  why: "It can change every file of the container, whoever the program itself runs as.",
  fix: "take the user out, so that it is the container's own, or name another",
  check: (exec) =>
    finding(
      exec.user,
      (value) => value !== undefined && /^(root|0)(:|$)/.test(value) && `is ${value}`,
    ),
});
