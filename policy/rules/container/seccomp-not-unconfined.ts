import { finding, rule } from "../../rule.ts";

/** The filter of system calls is not switched off. */
export const seccompNotUnconfined = rule({
  name: "seccomp-not-unconfined",
  id: "CIS 5.22",
  title: "The filter of system calls is not switched off.",
  about: "container",
  severity: "critical",
  level: "mandatory",
  why: "The filter keeps away the calls that most known ways out of a container need.",
  fix: "leave the profile out, so that the default one is used, or name one",
  check: (container) =>
    finding(container.seccomp, (value) => value === "unconfined" && "is unconfined"),
});
