import { finding, rule } from "../../rule.ts";

/** A package of a host has a version. */
export const packageVersionPinned = rule({
  name: "package-version-pinned",
  id: "DW 5",
  title: "A package of a host has a version.",
  about: "package",
  severity: "low",
  level: "advisory",
  why: "Two hosts made on two days run different software.",
  fix: "give the version",
  check: (item) => finding(item.version, (value) => value === undefined && "is not given"),
});
