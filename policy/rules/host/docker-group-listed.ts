import { finding, rule } from "../../rule.ts";

/** Only trusted users are in the group docker. */
export const dockerGroupListed = rule({
  name: "docker-group-listed",
  id: "CIS 1.1.2",
  title: "Only trusted users are in the group docker.",
  about: "user",
  severity: "high",
  level: "advisory",
  why: "Membership is the same as root on the host.",
  fix: "take the group out, or add the user to the trusted ones",
  options: {
    trusted: {
      doc: "Users that may be in it.",
      default: [] as readonly string[],
    },
  },
  check: (user, { trusted }) =>
    finding(
      user.groups,
      (value) =>
        value?.includes("docker") === true &&
        !trusted.includes(user.name?.value ?? "") &&
        `puts ${user.name?.value ?? "the user"} into docker`,
    ),
});
