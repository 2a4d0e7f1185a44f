import { findings, rule } from "../../rule.ts";
import { looksSecret, secretNames } from "../secret-words.ts";

/** Secrets reach a container as files, not in its environment. */
export const noSecretsInEnv = rule({
  name: "no-secrets-in-env",
  id: "CIS 7.4",
  title: "Secrets reach a container as files, not in its environment.",
  about: "container",
  severity: "high",
  level: "advisory",
  why: "The environment is shown by inspect, inherited by every child, and printed by crash reports.",
  fix: "give it as a secret file, and let NAME_FILE point to it",
  options: { names: secretNames },
  check: (container, { names }) => findings(container.env, (item) => looksSecret(item, names)),
});
