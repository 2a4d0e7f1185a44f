// What tasks run on. Fargate needs no more than its providers' association. Machines of EC2 are a launch
// template, a group and a capacity provider. Protection from scale-in is off, since with it a group
// cannot be taken down; draining is on, so that a machine that goes gives its tasks away first.

import * as pulumi from "@pulumi/pulumi";
import { assumeBy } from "./policy.ts";
import { autoscaling, ec2, ecs, iam } from "./sdk.ts";

/** Machines of EC2 that tasks run on. */
export interface CapacityArgs {
  /** The kind of machine: `t3.medium`. A change makes new machines. */
  readonly instanceType: pulumi.Input<string>;
  /**
   * The fewest machines.
   * @defaultValue 0
   */
  readonly min?: pulumi.Input<number>;
  /** The most machines. */
  readonly max: pulumi.Input<number>;
  /**
   * How full the machines shall be, in percent: below 100 some stand ready.
   * @defaultValue 100
   */
  readonly targetPercent?: pulumi.Input<number>;
  /**
   * The size of a machine's disk, in GiB; it is encrypted.
   * @defaultValue 30
   */
  readonly diskGiB?: pulumi.Input<number>;
  /**
   * The machines' image.
   * @defaultValue the newest of Amazon Linux 2023 for ECS, looked up at each start of a machine
   */
  readonly imageId?: pulumi.Input<string>;
}

/** What a cluster's tasks run on. */
export interface Capacity {
  /** None on Fargate. */
  readonly provider: pulumi.Output<string> | undefined;
  /** Services come after it, and go before it. */
  readonly association: pulumi.Resource;
}

interface Around {
  readonly args: CapacityArgs | undefined;
  readonly cluster: pulumi.Output<string>;
  readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  readonly tasks: pulumi.Output<string>;
  readonly tags: { readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>> };
}

const newest = "resolve:ssm:/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id";

function makeProfile(name: string, tags: Around["tags"], own: pulumi.CustomResourceOptions) {
  const role = new iam.Role(
    `${name}-machine`,
    { assumeRolePolicy: assumeBy("ec2.amazonaws.com"), ...tags },
    own,
  );
  const policyArn = "arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role";
  const attached = new iam.RolePolicyAttachment(
    `${name}-machine-ecs`,
    { role: role.name, policyArn },
    own,
  );
  const profile = new iam.InstanceProfile(`${name}-machine`, { role: role.name, ...tags }, own);
  return { profile, attached };
}

function makeTemplate(
  name: string,
  args: CapacityArgs,
  { cluster, tasks, tags }: Around,
  own: pulumi.CustomResourceOptions,
) {
  const { profile, attached } = makeProfile(name, tags, own);
  const settings = pulumi.interpolate`#!/bin/sh
echo ECS_CLUSTER=${cluster} >> /etc/ecs/ecs.config
echo ECS_ENABLE_CONTAINER_METADATA=true >> /etc/ecs/ecs.config
`;
  return new ec2.LaunchTemplate(
    `${name}-machine`,
    {
      imageId: args.imageId ?? newest,
      instanceType: args.instanceType,
      userData: settings.apply((text) => Buffer.from(text).toString("base64")),
      iamInstanceProfile: { arn: profile.arn },
      vpcSecurityGroupIds: [tasks],
      metadataOptions: {
        httpEndpoint: "enabled",
        httpTokens: "required",
        httpPutResponseHopLimit: 1,
      },
      blockDeviceMappings: [
        {
          deviceName: "/dev/xvda",
          ebs: { volumeSize: args.diskGiB ?? 30, volumeType: "gp3", encrypted: "true" },
        },
      ],
      updateDefaultVersion: true,
      ...tags,
    },
    { ...own, dependsOn: [attached] },
  );
}

function makeMachines(
  name: string,
  args: CapacityArgs,
  around: Around,
  own: pulumi.CustomResourceOptions,
) {
  const template = makeTemplate(name, args, around, own);
  const group = new autoscaling.Group(
    `${name}-machines`,
    {
      minSize: args.min ?? 0,
      maxSize: args.max,
      vpcZoneIdentifiers: around.subnetIds,
      launchTemplate: { id: template.id, version: pulumi.interpolate`${template.latestVersion}` },
      instanceRefresh: { strategy: "Rolling", preferences: { minHealthyPercentage: 100 } },
      protectFromScaleIn: false,
      tags: [{ key: "AmazonECSManaged", value: "true", propagateAtLaunch: true }],
    },
    // The capacity provider moves it.
    { ...own, ignoreChanges: ["desiredCapacity"] },
  );
  return new ecs.CapacityProvider(
    `${name}-machines`,
    {
      autoScalingGroupProvider: {
        autoScalingGroupArn: group.arn,
        managedDraining: "ENABLED",
        managedTerminationProtection: "DISABLED",
        managedScaling: { status: "ENABLED", targetCapacity: args.targetPercent ?? 100 },
      },
      ...around.tags,
    },
    own,
  );
}

/** The capacity of a cluster. */
export function makeCapacity(
  name: string,
  around: Around,
  own: pulumi.CustomResourceOptions,
): Capacity {
  const { args, cluster } = around;
  const provider = args === undefined ? undefined : makeMachines(name, args, around, own).name;
  const providers = provider === undefined ? ["FARGATE", "FARGATE_SPOT"] : [provider];
  const association = new ecs.ClusterCapacityProviders(
    `${name}-capacity`,
    { clusterName: cluster, capacityProviders: providers },
    own,
  );
  return { provider, association };
}
