import { finding, rule } from "../../rule.ts";

/** Traffic of an overlay network between hosts is encrypted. */
export const overlayEncrypted = rule({
  name: "overlay-encrypted",
  id: "CIS 7.3",
  title: "Traffic of an overlay network between hosts is encrypted.",
  about: "network",
  severity: "medium",
  level: "advisory",
  why: "Everybody on the wire between the hosts can read it.",
  fix: "give the network the option encrypted",
  check: (network) =>
    finding(
      network.encrypted,
      (value) => network.driver?.value === "overlay" && value !== true && "is not set",
    ),
});
