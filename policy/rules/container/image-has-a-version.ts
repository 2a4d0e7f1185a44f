import { finding, rule } from "../../rule.ts";
import { versionOf } from "./image-words.ts";

/** The image has a version. */
export const imageHasAVersion = rule({
  name: "image-has-a-version",
  id: "CIS 5.28",
  title: "The image has a version.",
  about: "container",
  severity: "medium",
  level: "advisory",
  why: 'Which image "latest" is depends on the day, so nobody knows what runs, nor how to get it back.',
  fix: "name a tag other than latest, or better a digest",
  check: (container) =>
    finding(container.image, (value) => {
      if (value === undefined) return false;
      const version = versionOf(value);
      return (version === undefined || version === "latest") && `is ${value}, of no given version`;
    }),
});
