// Rules as policies of Pulumi's: for the pack of this package, or for one of your own.
import type { PolicyConfigSchema, ResourceValidationPolicy } from "@pulumi/policy";
import { subjectsOf } from "./adapters/index.ts";
import type { Finding, OptionValue, OptionValues, Rule, RuleOption } from "./rule.ts";

const benchmark = {
  name: "CIS Docker Benchmark",
  version: "1.6.0",
  reference: "https://www.cisecurity.org/benchmark/docker",
};

function schemaOf(options: Rule["options"]): PolicyConfigSchema | undefined {
  const names = Object.entries(options);
  if (names.length === 0) return undefined;
  const property = ({ doc, default: given }: RuleOption) => ({
    description: doc,
    default: typeof given === "number" ? given : [...given],
    ...(typeof given === "number"
      ? { type: "number" as const }
      : { type: "array" as const, items: { type: "string" as const } }),
  });
  return { properties: Object.fromEntries(names.map(([name, one]) => [name, property(one)])) };
}

/** What is said of a finding: where, what, why, and what to do. The engine adds the resource's URN. */
export function describeFinding({ id, severity, why, fix }: Rule, { path, what }: Finding): string {
  return `${id} (${severity}): ${path} ${what}. ${why} fix: ${fix}`;
}

/** The findings of a rule on a resource of any type. */
export function judge(
  rule: Rule,
  type: string,
  inputs: Readonly<Record<string, unknown>>,
  options: OptionValues = {},
): readonly Finding[] {
  return subjectsOf(type, inputs).flatMap((subject) => rule.check(subject, options));
}

/** A rule as a policy, for a `PolicyPack` of `@pulumi/policy`. */
export function policyOf(rule: Rule): ResourceValidationPolicy {
  const schema = schemaOf(rule.options);
  const [, number] = /^CIS (.*)$/.exec(rule.id) ?? [];
  return {
    name: rule.name,
    displayName: `${rule.id} ${rule.name}`,
    description: `${rule.title} ${rule.why}`,
    enforcementLevel: rule.level,
    severity: rule.severity,
    remediationSteps: rule.fix,
    ...(number === undefined ? {} : { framework: { ...benchmark, specification: number } }),
    ...(schema === undefined ? {} : { configSchema: schema }),
    validateResource: (args, report) => {
      const options = args.getConfig<Record<string, OptionValue>>();
      for (const found of judge(rule, args.type, args.props, options)) {
        report(`${describeFinding(rule, found)}\n    at ${args.urn}`);
      }
    },
  };
}
