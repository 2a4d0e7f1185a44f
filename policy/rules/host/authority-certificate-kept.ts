import { rule } from "../../rule.ts";
import { keptBy } from "./file-words.ts";

/** The authority's certificate of the daemon belongs to root and has at most the mode 444. */
export const authorityCertificateKept = rule({
  name: "authority-certificate-kept",
  id: "CIS 3.9-3.10",
  title: "The authority's certificate of the daemon belongs to root and has at most the mode 444.",
  about: "file",
  severity: "medium",
  level: "advisory",
  why: "Who writes it decides which clients are root on the host.",
  fix: "set owner and group to root and mode to 0444",
  check: (file) =>
    keptBy(file, {
      is: (path) => /^\/etc\/docker\/(?!certs\.d\/)(.*\/)?ca(-cert)?\.(pem|crt)$/.test(path),
      mode: 0o444,
    }),
});
