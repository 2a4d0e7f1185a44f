import { finding, rule } from "../../rule.ts";

/** The daemon listens on TCP with mutual TLS only. */
export const tcpWithTls = rule({
  name: "tcp-with-tls",
  id: "CIS 2.7",
  title: "The daemon listens on TCP with mutual TLS only.",
  about: "daemon",
  severity: "critical",
  level: "mandatory",
  why: "Everybody who reaches the port is root on the host.",
  fix: "give the authority, the certificate and the key, or reach the daemon over SSH",
  check: (daemon) =>
    finding(daemon.listen, (value) => {
      const tcp = (value ?? []).filter(
        (address) => !address.startsWith("unix:") && !address.startsWith("fd:"),
      );
      return tcp.length > 0 && daemon.tls?.value !== true && `has ${tcp.join(", ")} without TLS`;
    }),
});
