import { finding, rule } from "../../rule.ts";

/** Processes and files of containers have default limits. */
export const defaultUlimits = rule({
  name: "default-ulimits",
  id: "CIS 2.8",
  title: "Processes and files of containers have default limits.",
  about: "daemon",
  severity: "low",
  level: "advisory",
  why: "A container without limits of its own has those of the daemon, which are next to none.",
  fix: "set defaultUlimits, such as nofile and nproc",
  check: (daemon) =>
    finding(daemon.defaultUlimits, (value) => (value ?? []).length === 0 && "is not set"),
});
