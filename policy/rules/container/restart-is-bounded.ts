import { finding, rule } from "../../rule.ts";

/** A container that fails is started again a bounded number of times. */
export const restartIsBounded = rule({
  name: "restart-is-bounded",
  id: "CIS 5.15",
  title: "A container that fails is started again a bounded number of times.",
  about: "container",
  severity: "low",
  level: "advisory",
  why: "A program that fails at once is started for ever, takes the CPU, and hides that it fails.",
  fix: "use restart on-failure with a bounded number of retries, or raise the maximum for services that must always come back",
  options: {
    maxRetries: {
      doc: "How many retries are allowed.",
      default: 5,
    },
  },
  check: (container, { maxRetries }) =>
    finding(container.restart, (value) => {
      if (value === undefined || value === "no") return false;
      if (value !== "on-failure") return `is ${value}, without a bound`;
      if (container.restartMaxRetries === undefined) return false;
      const retries = container.restartMaxRetries.value ?? 0;
      return (
        (retries === 0 || retries > maxRetries) &&
        `is on-failure with ${retries || "unbounded"} retries`
      );
    }),
});
