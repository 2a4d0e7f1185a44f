import { finding, rule } from "../../rule.ts";

/** All capabilities are dropped, and only listed ones are added. */
export const capabilitiesDropped = rule({
  name: "capabilities-dropped",
  id: "CIS 5.4",
  title: "All capabilities are dropped, and only listed ones are added.",
  about: "container",
  severity: "medium",
  level: "advisory",
  why: "Each capability that nobody needs is one that an intruder can use.",
  fix: "drop ALL, and add the few that the program needs",
  options: {
    allowed: {
      doc: "Capabilities that may be added.",
      default: ["CHOWN", "DAC_OVERRIDE", "FOWNER", "KILL", "NET_BIND_SERVICE", "SETGID", "SETUID"],
    },
  },
  check: (container, { allowed }) => [
    ...finding(
      container.capDrop,
      (value) => value?.includes("ALL") !== true && "does not drop ALL capabilities",
    ),
    ...finding(container.capAdd, (value) => {
      const others = (value ?? []).filter((name) => !allowed.includes(name));
      return others.length > 0 && `adds ${others.join(", ")}`;
    }),
  ],
});
