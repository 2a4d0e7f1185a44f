import { rule } from "../../rule.ts";
import { keptBy } from "./file-words.ts";

/** The daemon's certificate belongs to root and has at most the mode 444. */
export const serverCertificateKept = rule({
  name: "server-certificate-kept",
  id: "CIS 3.11-3.12",
  title: "The daemon's certificate belongs to root and has at most the mode 444.",
  about: "file",
  severity: "medium",
  level: "advisory",
  why: "Who writes it can put another daemon in the place of this one.",
  fix: "set owner and group to root and mode to 0444",
  check: (file) =>
    keptBy(file, {
      is: (path) =>
        /^\/etc\/docker\/(?!certs\.d\/)(.*\/)?(server-cert|server|cert)\.(pem|crt)$/.test(path),
      mode: 0o444,
    }),
});
