// Two roles: ECS's own, that starts the task (pulls, reads its secrets, writes its log), and that of the
// task, which has what the program says. Neither may do more than what is named.

import * as pulumi from "@pulumi/pulumi";
import { assumeBy, policyOf, type Statement } from "./policy.ts";
import { iam } from "./sdk.ts";

export interface RoleNeeds {
  readonly images: pulumi.Output<readonly string[]>;
  readonly logGroupArn: pulumi.Output<string>;
  /** ARNs of secrets and parameters. */
  readonly secretArns: readonly pulumi.Output<string>[];
  readonly taskPolicy: readonly Statement[];
  readonly exec: boolean;
  /** ARNs of the file systems of volumes. */
  readonly fileSystems: readonly pulumi.Output<string>[];
  readonly tags: { readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>> };
}

/** The repository of an image in ECR, as an ARN; none for another registry. */
export function repositoryArn(image: string): string | undefined {
  const found = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com\/([^@:]+)/.exec(image);
  if (found === null) return undefined;
  const [, account = "", region = "", repository = ""] = found;
  return `arn:aws:ecr:${region}:${account}:repository/${repository}`;
}

/** A secret's own ARN, without the version that a task names behind it. */
const bareArn = (arn: string): string => arn.split(":").slice(0, 7).join(":");

/** What ECS needs to start the task. */
export function executionStatements(
  images: readonly string[],
  logGroupArn: string,
  secretArns: readonly string[],
) {
  const repositories = [...new Set(images.flatMap((image) => repositoryArn(image) ?? []))];
  const secrets = secretArns.map(bareArn);
  const managed = secrets.filter((arn) => arn.includes(":secretsmanager:"));
  const parameters = secrets.filter((arn) => arn.includes(":ssm:"));
  const pull = [
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:GetDownloadUrlForLayer",
  ];
  const statements = [
    { actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: [`${logGroupArn}:*`] },
    { actions: ["secretsmanager:GetSecretValue"], resources: managed },
    { actions: ["ssm:GetParameters"], resources: parameters },
    { actions: pull, resources: repositories },
    // A token is of the whole registry: the action has no resource.
    { actions: ["ecr:GetAuthorizationToken"], resources: repositories.length === 0 ? [] : ["*"] },
  ];
  return statements.filter(({ resources }) => resources.length > 0);
}

const execActions = [
  "ssmmessages:CreateControlChannel",
  "ssmmessages:CreateDataChannel",
  "ssmmessages:OpenControlChannel",
  "ssmmessages:OpenDataChannel",
];
const mountActions = ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"];

function taskStatements({ taskPolicy, exec, fileSystems }: RoleNeeds): readonly Statement[] {
  return [
    ...taskPolicy,
    ...(exec ? [{ actions: execActions, resources: ["*"] }] : []),
    ...(fileSystems.length === 0 ? [] : [{ actions: mountActions, resources: [...fileSystems] }]),
  ];
}

/** Makes both; the second is undefined where the task may do nothing. */
export function makeRoles(name: string, needs: RoleNeeds, own: pulumi.CustomResourceOptions) {
  const { images, logGroupArn, secretArns, tags } = needs;
  const assumeRolePolicy = assumeBy("ecs-tasks.amazonaws.com");
  const execution = new iam.Role(`${name}-start-role`, { assumeRolePolicy, ...tags }, own);
  const startPolicy = new iam.RolePolicy(
    `${name}-start-policy`,
    {
      role: execution.name,
      policy: pulumi
        .all([images, logGroupArn, pulumi.all([...secretArns])])
        .apply(([refs, logs, secrets]) => policyOf(executionStatements(refs, logs, secrets))),
    },
    own,
  );
  const task = new iam.Role(`${name}-task-role`, { assumeRolePolicy, ...tags }, own);
  const statements = taskStatements(needs);
  const taskPolicy =
    statements.length === 0
      ? undefined
      : new iam.RolePolicy(
          `${name}-task-policy`,
          {
            role: task.name,
            policy: pulumi
              .all(statements.map(({ resources }) => pulumi.all([...resources])))
              .apply((resources) =>
                policyOf(
                  statements.map(({ actions }, index) => ({
                    actions,
                    resources: resources[index] ?? [],
                  })),
                ),
              ),
          },
          own,
        );
  const policies = [startPolicy, ...(taskPolicy === undefined ? [] : [taskPolicy])];
  return { execution, task, policies };
}
