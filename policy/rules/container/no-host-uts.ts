import { finding, rule } from "../../rule.ts";

/** The container does not share the host's name. */
export const noHostUts = rule({
  name: "no-host-uts",
  id: "CIS 5.21",
  title: "The container does not share the host's name.",
  about: "container",
  severity: "medium",
  level: "advisory",
  why: "It can change the name of the host.",
  fix: "take the mode out, and give the container a hostname",
  check: (container) => finding(container.uts, (value) => value === "host" && "is host"),
});
