import { finding, rule } from "../../rule.ts";

/** The version of Docker is not older than the oldest that is still mended. */
export const engineVersionCurrent = rule({
  name: "engine-version-current",
  id: "CIS 1.2.2",
  title: "The version of Docker is not older than the oldest that is still mended.",
  about: "package",
  severity: "medium",
  level: "advisory",
  why: "Known holes of older versions stay open.",
  fix: "raise the version, or leave it out so that the newest is installed",
  options: {
    oldestMajor: {
      doc: "The oldest major version that is still mended.",
      default: 20,
    },
    engines: {
      doc: "Names of packages that are Docker.",
      default: ["docker", "docker-ce", "docker.io"],
    },
  },
  check: (item, { oldestMajor, engines }) =>
    finding(item.version, (value) => {
      const major = Number(/^(?:\d+:)?(\d+)\./.exec(value ?? "")?.[1] ?? Number.NaN);
      const engine = engines.includes(item.name?.value ?? "");
      return engine && major < oldestMajor && `is ${value}; the oldest is ${oldestMajor}`;
    }),
});
