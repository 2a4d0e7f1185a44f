// Which rule can decide on which platform, found out from the code: a rule reads members of a shape,
// and a platform's adapters fill members in.
import { subjectsOf } from "../../policy/adapters/index.ts";
import { type Rule, rules } from "../../policy/index.ts";
import type { Kind, Subject } from "../../policy/subjects.ts";
import { table } from "./table/all.ts";

/** The platforms, each with the resource types that are its own. */
export const platforms: Readonly<Record<string, RegExp>> = {
  Dockwright: /^(dockwright:|pulumi:providers:dockwright)(?!.*:SwarmService$)/,
  "Dockwright, Swarm": /^dockwright:index:SwarmService$/,
  docker: /^(docker:|docker-build:|pulumi:providers:docker)(?!.*:Service$)/,
  "docker, Swarm": /^docker:.*:Service$/,
  ECS: /^aws(-native)?:ecs/,
  Kubernetes: /^kubernetes:/,
  command: /^command:/,
};

/** The platform of a resource type. */
export function platformOf(type: string): string | undefined {
  return Object.entries(platforms).find(([, types]) => types.test(type))?.[0];
}

/** The members that a rule looks at, where nothing is known. */
function readBy(rule: Rule): readonly string[] {
  const seen: string[] = [];
  const get = (_: object, name: string) => {
    if (name === "kind") return rule.about;
    seen.push(name);
    return undefined;
  };
  rule.check(new Proxy({}, { get }) as Subject);
  return seen;
}

/** The members of a shape that a platform's adapters fill in, over all resources of the table. */
function filledBy(platform: string, kind: Kind): ReadonlySet<string> {
  const cases = Object.values(table).flatMap(({ fails, passes }) => [...fails, ...passes]);
  const subjects = cases
    .filter(({ type }) => platformOf(type) === platform)
    .flatMap(({ type, inputs }) => subjectsOf(type, inputs))
    .filter((subject) => subject.kind === kind);
  const members = subjects.flatMap((subject) => Object.entries(subject));
  return new Set(members.flatMap(([name, value]) => (value === undefined ? [] : [name])));
}

/** The platforms whose resources have what the rule looks at. */
export function decidableOn(rule: Rule): readonly string[] {
  return Object.keys(platforms).filter((platform) => {
    const filled = filledBy(platform, rule.about);
    return readBy(rule).some((name) => filled.has(name));
  });
}

/** The platforms on which the rule's rows find a fault. */
export function shownOn(rule: Rule): readonly string[] {
  const types = (table[rule.name]?.fails ?? []).map(({ type }) => platformOf(type));
  return Object.keys(platforms).filter((platform) => types.includes(platform));
}

/** The table of the README: rules that are about more than Dockwright's own resources. */
export function coverageTable(): string {
  const columns = Object.keys(platforms);
  const rows = rules
    .map((rule) => ({ rule, on: shownOn(rule) }))
    .filter(({ on }) => on.join() !== "Dockwright")
    .map(({ rule: { name, id, level }, on }) => {
      const cells = columns.map((column) => (on.includes(column) ? "yes" : "-"));
      return `| ${[`\`${name}\``, id, level, ...cells].join(" | ")} |`;
    });
  const head = ["rule", "id", "level", ...columns];
  return [`| ${head.join(" | ")} |`, `| ${head.map(() => "---").join(" | ")} |`, ...rows].join(
    "\n",
  );
}
