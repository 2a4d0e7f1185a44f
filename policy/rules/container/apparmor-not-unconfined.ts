import { finding, rule } from "../../rule.ts";

/** The AppArmor profile is not switched off. */
export const apparmorNotUnconfined = rule({
  name: "apparmor-not-unconfined",
  id: "CIS 5.2",
  title: "The AppArmor profile is not switched off.",
  about: "container",
  severity: "high",
  level: "advisory",
  why: "Without a profile, a process that breaks out of its program meets one wall less.",
  fix: "leave the profile out, so that the default one is used, or name one",
  check: (container) =>
    finding(container.apparmor, (value) => value === "unconfined" && "is unconfined"),
});
