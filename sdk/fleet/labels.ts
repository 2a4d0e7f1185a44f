// Rules over the labels of a host, and names with wildcards.

import type { FleetHost, LabelRule } from "./types.ts";

/** The value of a label; `host` is the host's name. */
export function labelOf(host: FleetHost, label: string): string | undefined {
  if (label === "host") return host.name;
  const { labels } = host;
  return labels && Object.hasOwn(labels, label) ? labels[label] : undefined;
}

/** Whether a label of this value, or none, is as a rule says. */
export function satisfies(value: string | undefined, rule: LabelRule): boolean {
  if (rule.equals !== undefined) return value === rule.equals;
  if (rule.oneOf !== undefined) return value !== undefined && rule.oneOf.includes(value);
  if (rule.not !== undefined) return value !== rule.not;
  return (value !== undefined) === (rule.exists ?? true);
}

/** What a rule asks for, after "needs". */
function wanted(rule: LabelRule): string {
  if (rule.equals !== undefined) return `${rule.label}=${rule.equals}`;
  if (rule.oneOf !== undefined) return `${rule.label}=${rule.oneOf.join("|")}`;
  if (rule.not !== undefined) return `another ${rule.label} than ${rule.not}`;
  return rule.exists === false ? `no label ${rule.label}` : `a label ${rule.label}`;
}

/** Why a value does not satisfy a rule. */
export function missing(value: string | undefined, rule: LabelRule): string {
  const has = value === undefined ? `has no label ${rule.label}` : `has ${rule.label}=${value}`;
  return `${has}, and it needs ${wanted(rule)}`;
}

/** What is wrong with a rule itself. */
export function checkRule(rule: LabelRule): string | undefined {
  const given = [rule.equals, rule.oneOf, rule.exists, rule.not].filter((one) => one !== undefined);
  if (given.length !== 1) return "give one of equals, oneOf, exists and not";
  return rule.oneOf?.length === 0 ? "oneOf is empty; name the values that will do" : undefined;
}

/** Tests a name against names with `*` and `?`. */
export function matcher(patterns: readonly string[]): (name: string) => boolean {
  const tests = patterns.map((pattern) => {
    const source = pattern
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".");
    return new RegExp(`^${source}$`, "s");
  });
  return (name) => tests.some((test) => test.test(name));
}
