import { rule } from "../../rule.ts";
import { keptBy } from "../host/file-words.ts";

/** The daemon's socket belongs to root and the group docker and has at most the mode 660. */
export const dockerSocketKept = rule({
  name: "docker-socket-kept",
  id: "CIS 3.15-3.16",
  title: "The daemon's socket belongs to root and the group docker and has at most the mode 660.",
  about: "file",
  severity: "critical",
  level: "mandatory",
  why: "Who can write to it is root on the host.",
  fix: "set the owner to root, the group to docker and the mode to 0660",
  check: (file) =>
    keptBy(file, {
      is: (path) => /^(\/var)?\/run\/docker\.sock$/.test(path),
      mode: 0o660,
      group: "docker",
    }),
});
