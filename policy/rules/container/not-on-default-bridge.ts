import { finding, rule } from "../../rule.ts";

/** The container is not on Docker's default bridge. */
export const notOnDefaultBridge = rule({
  name: "not-on-default-bridge",
  id: "CIS 5.30",
  title: "The container is not on Docker's default bridge.",
  about: "container",
  severity: "low",
  level: "advisory",
  why: "There every container reaches every other, and none is found by its name.",
  fix: "attach it to a network of its own",
  check: (container) =>
    finding(
      container.network,
      (value) => (value === "bridge" || value === "default") && "is the default bridge",
    ),
});
