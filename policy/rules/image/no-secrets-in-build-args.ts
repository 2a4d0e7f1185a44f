import { findings, rule } from "../../rule.ts";
import { looksSecret, secretNames } from "../secret-words.ts";

/** No secret is a build argument. */
export const noSecretsInBuildArgs = rule({
  name: "no-secrets-in-build-args",
  id: "CIS 4.10",
  title: "No secret is a build argument.",
  about: "image",
  severity: "high",
  level: "advisory",
  why: "Build arguments stay in the history of the image, for everybody who can pull it.",
  fix: "give it as a build secret, and mount it where it is used",
  options: { names: secretNames },
  check: (image, { names }) => findings(image.buildArgs, (item) => looksSecret(item, names)),
});
