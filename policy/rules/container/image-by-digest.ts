import { finding, rule } from "../../rule.ts";
import { referenceOf } from "./image-words.ts";

/** The image of a registry is named by its digest. */
export const imageByDigest = rule({
  name: "image-by-digest",
  id: "CIS 4.5",
  title: "The image of a registry is named by its digest.",
  about: "container",
  severity: "low",
  level: "advisory",
  why: "A tag can be moved to another image; a digest says the content that was checked.",
  fix: "name the image by digest: IMAGE@sha256:...",
  check: (container) =>
    finding(container.image, (value) => {
      const reference = value === undefined ? undefined : referenceOf(value);
      // A name without a registry may be an image that was built on the spot.
      if (reference === undefined || reference.registry === "docker.io") return false;
      return reference.digest === undefined && `is ${value}, without a digest`;
    }),
});
