import { finding, rule } from "../../rule.ts";

/** The memory has a limit. */
export const memoryLimited = rule({
  name: "memory-limited",
  id: "CIS 5.11",
  title: "The memory has a limit.",
  about: "container",
  severity: "medium",
  level: "advisory",
  why: "One container can take all memory, and the kernel then ends processes of others.",
  fix: "set a memory limit",
  check: (container) => finding(container.memoryBytes, (value) => !value && "has no limit"),
});
