import { finding, rule } from "../../rule.ts";

/** The daemon does not run as root. */
export const daemonRootless = rule({
  name: "daemon-rootless",
  id: "CIS 2.1",
  title: "The daemon does not run as root.",
  about: "host",
  severity: "low",
  level: "advisory",
  why: "A hole in the daemon ends in root on the host.",
  fix: "run it rootless, where what that leaves out is not needed",
  check: (host) => finding(host.rootless, (value) => value !== true && "runs as root"),
});
