import { finding, rule } from "../../rule.ts";

/** SELinux labels are not switched off. */
export const selinuxNotDisabled = rule({
  name: "selinux-not-disabled",
  id: "CIS 5.3",
  title: "SELinux labels are not switched off.",
  about: "container",
  severity: "high",
  level: "advisory",
  why: "Without its label, the container may touch files of the host that SELinux keeps from it.",
  fix: "take label=disable out of the security options",
  check: (container) =>
    finding(container.selinux, (value) => value === "disable" && "switches SELinux labels off"),
});
