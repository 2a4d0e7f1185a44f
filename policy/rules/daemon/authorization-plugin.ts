import { finding, rule } from "../../rule.ts";

/** Calls of clients pass an authorization plugin. */
export const authorizationPlugin = rule({
  name: "authorization-plugin",
  id: "CIS 2.12",
  title: "Calls of clients pass an authorization plugin.",
  about: "daemon",
  severity: "low",
  level: "advisory",
  why: "Without one, every client may do everything.",
  fix: "name an authorization plugin, where more than one team has a certificate",
  check: (daemon) =>
    finding(daemon.authorizationPlugins, (value) => (value ?? []).length === 0 && "is not set"),
});
