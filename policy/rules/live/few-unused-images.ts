import { finding, rule } from "../../rule.ts";

/** Few images are there that nothing uses. */
export const fewUnusedImages = rule({
  name: "few-unused-images",
  id: "CIS 6.1",
  title: "Few images are there that nothing uses.",
  about: "host",
  severity: "low",
  level: "advisory",
  why: "Old images hold old holes, and the disk.",
  fix: "prune them",
  options: {
    max: {
      doc: "How many are allowed.",
      default: 50,
    },
  },
  check: (host, { max }) =>
    finding(
      host.unusedImages,
      (value) => (value ?? 0) > max && `are ${value} that no container uses`,
    ),
});
