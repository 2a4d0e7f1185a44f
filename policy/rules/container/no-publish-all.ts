import { finding, rule } from "../../rule.ts";

/** Only ports that are named are published. */
export const noPublishAll = rule({
  name: "no-publish-all",
  id: "CIS 5.9",
  title: "Only ports that are named are published.",
  about: "container",
  severity: "medium",
  level: "advisory",
  why: "Publishing all ports opens whatever the image says, which changes with the image.",
  fix: "name the ports that are needed, and take publishAllPorts out",
  check: (container) => finding(container.publishAll, (value) => value === true && "is true"),
});
