/**
 * The entry `dockwright/policy`: the rules, and what makes policies of them.
 *
 * @module dockwright/policy
 */

export { resourceTypes, subjectsOf } from "./adapters/index.ts";
export { describeFinding, judge, policyOf } from "./policies.ts";
export {
  type Finding,
  type Level,
  type OptionValue,
  type OptionValues,
  type Rule,
  type RuleOption,
  type RuleSpec,
  rule,
  type Severity,
} from "./rule.ts";
export { rules } from "./rules/index.ts";
export type {
  CertificateSubject,
  ConnectionSubject,
  ContainerSubject,
  DaemonSubject,
  Declared,
  ExecSubject,
  FileSubject,
  HostMount,
  HostSubject,
  ImageSubject,
  Kind,
  Logging,
  NamedValue,
  NetworkSubject,
  PackageSubject,
  PublishedPlace,
  Subject,
  Subjects,
  UserSubject,
} from "./subjects.ts";
