import { finding, rule } from "../../rule.ts";

/** A swarm has few managers, and an odd number of them. */
export const fewManagers = rule({
  name: "few-managers",
  id: "CIS 7.1",
  title: "A swarm has few managers, and an odd number of them.",
  about: "host",
  severity: "low",
  level: "advisory",
  why: "Each manager holds all secrets; an even number bears no more losses than one less.",
  fix: "have 3, 5 or 7",
  check: (host) =>
    finding(
      host.swarmManagers,
      (value) =>
        value !== undefined && value > 0 && (value > 7 || value % 2 === 0) && `are ${value}`,
    ),
});
