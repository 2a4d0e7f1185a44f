import { rule } from "../../rule.ts";
import { keptBy } from "./file-words.ts";

/** The daemon's key belongs to root and has at most the mode 400. */
export const serverKeyKept = rule({
  name: "server-key-kept",
  id: "CIS 3.13-3.14",
  title: "The daemon's key belongs to root and has at most the mode 400.",
  about: "file",
  severity: "high",
  level: "advisory",
  why: "Who reads it can pass for the daemon.",
  fix: "set owner and group to root and mode to 0400",
  check: (file) =>
    keptBy(file, {
      is: (path) =>
        /^\/etc\/docker\/(?!certs\.d\/)(.*\/)?(server-key|key)\.pem$|^\/etc\/docker\/.*\.key$/.test(
          path,
        ),
      mode: 0o400,
    }),
});
