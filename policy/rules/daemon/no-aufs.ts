import { finding, rule } from "../../rule.ts";

/** The storage driver is not aufs. */
export const noAufs = rule({
  name: "no-aufs",
  id: "CIS 2.6",
  title: "The storage driver is not aufs.",
  about: "daemon",
  severity: "low",
  level: "advisory",
  why: "aufs is old, known to crash kernels, and gone from current ones.",
  fix: "leave storageDriver out, so that overlay2 is used",
  check: (daemon) => finding(daemon.storageDriver, (value) => value === "aufs" && "is aufs"),
});
