import { finding, rule } from "../../rule.ts";
import { adds } from "./adds.ts";

/** The capability SYS_ADMIN is not added. */
export const noSysAdmin = rule({
  name: "no-sys-admin",
  id: "CIS C.5.3.3",
  title: "The capability SYS_ADMIN is not added.",
  about: "container",
  severity: "high",
  level: "advisory",
  why: "It is nearly all of root: mounts, namespaces, and many known ways out of a container.",
  fix: "take SYS_ADMIN out, and look for the narrower capability that is meant",
  check: (container) => finding(container.capAdd, adds("SYS_ADMIN")),
});
