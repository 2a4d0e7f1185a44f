import { rule } from "../../rule.ts";
import { keptBy } from "./file-words.ts";

/** The file of defaults of Docker belongs to root and has at most the mode 644. */
export const dockerDefaultsKept = rule({
  name: "docker-defaults-kept",
  id: "CIS 3.19-3.22",
  title: "The file of defaults of Docker belongs to root and has at most the mode 644.",
  about: "file",
  severity: "medium",
  level: "advisory",
  why: "Who writes it configures the daemon, which is root.",
  fix: "set owner and group to root and mode to 0644",
  check: (file) =>
    keptBy(file, { is: (path) => /^\/etc\/(default|sysconfig)\/docker$/.test(path), mode: 0o644 }),
});
