// An audit of a live host: all rules, and those that only a host can answer, over what is there.
import type { OptionValues, Rule } from "../rule.ts";
import { rules } from "../rules/index.ts";
import { liveRules } from "../rules/live/index.ts";
import type { NamedSubject } from "./subjects.ts";

/** A finding with everything that a reader needs. */
export interface AuditFinding {
  readonly rule: string;
  readonly id: string;
  readonly severity: Rule["severity"];
  readonly level: Rule["level"];
  /** What it is about: `container web`. */
  readonly subject: string;
  readonly path: string;
  readonly what: string;
  readonly why: string;
  readonly fix: string;
}

export interface AuditReport {
  /** How many rules had something to look at. */
  readonly rules: number;
  readonly subjects: number;
  readonly findings: readonly AuditFinding[];
}

const order = ["critical", "high", "medium", "low"];

/** All rules over all subjects: the gravest findings first, then by rule and subject. */
export function audit(
  subjects: readonly NamedSubject[],
  options: Readonly<Record<string, OptionValues>> = {},
): AuditReport {
  const all = [...rules, ...liveRules];
  const kinds = new Set(subjects.map(({ subject }) => subject.kind));
  const findings = all.flatMap((rule) =>
    subjects.flatMap(({ name, subject }) =>
      rule.check(subject, options[rule.name]).map(
        ({ path, what }): AuditFinding => ({
          rule: rule.name,
          id: rule.id,
          severity: rule.severity,
          level: rule.level,
          subject: name,
          path,
          what,
          why: rule.why,
          fix: rule.fix,
        }),
      ),
    ),
  );
  return {
    rules: all.filter(({ about }) => kinds.has(about)).length,
    subjects: subjects.length,
    findings: findings.toSorted(
      (a, b) =>
        order.indexOf(a.severity) - order.indexOf(b.severity) ||
        a.id.localeCompare(b.id, "en", { numeric: true }) ||
        a.subject.localeCompare(b.subject),
    ),
  };
}
