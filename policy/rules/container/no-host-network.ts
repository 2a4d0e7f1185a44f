import { finding, rule } from "../../rule.ts";

/** The container is not in the host's network. */
export const noHostNetwork = rule({
  name: "no-host-network",
  id: "CIS 5.10",
  title: "The container is not in the host's network.",
  about: "container",
  severity: "critical",
  level: "mandatory",
  why: "There it listens on every address of the host, reaches what listens on loopback, and sees the host's traffic.",
  fix: "attach it to a network of its own, and publish the ports that are needed",
  check: (container) => finding(container.network, (value) => value === "host" && "is host"),
});
