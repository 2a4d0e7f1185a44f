import { finding, rule } from "../../rule.ts";

/** The root file system is read-only. */
export const readOnlyRoot = rule({
  name: "read-only-root",
  id: "CIS 5.13",
  title: "The root file system is read-only.",
  about: "container",
  severity: "medium",
  level: "advisory",
  why: "An intruder can leave programs where the image has its own.",
  fix: "make the root read-only, and give the paths that are written a volume or a tmpfs",
  check: (container) => finding(container.readOnlyRoot, (value) => value !== true && "is not true"),
});
