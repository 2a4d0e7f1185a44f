import { finding, rule } from "../../rule.ts";

/** The daemon's data is on a file system of its own. */
export const dataRootOwnPartition = rule({
  name: "data-root-own-partition",
  id: "CIS 1.1.1",
  title: "The daemon's data is on a file system of its own.",
  about: "host",
  severity: "low",
  level: "advisory",
  why: "Images and logs that fill it fill the disk of the host.",
  fix: "mount a file system there",
  check: (host) =>
    finding(
      host.ownPartition,
      (value) => value !== true && "is on the file system of the folder above it",
    ),
});
