import { finding, rule } from "../../rule.ts";

/** Published ports need no process of their own. */
export const noUserlandProxy = rule({
  name: "no-userland-proxy",
  id: "CIS 2.16",
  title: "Published ports need no process of their own.",
  about: "daemon",
  severity: "low",
  level: "advisory",
  why: "One process for each port, as root, hides the address of the client.",
  fix: "set userlandProxy to false",
  check: (daemon) => finding(daemon.userlandProxy, (value) => value !== false && "is not false"),
});
