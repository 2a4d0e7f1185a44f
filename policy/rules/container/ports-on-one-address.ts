import { findings, rule } from "../../rule.ts";

/** A published port listens on a given address. */
export const portsOnOneAddress = rule({
  name: "ports-on-one-address",
  id: "CIS 5.14",
  title: "A published port listens on a given address, but for listed ones.",
  about: "container",
  severity: "medium",
  level: "advisory",
  why: "Without an address the port is open on every network that the host is in, past the host's own firewall rules.",
  fix: "give the address to listen on, such as 127.0.0.1; add a port that is meant for everybody to the public ones",
  options: {
    publicPorts: {
      doc: "Ports of the host that may listen on every address.",
      default: ["80", "443"],
    },
  },
  check: (container, { publicPorts }) =>
    findings(
      container.ports,
      ({ hostIp, hostPort }) =>
        !publicPorts.includes(`${hostPort ?? "any"}`) &&
        (hostIp === undefined || hostIp === "" || hostIp === "0.0.0.0" || hostIp === "::") &&
        "listens on every address",
    ),
});
