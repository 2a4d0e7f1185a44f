// The task definition of a service and what it needs: log group, secrets, roles, file systems. A task has
// the service's container, and those beside it (`sidecars`), which share its network and its life.

import * as pulumi from "@pulumi/pulumi";
import { isPerHost } from "../perhost.ts";
import { plainMembers } from "../plain.ts";
import type { ServiceSpec } from "../serviceargs.ts";
import type { EcsSidecar } from "./ecsparts.ts";
import { makeRoles } from "./ecsroles.ts";
import type { EcsServiceArgs } from "./ecsservice.ts";
import { type EfsLike, isEfs } from "./efsvolume.ts";
import { cloudwatch, ecs, secretsmanager } from "./sdk.ts";
import { taskFaults } from "./taskfaults.ts";
import {
  containerDefinition,
  runtimePlatform,
  scratchVolumes,
  type TaskValues,
  taskSize,
} from "./taskplan.ts";

type Own = pulumi.CustomResourceOptions;

/** A container of the task. */
interface Part {
  /** Its place in the arguments, for what is refused: empty for the service's own. */
  readonly path: string;
  readonly spec: EcsSidecar & Partial<ServiceSpec>;
  readonly values: pulumi.Output<TaskValues>;
  /** ARNs of secrets, by the variable's name. */
  readonly secrets: { readonly [variable: string]: pulumi.Output<string> };
  readonly mounts: readonly Mount[];
}

/** What of a spec is the task's own, with values for its outputs. */
function valuesOf(name: string, spec: Part["spec"], beside: boolean): pulumi.Output<TaskValues> {
  const { image, networks: _n, volumes: _v, routes: _r, secretEnv: _s, tasks: _t, ...rest } = spec;
  if (isPerHost(image)) throw new Error("an image for each host was let through");
  const values = { ...rest, image: image.ref, name, ...(beside ? { beside } : {}) };
  return pulumi.output(values) as pulumi.Output<TaskValues>;
}

/** A volume that a container has, by its name in the task. */
interface Mount {
  readonly name: string;
  readonly target: pulumi.Input<string>;
  readonly readOnly: pulumi.Input<boolean>;
  readonly efs: EfsLike | undefined;
  readonly hostPath: pulumi.Input<string> | undefined;
}

function mountsOf(
  { volumes = [] }: Part["spec"],
  path: string,
  prefix: string,
  fargate: boolean,
): readonly Mount[] {
  return volumes.map(({ volume, hostPath, target, readOnly }, index) => {
    const propertyPath = `${path}volumes[${index}]`;
    const refuse = (reason: string) => new pulumi.InputPropertyError({ propertyPath, reason });
    const mount = { name: `${prefix}volume-${index + 1}`, target, readOnly: readOnly ?? false };
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

const tagsOf = ({ cluster }: EcsServiceArgs) =>
  cluster.args.tags === undefined ? {} : { tags: cluster.args.tags };

/** A secret each. The task names the version, so that a changed value is another revision. */
function makeSecrets(
  name: string,
  secretEnv: ServiceSpec["secretEnv"] = {},
  args: EcsServiceArgs,
  own: Own,
): Part["secrets"] {
  const tags = tagsOf(args);
  const made = Object.entries(secretEnv).map(([variable, value]) => {
    const key = `${name}-${variable.toLowerCase().replaceAll("_", "-")}`;
    const secret = new secretsmanager.Secret(key, { recoveryWindowInDays: 7, ...tags }, own);
    const version = new secretsmanager.SecretVersion(
      key,
      { secretId: secret.id, secretString: pulumi.secret(value) },
      own,
    );
    return [variable, pulumi.interpolate`${secret.arn}:::${version.versionId}`] as const;
  });
  return Object.fromEntries(made);
}

function refuseFaults(values: TaskValues, fargate: boolean, path = ""): void {
  const errors = taskFaults(values, fargate).map(({ propertyPath, reason }) => ({
    propertyPath: `${path}${propertyPath}`,
    reason,
  }));
  if (errors.length === 0) return;
  throw new pulumi.InputPropertiesError({ message: "the task cannot be made", errors });
}

/** What is plain is judged when the program runs; outputs once they are known. */
export function refusePlain({ name, spec, options }: EcsServiceArgs, fargate: boolean): void {
  const judge = (one: Part["spec"], container: string, path = ""): void => {
    const plain = plainMembers(one);
    const ref = isPerHost(one.image) ? undefined : one.image.ref;
    const image = typeof ref === "string" ? ref : `unknown@sha256:${"0".repeat(64)}`;
    refuseFaults({ ...plain, name: container, image } as TaskValues, fargate, path);
  };
  judge(spec, name);
  for (const [container, one] of Object.entries(options.sidecars ?? {})) {
    const path = `sidecars.${container}`;
    if (container === name) {
      const reason = `is "${name}", as the service's own container is called; take another name`;
      throw new pulumi.InputPropertyError({ propertyPath: path, reason });
    }
    judge(one, container, `${path}.`);
  }
}

function partsOf(name: string, args: EcsServiceArgs, fargate: boolean, own: Own): readonly Part[] {
  const { spec, options } = args;
  const given = Object.entries(options.secretArns ?? {}).map(
    ([variable, arn]) => [variable, pulumi.output(arn)] as const,
  );
  const main = {
    path: "",
    spec,
    values: valuesOf(args.name, spec, false),
    secrets: {
      ...makeSecrets(name, spec.secretEnv, args, own),
      ...Object.fromEntries(given),
    },
    mounts: mountsOf(spec, "", "", fargate),
  };
  const sides = Object.entries(options.sidecars ?? {}).map(([container, side]) => {
    const path = `sidecars.${container}.`;
    return {
      path,
      spec: side,
      values: valuesOf(container, side, true),
      secrets: makeSecrets(`${name}-${container}`, side.secretEnv, args, own),
      mounts: mountsOf(side, path, `${container}-`, fargate),
    };
  });
  return [main, ...sides];
}

function definitionsOf(
  parts: readonly Part[],
  logs: { readonly name: pulumi.Output<string>; readonly arn: pulumi.Output<string> },
  fargate: boolean,
) {
  const known = parts.map(({ path, values, secrets, mounts }) =>
    pulumi
      .all([
        values,
        pulumi.output(secrets),
        logs.name,
        logs.arn,
        pulumi.output(
          mounts.map(({ name, target, readOnly }) => ({ name, path: target, readOnly })),
        ),
      ])
      .apply(([plain, secretArns, logGroup, logArn, places]) => {
        refuseFaults(plain, fargate, path);
        const region = logArn.split(":")[3] ?? "";
        const place = { fargate, logGroup, region, secrets: secretArns, mounts: places };
        return containerDefinition(plain, place);
      }),
  );
  return pulumi.all(known).apply(([main, ...sides]) => {
    // The service's own begins once those beside it have: once they are well, if they can say so.
    const dependsOn = sides.map(({ name, healthCheck }) => ({
      containerName: name,
      condition: healthCheck === undefined ? "START" : "HEALTHY",
    }));
    return JSON.stringify([{ ...main, ...(sides.length === 0 ? {} : { dependsOn }) }, ...sides]);
  });
}

/** What the containers of a task take together. */
function sum(parts: readonly TaskValues[]): Pick<TaskValues, "cpus" | "memoryBytes"> {
  const of = (values: readonly (number | undefined)[]) => {
    const given = values.filter((one) => one !== undefined);
    return given.length === 0 ? undefined : given.reduce((all, one) => all + one, 0);
  };
  const [cpus, memoryBytes] = [
    of(parts.map((one) => one.cpus)),
    of(parts.map((one) => one.memoryBytes)),
  ];
  return {
    ...(cpus === undefined ? {} : { cpus }),
    ...(memoryBytes === undefined ? {} : { memoryBytes }),
  };
}

/** Makes the task definition, with all that it needs. */
export function makeTask(name: string, args: EcsServiceArgs, own: Own) {
  const { cluster, options, spec } = args;
  const tags = tagsOf(args);
  const fargate = cluster.capacity?.provider === undefined;
  const parts = partsOf(name, args, fargate, own);
  const mounts = parts.flatMap((part) => part.mounts);
  const logs = new cloudwatch.LogGroup(
    `${name}-log`,
    { retentionInDays: options.logDays ?? 30, ...tags },
    own,
  );
  const values = pulumi.all(parts.map((part) => part.values));
  const roles = makeRoles(
    name,
    {
      images: values.apply((all) => all.map(({ image }) => image)),
      logGroupArn: logs.arn,
      secretArns: parts.flatMap(({ secrets }) => Object.values(secrets)),
      taskPolicy: options.taskPolicy ?? [],
      exec: options.exec === true,
      fileSystems: mounts.flatMap(({ efs }) => (efs === undefined ? [] : [efs.fileSystemArn])),
      tags,
    },
    own,
  );
  const size = values.apply((all) => taskSize(sum(all), fargate));
  const scratch = values.apply((all) => all.flatMap((one) => [...scratchVolumes(one, fargate)]));
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
      containerDefinitions: definitionsOf(parts, logs, fargate),
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
  const mountTargets = mounts.flatMap(({ efs }) => efs?.mountTargets ?? []);
  return { task, policies: roles.policies, mountTargets };
}
