import { finding, rule } from "../../rule.ts";
import { referenceOf } from "./image-words.ts";

/** The image comes from a trusted registry. */
export const trustedRegistry = rule({
  name: "trusted-registry",
  id: "CIS 4.2",
  title: "The image comes from a trusted registry.",
  about: "container",
  severity: "medium",
  level: "advisory",
  why: "Anybody may publish an image under a name that looks right.",
  fix: "take the image from one of the trusted registries, or add its registry to them",
  options: {
    registries: {
      doc: "Hosts of registries, such as docker.io; none means any.",
      default: [] as readonly string[],
    },
  },
  check: (container, { registries }) =>
    finding(container.image, (value) => {
      const registry = value === undefined ? undefined : referenceOf(value)?.registry;
      if (registry === undefined || registries.length === 0) return false;
      return !registries.includes(registry) && `is ${value}, of ${registry}`;
    }),
});
