// How requests come to a service from outside: a target group, and a rule of the cluster's load balancer
// for each route. Blue/green has a second group, and a role by which ECS moves the rule.

import * as pulumi from "@pulumi/pulumi";
import type { EcsServiceArgs } from "./ecsservice.ts";
import { assumeBy } from "./policy.ts";
import { iam, lb } from "./sdk.ts";

/** A service's place behind the load balancer. */
export interface Target {
  /** What `loadBalancers` of the service says of it. */
  readonly attachment: {
    /** The group that its tasks join. */
    readonly targetGroupArn: pulumi.Output<string>;
    /** Only of deployments that have two groups in turn. */
    readonly advancedConfiguration?: {
      /** The other group. */
      readonly alternateTargetGroupArn: pulumi.Output<string>;
      /** The rule that is led from one group to the other. */
      readonly productionListenerRule: pulumi.Output<string>;
      /** The role by which ECS changes that rule. */
      readonly roleArn: pulumi.Output<string>;
    };
  };
  /** The service comes after them: a group without a rule has no load balancer. */
  readonly rules: readonly pulumi.Resource[];
}

/** How a target group chooses, in its own words. */
const algorithms = {
  roundrobin: "round_robin",
  leastconn: "least_outstanding_requests",
  random: "weighted_random",
} as const;

function makeGroup(
  name: string,
  { spec, cluster }: EcsServiceArgs,
  own: pulumi.CustomResourceOptions,
) {
  const { health = {}, port, rollout = {} } = spec;
  const tags = cluster.args.tags === undefined ? {} : { tags: cluster.args.tags };
  const { drainTimeoutMs, balance } = rollout;
  const delay = pulumi.output(drainTimeoutMs ?? 30_000).apply((ms) => Math.ceil(ms / 1000));
  return new lb.TargetGroup(
    name,
    {
      vpcId: cluster.args.vpcId,
      port,
      protocol: "HTTP",
      targetType: "ip",
      deregistrationDelay: delay,
      ...(balance === undefined
        ? {}
        : { loadBalancingAlgorithmType: pulumi.output(balance).apply((one) => algorithms[one]) }),
      healthCheck: {
        path: health.http ?? "/",
        matcher: "200-399",
        interval: Math.max(5, Math.ceil((health.intervalMs ?? 10_000) / 1000)),
        timeout: 4,
        healthyThreshold: 2,
        unhealthyThreshold: 3,
      },
      ...tags,
    },
    own,
  );
}

/** A rule's place, from what it matches: the longer a path, the earlier. Of 1 to 50000. */
export function priorityOf(host: string, path: string): number {
  const wildcard = host === "*" ? 40_000 : 0;
  const seed = [...`${host}${path}`].reduce(
    (sum, char) => (sum * 31 + char.charCodeAt(0)) % 997,
    7,
  );
  return 1 + wildcard + Math.max(0, 9 - Math.min(9, path.split("/").length - 1)) * 1000 + seed;
}

function conditionsOf(host: string, path: string) {
  const prefix = path.replace(/\/$/, "");
  return [
    ...(host === "*" ? [] : [{ hostHeader: { values: [host] } }]),
    { pathPattern: { values: prefix === "" ? ["/*"] : [prefix, `${prefix}/*`] } },
  ];
}

function makeBlueGreen(name: string, args: EcsServiceArgs, own: pulumi.CustomResourceOptions) {
  const other = makeGroup(`${name}-b`, args, own);
  const role = new iam.Role(
    `${name}-shift`,
    { assumeRolePolicy: assumeBy("ecs.amazonaws.com") },
    own,
  );
  const policyArn = "arn:aws:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers";
  const attached = new iam.RolePolicyAttachment(
    `${name}-shift`,
    { role: role.name, policyArn },
    own,
  );
  return { other, role, attached };
}

/** What the service's routes need; none without routes. */
export function makeTarget(
  name: string,
  args: EcsServiceArgs,
  own: pulumi.CustomResourceOptions,
): Target | undefined {
  const { spec, cluster } = args;
  const { routes = [], rollout = {} } = spec;
  if (routes.length === 0) return undefined;
  const { ingress } = cluster;
  if (ingress === undefined) {
    const reason =
      "need an ingress; give the EcsCluster one: who may come, and by which certificate";
    throw new pulumi.InputPropertyError({ propertyPath: "routes", reason });
  }
  const group = makeGroup(`${name}-a`, args, own);
  const blueGreen = rollout.strategy === "blueGreen" ? makeBlueGreen(name, args, own) : undefined;
  const groups = blueGreen === undefined ? [group] : [group, blueGreen.other];
  const targetGroups = groups.map(({ arn }, index) => ({ arn, weight: index === 0 ? 100 : 0 }));
  const actions =
    blueGreen === undefined
      ? [{ type: "forward", targetGroupArn: group.arn }]
      : [{ type: "forward", forward: { targetGroups } }];
  const rules = routes.map(
    ({ host, path = "/" }, index) =>
      new lb.ListenerRule(
        `${name}-route-${index + 1}`,
        {
          listenerArn: ingress.listenerArn,
          priority: priorityOf(host, path),
          conditions: conditionsOf(host, path),
          actions,
        },
        // ECS itself moves the weights.
        blueGreen === undefined ? own : { ...own, ignoreChanges: ["actions"] },
      ),
  );
  const [first] = rules;
  if (blueGreen === undefined || first === undefined) {
    return { attachment: { targetGroupArn: group.arn }, rules };
  }
  const advancedConfiguration = {
    alternateTargetGroupArn: blueGreen.other.arn,
    productionListenerRule: first.arn,
    roleArn: blueGreen.role.arn,
  };
  const attachment = { targetGroupArn: group.arn, advancedConfiguration };
  return { attachment, rules: [...rules, blueGreen.attached] };
}
