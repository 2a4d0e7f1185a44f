import { finding, rule } from "../../rule.ts";
import { adds } from "./adds.ts";

/** The capability SYS_PTRACE is not added. */
export const noSysPtrace = rule({
  name: "no-sys-ptrace",
  id: "CIS C.5.3.4",
  title: "The capability SYS_PTRACE is not added.",
  about: "container",
  severity: "high",
  level: "advisory",
  why: "With it a process reads and changes the memory of others, their secrets included.",
  fix: "take SYS_PTRACE out; debug in a container made for that",
  check: (container) => finding(container.capAdd, adds("SYS_PTRACE")),
});
