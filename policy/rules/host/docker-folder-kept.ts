import { rule } from "../../rule.ts";
import { keptBy } from "./file-words.ts";

/** The folder /etc/docker belongs to root and has at most the mode 755. */
export const dockerFolderKept = rule({
  name: "docker-folder-kept",
  id: "CIS 3.5-3.6",
  title: "The folder /etc/docker belongs to root and has at most the mode 755.",
  about: "file",
  severity: "medium",
  level: "advisory",
  why: "Who writes there configures the daemon, which is root.",
  fix: "set owner and group to root and mode to 0755",
  check: (file) =>
    keptBy(file, { is: (path) => file.folder && path === "/etc/docker", mode: 0o755 }),
});
