import { finding, rule } from "../../rule.ts";

/** SSH logs in by a key. */
export const noSshPassword = rule({
  name: "no-ssh-password",
  id: "DW 2",
  title: "SSH logs in by a key.",
  about: "connection",
  severity: "medium",
  level: "advisory",
  why: "A password can be guessed, and is the same on many hosts.",
  fix: "give a private key",
  check: (connection) => finding(connection.password, (value) => value === true && "is given"),
});
