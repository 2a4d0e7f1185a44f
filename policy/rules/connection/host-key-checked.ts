import { finding, rule } from "../../rule.ts";

/** The host's SSH key is checked. */
export const hostKeyChecked = rule({
  name: "host-key-checked",
  id: "DW 1",
  title: "The host's SSH key is checked.",
  about: "connection",
  severity: "high",
  level: "advisory",
  why: "Without it, whoever is on the way can pass for the host, and gets what is sent to it.",
  fix: "give the host key, and take StrictHostKeyChecking=no out",
  check: (connection) =>
    finding(connection.hostKeyChecked, (value) => value !== true && "lets any host key pass"),
});
