// A service's spec as ECS's own resources: task definition, roles, log group, secrets, target group and
// rule, the service, its scaling. What runs at the end is compared with what was planned (running.ts).

import * as pulumi from "@pulumi/pulumi";
import { isPerHost } from "../perhost.ts";
import type { ServiceSpec } from "../serviceargs.ts";
import type { EcsClusterParts, EcsServiceOptions } from "./ecsparts.ts";
import { makeRoles } from "./ecsroles.ts";
import { makeTarget, type Target } from "./ecstarget.ts";
import { type EfsLike, isEfs } from "./efsvolume.ts";
import { checkRunning } from "./running.ts";
import { appautoscaling, cloudwatch, ecs, secretsmanager } from "./sdk.ts";
import { taskFaults } from "./taskfaults.ts";
import {
  containerDefinition,
  runtimePlatform,
  scratchVolumes,
  type TaskValues,
  taskSize,
} from "./taskplan.ts";

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

/** What of the spec is the task's own, with values for its outputs. */
function valuesOf({ name, spec }: EcsServiceArgs): pulumi.Output<TaskValues> {
  const { image, networks: _n, volumes: _v, routes: _r, secretEnv: _s, tasks: _t, ...rest } = spec;
  if (isPerHost(image)) throw new Error("an image for each host was let through");
  return pulumi.output({ ...rest, image: image.ref, name }) as pulumi.Output<TaskValues>;
}

function efsOf({ volumes = [] }: ServiceSpec, fargate: boolean) {
  return volumes.map(({ volume, hostPath, target, readOnly }, index) => {
    const propertyPath = `volumes[${index}]`;
    const refuse = (reason: string) => new pulumi.InputPropertyError({ propertyPath, reason });
    const mount = { name: `volume-${index + 1}`, target, readOnly: readOnly ?? false };
    if (volume === undefined) {
      if (fargate)
        throw refuse(
          "is a path of a host, and Fargate has none; the nearest thing is an EfsVolume",
        );
      return { ...mount, efs: undefined, hostPath };
    }
    if (isPerHost(volume) || !isEfs(volume)) {
      throw refuse("is a volume of a daemon; on ECS the nearest thing is an EfsVolume");
    }
    return { ...mount, efs: volume as EfsLike, hostPath: undefined };
  });
}

type Mount = ReturnType<typeof efsOf>[number];

function volumeOf({ name, efs, hostPath }: Mount) {
  if (efs === undefined) return { name, ...(hostPath === undefined ? {} : { hostPath }) };
  return {
    name,
    efsVolumeConfiguration: {
      fileSystemId: efs.fileSystemId,
      transitEncryption: "ENABLED",
      authorizationConfig: { accessPointId: efs.accessPointId, iam: "ENABLED" },
    },
  };
}

/** A secret each. The task names the version, so that a changed value is another revision. */
function makeSecrets(name: string, { spec, options, cluster }: EcsServiceArgs, own: Own) {
  const tags = cluster.args.tags === undefined ? {} : { tags: cluster.args.tags };
  const made = Object.entries(spec.secretEnv ?? {}).map(([variable, value]) => {
    const key = `${name}-${variable.toLowerCase().replaceAll("_", "-")}`;
    const secret = new secretsmanager.Secret(key, { recoveryWindowInDays: 7, ...tags }, own);
    const version = new secretsmanager.SecretVersion(
      key,
      { secretId: secret.id, secretString: pulumi.secret(value) },
      own,
    );
    return [variable, pulumi.interpolate`${secret.arn}:::${version.versionId}`] as const;
  });
  const given = Object.entries(options.secretArns ?? {});
  return Object.fromEntries([
    ...made,
    ...given.map(([variable, arn]) => [variable, pulumi.output(arn)] as const),
  ]);
}

function refuseFaults(values: TaskValues, fargate: boolean): void {
  const errors = taskFaults(values, fargate);
  if (errors.length === 0) return;
  throw new pulumi.InputPropertiesError({
    message: "the task cannot be made",
    errors: [...errors],
  });
}

/** What is plain is judged when the program runs; outputs once they are known. */
function refusePlain({ name, spec }: EcsServiceArgs, fargate: boolean): void {
  const plain = Object.fromEntries(
    Object.entries(spec).filter(
      ([, value]) => ["number", "string", "boolean"].includes(typeof value) || Array.isArray(value),
    ),
  );
  const ref = isPerHost(spec.image) ? undefined : spec.image.ref;
  const image = typeof ref === "string" ? ref : `unknown@sha256:${"0".repeat(64)}`;
  refuseFaults({ ...plain, name, image, port: spec.port } as TaskValues, fargate);
}

function makeTask(name: string, args: EcsServiceArgs, mounts: readonly Mount[], own: Own) {
  const { cluster, options, spec } = args;
  const tags = cluster.args.tags === undefined ? {} : { tags: cluster.args.tags };
  const fargate = cluster.capacity?.provider === undefined;
  const secrets = makeSecrets(name, args, own);
  const logs = new cloudwatch.LogGroup(
    `${name}-log`,
    { retentionInDays: options.logDays ?? 30, ...tags },
    own,
  );
  const values = valuesOf(args);
  const roles = makeRoles(
    name,
    {
      image: values.apply(({ image }) => image),
      logGroupArn: logs.arn,
      secretArns: Object.values(secrets),
      taskPolicy: options.taskPolicy ?? [],
      exec: options.exec === true,
      fileSystems: mounts.flatMap(({ efs }) => (efs === undefined ? [] : [efs.fileSystemArn])),
      tags,
    },
    own,
  );
  const definitions = pulumi
    .all([
      values,
      pulumi.output(secrets),
      logs.name,
      logs.arn,
      pulumi.output(
        mounts.map(({ name: n, target, readOnly }) => ({ name: n, path: target, readOnly })),
      ),
    ])
    .apply(([plain, secretArns, logGroup, logArn, places]) => {
      refuseFaults(plain, fargate);
      const region = logArn.split(":")[3] ?? "";
      const place = { fargate, logGroup, region, secrets: secretArns, mounts: places };
      return JSON.stringify([containerDefinition(plain, place)]);
    });
  const size = values.apply((plain) => taskSize(plain, fargate));
  const scratch = values.apply((plain) => scratchVolumes(plain, fargate));
  const task = new ecs.TaskDefinition(
    `${name}-task`,
    {
      family: args.name,
      networkMode: "awsvpc",
      requiresCompatibilities: [fargate ? "FARGATE" : "EC2"],
      cpu: size.apply((of) => of?.cpu),
      memory: size.apply((of) => of?.memory),
      executionRoleArn: roles.execution.arn,
      taskRoleArn: roles.task.arn,
      runtimePlatform: pulumi.output(spec.platform).apply(runtimePlatform),
      containerDefinitions: definitions,
      volumes: pulumi
        .all([mounts.map(volumeOf), scratch])
        .apply(([given, own_]) => [...given, ...own_]),
      ...(options.ephemeralGiB === undefined
        ? {}
        : { ephemeralStorage: { sizeInGib: options.ephemeralGiB } }),
      // An earlier revision is the way back.
      skipDestroy: true,
      ...tags,
    },
    own,
  );
  return { task, policies: roles.policies };
}

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
    const mounts = efsOf(spec, fargate);
    const target = makeTarget(name, args, own);
    const { task, policies } = makeTask(name, args, mounts, own);
    const waitsFor = [
      ...policies,
      ...(cluster.capacity === undefined ? [] : [cluster.capacity.association]),
      ...(target === undefined ? [] : target.rules),
      ...mounts.flatMap(({ efs }) => efs?.mountTargets ?? []),
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
