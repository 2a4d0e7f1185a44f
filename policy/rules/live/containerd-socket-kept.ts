import { rule } from "../../rule.ts";
import { keptBy } from "../host/file-words.ts";

/** The socket of containerd belongs to root and has at most the mode 660. */
export const containerdSocketKept = rule({
  name: "containerd-socket-kept",
  id: "CIS 3.23-3.24",
  title: "The socket of containerd belongs to root and has at most the mode 660.",
  about: "file",
  severity: "critical",
  level: "mandatory",
  why: "Who can write to it is root on the host.",
  fix: "set the owner to root, the group to root and the mode to 0660",
  check: (file) =>
    keptBy(file, {
      is: (path) => /^(\/var)?\/run\/containerd\/containerd\.sock$/.test(path),
      mode: 0o660,
    }),
});
