import { rule } from "../../rule.ts";
import { keptBy } from "./file-words.ts";

/** The file daemon.json belongs to root and has at most the mode 644. */
export const daemonJsonKept = rule({
  name: "daemon-json-kept",
  id: "CIS 3.17-3.18",
  title: "The file daemon.json belongs to root and has at most the mode 644.",
  about: "file",
  severity: "medium",
  level: "advisory",
  why: "Who writes it configures the daemon, which is root.",
  fix: "set owner and group to root and mode to 0644",
  check: (file) => keptBy(file, { is: (path) => path === "/etc/docker/daemon.json", mode: 0o644 }),
});
