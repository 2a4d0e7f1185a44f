// A service's spec as ECS's own resources: task definition, roles, log group, secrets, target group and
// rule, the service, its scaling. What runs at the end is compared with what was planned (running.ts).

import * as pulumi from "@pulumi/pulumi";
import type { ServiceSpec } from "../serviceargs.ts";
import type { EcsClusterParts, EcsServiceOptions } from "./ecsparts.ts";
import { makeTarget, type Target } from "./ecstarget.ts";
import { makeTask, refusePlain } from "./ecstask.ts";
import { checkRunning } from "./running.ts";
import { appautoscaling, ecs } from "./sdk.ts";

/** Arguments of {@link EcsService}. */
export interface EcsServiceArgs {
  /** The service's name inside of the cluster. */
  readonly name: string;
  /** The parts of the cluster that it runs on. */
  readonly cluster: EcsClusterParts;
  /** The service's description, the same on all platforms. */
  readonly spec: ServiceSpec;
  /** What of it is ECS's alone. */
  readonly options: EcsServiceOptions;
}

type Own = pulumi.CustomResourceOptions;

/** How tasks are exchanged. */
function deploymentOf({ spec, options, cluster }: EcsServiceArgs, target: Target | undefined) {
  const { strategy = "rolling", batch } = spec.rollout ?? {};
  const share = typeof batch === "string" ? Number.parseInt(batch, 10) : undefined;
  const most =
    share ??
    (batch === undefined
      ? 100
      : Math.ceil((100 * Number(batch)) / Math.max(1, spec.replicas ?? 1)));
  if (strategy === "blueGreen") {
    const bakeTimeInMinutes = String(options.bakeMinutes ?? 0);
    return {
      deploymentConfiguration: { strategy: "BLUE_GREEN", bakeTimeInMinutes },
      deploymentMinimumHealthyPercent: 100,
      deploymentMaximumPercent: 200,
    };
  }
  const stopsFirst = strategy === "recreate";
  return {
    deploymentConfiguration: { strategy: "ROLLING" },
    deploymentMinimumHealthyPercent: stopsFirst ? 0 : 100,
    deploymentMaximumPercent: stopsFirst ? 100 : 100 + Math.min(100, Math.max(1, most)),
    ...(stopsFirst || target === undefined || cluster.capacity?.provider !== undefined
      ? {}
      : { availabilityZoneRebalancing: "ENABLED" }),
  };
}

function strategiesOf({ cluster, options }: EcsServiceArgs) {
  const { spotOfTen = 0 } = options;
  const provider = cluster.capacity?.provider;
  if (provider !== undefined) return [{ capacityProvider: provider, weight: 1 }];
  const own = { capacityProvider: "FARGATE", weight: 10 - spotOfTen, base: spotOfTen < 10 ? 1 : 0 };
  return spotOfTen === 0 ? [own] : [own, { capacityProvider: "FARGATE_SPOT", weight: spotOfTen }];
}

function makeScaling(
  name: string,
  { spec }: EcsServiceArgs,
  resourceId: pulumi.Output<string>,
  own: Own,
) {
  const { autoscale } = spec;
  if (autoscale === undefined) return;
  const { min, max, cpuPercent, memoryPercent } = autoscale;
  const scalableDimension = "ecs:service:DesiredCount";
  const target = new appautoscaling.Target(
    `${name}-scale`,
    { serviceNamespace: "ecs", scalableDimension, resourceId, minCapacity: min, maxCapacity: max },
    own,
  );
  const cpu = cpuPercent ?? (memoryPercent === undefined ? 60 : undefined);
  const aims = {
    ECSServiceAverageCPUUtilization: cpu,
    ECSServiceAverageMemoryUtilization: memoryPercent,
  };
  for (const [predefinedMetricType, targetValue] of Object.entries(aims)) {
    if (targetValue === undefined) continue;
    new appautoscaling.Policy(
      `${name}-by-${predefinedMetricType.includes("CPU") ? "cpu" : "memory"}`,
      {
        policyType: "TargetTrackingScaling",
        serviceNamespace: target.serviceNamespace,
        scalableDimension: target.scalableDimension,
        resourceId: target.resourceId,
        targetTrackingScalingPolicyConfiguration: {
          predefinedMetricSpecification: { predefinedMetricType },
          targetValue,
          scaleInCooldown: 300,
          scaleOutCooldown: 60,
        },
      },
      own,
    );
  }
}

/** A service of ECS. */
export class EcsService extends pulumi.ComponentResource {
  /** Its name in ECS, once it runs what was planned. */
  readonly serviceName: pulumi.Output<string>;
  /** The task definition, with its revision. */
  readonly taskDefinitionArn: pulumi.Output<string>;
  /** `NAME:PORT` inside of the cluster, and the URLs of its routes. */
  readonly endpoints: pulumi.Output<readonly string[]>;

  constructor(name: string, args: EcsServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("dockwright:index:EcsService", name, {}, opts);
    const { cluster, spec } = args;
    const fargate = cluster.capacity?.provider === undefined;
    refusePlain(args, fargate);
    const own = { parent: this };
    const target = makeTarget(name, args, own);
    const { task, policies, mountTargets } = makeTask(name, args, own);
    const waitsFor = [
      ...policies,
      ...(cluster.capacity === undefined ? [] : [cluster.capacity.association]),
      ...(target === undefined ? [] : target.rules),
      ...mountTargets,
    ];
    const service = this.makeService(name, args, { task, target, waitsFor });
    const resourceId = pulumi.interpolate`service/${cluster.name}/${service.name}`;
    makeScaling(name, args, resourceId, own);
    this.taskDefinitionArn = task.arn;
    this.serviceName = this.running(cluster.arn, service.name, task.arn);
    const inside = `${args.name}:${spec.port}`;
    const urls = (spec.routes ?? []).map(({ host, path = "/" }) => `https://${host}${path}`);
    this.endpoints = this.serviceName.apply(() => [inside, ...urls]);
    this.registerOutputs({ serviceName: this.serviceName });
  }

  private makeService(
    name: string,
    args: EcsServiceArgs,
    parts: {
      readonly task: { readonly arn: pulumi.Output<string> };
      readonly target: Target | undefined;
      readonly waitsFor: readonly pulumi.Resource[];
    },
  ) {
    const { cluster, spec, options } = args;
    const { task, target, waitsFor } = parts;
    const { health = {}, port, replicas = 1, autoscale } = spec;
    const alias = { clientAlias: [{ port, dnsName: args.name }] };
    const tags = cluster.args.tags === undefined ? {} : { tags: cluster.args.tags };
    return new ecs.Service(
      `${name}-service`,
      {
        cluster: cluster.arn,
        taskDefinition: task.arn,
        desiredCount: autoscale === undefined ? replicas : Math.max(replicas, autoscale.min),
        capacityProviderStrategies: strategiesOf(args),
        // Without it another share replaces the service, and two cannot have one name in a namespace.
        ...(options.spotOfTen === undefined ? {} : { forceNewDeployment: true }),
        networkConfiguration: { subnets: cluster.args.subnetIds, securityGroups: [cluster.tasks] },
        serviceConnectConfiguration: {
          enabled: true,
          namespace: cluster.namespace,
          services: [{ portName: "main", discoveryName: args.name, ...alias }],
        },
        deploymentCircuitBreaker: { enable: true, rollback: true },
        ...deploymentOf(args, target),
        ...(target === undefined
          ? {}
          : {
              loadBalancers: [
                { containerName: args.name, containerPort: port, ...target.attachment },
              ],
              healthCheckGracePeriodSeconds: Math.ceil((health.timeoutMs ?? 60_000) / 1000),
            }),
        enableExecuteCommand: options.exec === true,
        enableEcsManagedTags: true,
        propagateTags: "SERVICE",
        waitForSteadyState: true,
        ...tags,
      },
      {
        parent: this,
        dependsOn: [...waitsFor],
        ...(autoscale === undefined ? {} : { ignoreChanges: ["desiredCount"] }),
      },
    );
  }

  /** The name, if the service runs what was planned. A preview has nothing to compare yet. */
  private running(
    clusterArn: pulumi.Output<string>,
    serviceName: pulumi.Output<string>,
    planned: pulumi.Output<string>,
  ): pulumi.Output<string> {
    if (pulumi.runtime.isDryRun()) return serviceName;
    const found = ecs.getServiceOutput({ clusterArn, serviceName }, { parent: this });
    return pulumi
      .all([planned, found.serviceName, found.taskDefinition, found.events])
      .apply(([arn, name, taskDefinition, events]) =>
        checkRunning(arn, { serviceName: name, taskDefinition, events }),
      );
  }
}
