import { finding, rule } from "../../rule.ts";
import { adds } from "./adds.ts";

/** The capability SYS_MODULE is not added. */
export const noSysModule = rule({
  name: "no-sys-module",
  id: "CIS C.5.3.2",
  title: "The capability SYS_MODULE is not added.",
  about: "container",
  severity: "high",
  level: "advisory",
  why: "With it a process loads code into the kernel of the host.",
  fix: "take SYS_MODULE out, and load the module on the host",
  check: (container) => finding(container.capAdd, adds("SYS_MODULE")),
});
