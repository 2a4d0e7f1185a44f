import { findings, rule } from "../../rule.ts";

/** No host port below 1024 is published, but for listed ones. */
export const noPrivilegedHostPorts = rule({
  name: "no-privileged-host-ports",
  id: "CIS 5.8",
  title: "No host port below 1024 is published, but for listed ones.",
  about: "container",
  severity: "low",
  level: "advisory",
  why: "Ports below 1024 are those of the system; a container that has one looks like a service of the host.",
  fix: "publish a higher port, or add this one to the allowed ports",
  options: {
    allowedPorts: {
      doc: "Ports below 1024 that may be published.",
      default: ["80", "443"],
    },
  },
  check: (container, { allowedPorts }) =>
    findings(container.ports, ({ hostPort }) => {
      const privileged = hostPort !== undefined && hostPort > 0 && hostPort < 1024;
      return privileged && !allowedPorts.includes(`${hostPort}`) && `publishes port ${hostPort}`;
    }),
});
