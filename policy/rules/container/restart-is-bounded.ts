import { finding, rule } from "../../rule.ts";
import type { Declared } from "../../subjects.ts";

/** Whether there is a limit, or may be one. */
function isLimited(limit: Declared<number> | undefined): boolean {
  return limit === undefined || (limit.value ?? 0) > 0;
}

/** A container that fails is started again a bounded number of times. */
export const restartIsBounded = rule({
  name: "restart-is-bounded",
  id: "CIS 5.15",
  title:
    "A container that fails is started again a bounded number of times, or cannot take from others meanwhile.",
  about: "container",
  severity: "low",
  level: "advisory",
  why: "A program that fails at once is started for ever, and takes CPU and memory from its neighbours.",
  fix: "use restart on-failure with a bounded number of retries; what must always come back gets limits of memory and CPU",
  options: {
    maxRetries: {
      doc: "How many retries are allowed.",
      default: 5,
    },
  },
  check: (container, { maxRetries }) =>
    finding(container.restart, (value) => {
      if (value === undefined || value === "no") return false;
      // What the benchmark fears is a host that is kept busy.
      if (isLimited(container.memoryBytes) && isLimited(container.cpu)) return false;
      if (value !== "on-failure") return `is ${value}, without a bound`;
      if (container.restartMaxRetries === undefined) return false;
      const retries = container.restartMaxRetries.value ?? 0;
      return (
        (retries === 0 || retries > maxRetries) &&
        `is on-failure with ${retries || "unbounded"} retries`
      );
    }),
});
