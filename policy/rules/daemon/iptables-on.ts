import { finding, rule } from "../../rule.ts";

/** The daemon writes its firewall rules. */
export const iptablesOn = rule({
  name: "iptables-on",
  id: "CIS 2.4",
  title: "The daemon writes its firewall rules.",
  about: "daemon",
  severity: "high",
  level: "advisory",
  why: "Without them containers of different networks reach each other.",
  fix: "leave iptables out, or set it to true",
  check: (daemon) => finding(daemon.iptables, (value) => value === false && "is false"),
});
