import { findings, rule } from "../../rule.ts";

/** No mount is propagated to the host. */
export const noSharedPropagation = rule({
  name: "no-shared-propagation",
  id: "CIS 5.20",
  title: "No mount is propagated to the host.",
  about: "container",
  severity: "medium",
  level: "advisory",
  why: "What is mounted in the container appears on the host as well, and can cover its folders.",
  fix: "use rprivate or rslave",
  check: (container) =>
    findings(
      container.hostMounts,
      ({ propagation }) =>
        (propagation === "shared" || propagation === "rshared") &&
        `is propagated as ${propagation}`,
    ),
});
