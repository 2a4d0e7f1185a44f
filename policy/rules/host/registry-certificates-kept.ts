import { rule } from "../../rule.ts";
import { keptBy } from "./file-words.ts";

/** A certificate of a registry belongs to root and has at most the mode 444. */
export const registryCertificatesKept = rule({
  name: "registry-certificates-kept",
  id: "CIS 3.7-3.8",
  title: "A certificate of a registry belongs to root and has at most the mode 444.",
  about: "file",
  severity: "medium",
  level: "advisory",
  why: "Who writes it decides which registry is trusted.",
  fix: "set owner and group to root and mode to 0444",
  check: (file) =>
    keptBy(file, {
      is: (path) => /^\/etc\/docker\/certs\.d\/.+\/[^/]+\.(crt|cert|pem)$/.test(path),
      mode: 0o444,
    }),
});
