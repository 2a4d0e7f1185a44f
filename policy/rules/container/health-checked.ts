import { finding, rule } from "../../rule.ts";

/** The container has a health check. */
export const healthChecked = rule({
  name: "health-checked",
  id: "CIS 5.27",
  title: "The container has a health check.",
  about: "container",
  severity: "low",
  level: "advisory",
  why: "A program that hangs looks like one that works, and traffic still goes to it.",
  fix: "declare a health check, or a gate that it has to pass",
  check: (container) => finding(container.health, (value) => value !== true && "is not declared"),
});
