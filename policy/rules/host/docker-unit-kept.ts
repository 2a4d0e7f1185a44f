import { rule } from "../../rule.ts";
import { keptBy } from "./file-words.ts";

/** A unit of Docker belongs to root and has at most the mode 644. */
export const dockerUnitKept = rule({
  name: "docker-unit-kept",
  id: "CIS 3.1-3.4",
  title: "A unit of Docker belongs to root and has at most the mode 644.",
  about: "file",
  severity: "medium",
  level: "advisory",
  why: "Who writes it decides what root runs.",
  fix: "set owner and group to root and mode to 0644",
  check: (file) =>
    keptBy(file, {
      is: (path) =>
        /^\/(etc|lib|usr\/lib)\/systemd\/system\/docker\.(service|socket)(\.d\/.*)?$/.test(path),
      mode: 0o644,
    }),
});
