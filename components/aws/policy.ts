// Policies of IAM. Each names its actions; none has a wildcard for one.

import type * as pulumi from "@pulumi/pulumi";

/** What somebody may do, and with what. */
export interface Statement {
  /** Such as `s3:GetObject`. */
  readonly actions: readonly string[];
  /** ARNs; `*` alone where AWS knows no resource for the action. */
  readonly resources: readonly pulumi.Input<string>[];
}

/** Who may take a role. */
export function assumeBy(service: string): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
  });
}

/** A policy document of statements whose resources are known. */
export function policyOf(
  statements: readonly {
    readonly actions: readonly string[];
    readonly resources: readonly string[];
  }[],
): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: statements.map(({ actions, resources }) => ({
      Effect: "Allow",
      Action: actions,
      Resource: resources,
    })),
  });
}
