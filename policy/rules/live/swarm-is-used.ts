import { finding, rule } from "../../rule.ts";

/** A host is in a swarm only where one is used. */
export const swarmIsUsed = rule({
  name: "swarm-is-used",
  id: "CIS 5.1",
  title: "A host is in a swarm only where one is used.",
  about: "host",
  severity: "low",
  level: "advisory",
  why: "A swarm of one listens on ports that nobody needs.",
  fix: "leave it: docker swarm leave --force",
  check: (host) =>
    finding(host.swarmNodes, (value) => value === 1 && "has this host as its only node"),
});
