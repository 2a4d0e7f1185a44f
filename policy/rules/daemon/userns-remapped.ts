import { finding, rule } from "../../rule.ts";

/** Root in a container is not root on the host. */
export const usernsRemapped = rule({
  name: "userns-remapped",
  id: "CIS 2.9",
  title: "Root in a container is not root on the host.",
  about: "daemon",
  severity: "medium",
  level: "advisory",
  why: "A way out of a container then ends in root on the host.",
  fix: "set usernsRemap; images and containers that are there are then no longer seen",
  check: (daemon) => finding(daemon.usernsRemap, (value) => !value && "is not set"),
});
