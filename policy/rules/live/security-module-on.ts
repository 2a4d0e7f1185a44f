import { finding, rule } from "../../rule.ts";

/** AppArmor or SELinux is on. */
export const securityModuleOn = rule({
  name: "security-module-on",
  id: "DW 10",
  title: "AppArmor or SELinux is on.",
  about: "host",
  severity: "medium",
  level: "advisory",
  why: "A process that breaks out of its program meets one wall less.",
  fix: "switch one of them on",
  check: (host) => finding(host.mandatoryAccess, (value) => value !== true && "are not on"),
});
