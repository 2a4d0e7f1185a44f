import { finding, rule } from "../../rule.ts";

/** A daemon is not reached over plain TCP. */
export const noPlainTcp = rule({
  name: "no-plain-tcp",
  id: "DW 3",
  title: "A daemon is not reached over plain TCP.",
  about: "connection",
  severity: "critical",
  level: "mandatory",
  why: "Everybody who reaches the port is root on the host, and everybody on the way reads the secrets.",
  fix: "use ssh://, or give the certificates",
  check: (connection) =>
    finding(
      connection.daemonAddress,
      (value) =>
        value !== undefined &&
        /^(tcp|http):/.test(value) &&
        connection.mutualTls?.value !== true &&
        `is ${value}, without certificates`,
    ),
});
