import { finding, rule } from "../../rule.ts";

/** Few containers are there that do not run. */
export const fewStoppedContainers = rule({
  name: "few-stopped-containers",
  id: "CIS 6.2",
  title: "Few containers are there that do not run.",
  about: "host",
  severity: "low",
  level: "advisory",
  why: "They hold files and secrets that nobody watches.",
  fix: "remove them",
  options: {
    max: {
      doc: "How many are allowed.",
      default: 20,
    },
  },
  check: (host, { max }) =>
    finding(
      host.stoppedContainers,
      (value) => (value ?? 0) > max && `are ${value} that do not run`,
    ),
});
