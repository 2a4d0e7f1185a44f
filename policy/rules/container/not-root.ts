import { finding, rule } from "../../rule.ts";

/** The program does not run as root. */
export const notRoot = rule({
  name: "not-root",
  id: "CIS 4.1",
  title: "The program does not run as root.",
  about: "container",
  severity: "medium",
  level: "advisory",
  why: "A way out of the container then ends in root on the host.",
  fix: "name a user other than root; where the image has one, name it nevertheless, so that it does not change with the image",
  check: (container) =>
    finding(container.user, (value) => {
      if (value === undefined || value === "") return "is not declared";
      return /^(root|0)(:|$)/.test(value) && `is ${value}`;
    }),
});
