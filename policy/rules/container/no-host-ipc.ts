import { finding, rule } from "../../rule.ts";

/** The container does not share the host's IPC namespace. */
export const noHostIpc = rule({
  name: "no-host-ipc",
  id: "CIS 5.17",
  title: "The container does not share the host's IPC namespace.",
  about: "container",
  severity: "high",
  level: "advisory",
  why: "It can read and change the shared memory of the host's processes.",
  fix: "take the mode out; share the namespace of one container where that is meant",
  check: (container) => finding(container.ipc, (value) => value === "host" && "is host"),
});
