// A volume that all tasks of a cluster share: EFS, encrypted, entered through an access point that is
// one folder and one user. It stays when the stack goes, unless told otherwise.

import * as pulumi from "@pulumi/pulumi";
import type { VolumeLike } from "../daemonlike.ts";
import { ec2, efs, vpc } from "./sdk.ts";

/** Arguments of {@link EfsVolume}. */
export interface EfsVolumeArgs {
  /** The VPC of the cluster. */
  readonly vpcId: pulumi.Input<string>;
  /** Subnets with tasks, one a zone: each gets a way in. Plain, since they decide what is made. */
  readonly subnetIds: readonly pulumi.Input<string>[];
  /** Who may mount it: `cluster.tasksSecurityGroupId`. */
  readonly securityGroupId: pulumi.Input<string>;
  /**
   * The user and group that own all files, by number.
   * @defaultValue 1000
   */
  readonly owner?: number;
  /**
   * Whether it goes with the stack, and its data.
   * @defaultValue false
   */
  readonly delete?: boolean;
  /**
   * Tags of all that is made.
   * @defaultValue none
   */
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** What ECS mounts: an EFS volume is such. */
export interface EfsLike extends VolumeLike {
  /** The file system's id, `fs-...`. */
  readonly fileSystemId: pulumi.Output<string>;
  /** The file system's ARN. */
  readonly fileSystemArn: pulumi.Output<string>;
  /** The id of the access point that tasks come in by, `fsap-...`. */
  readonly accessPointId: pulumi.Output<string>;
  /** Tasks come after the ways in. */
  readonly mountTargets: readonly pulumi.Resource[];
}

/** A volume on EFS. */
export class EfsVolume extends pulumi.ComponentResource implements EfsLike {
  readonly volumeName: pulumi.Output<string>;
  /** The file system's id, `fs-...`. */
  readonly fileSystemId: pulumi.Output<string>;
  /** The file system's ARN. */
  readonly fileSystemArn: pulumi.Output<string>;
  /** The id of the access point that tasks come in by, `fsap-...`. */
  readonly accessPointId: pulumi.Output<string>;
  readonly mountTargets: readonly pulumi.Resource[];

  constructor(name: string, args: EfsVolumeArgs, opts?: pulumi.ComponentResourceOptions) {
    super("dockwright:index:EfsVolume", name, {}, opts);
    const { vpcId, subnetIds, securityGroupId, owner = 1000, delete: goes = false } = args;
    const tags = args.tags === undefined ? {} : { tags: args.tags };
    const own = { parent: this };
    const data = new efs.FileSystem(
      `${name}-data`,
      { encrypted: true, ...tags },
      { ...own, retainOnDelete: !goes },
    );
    const group = new ec2.SecurityGroup(
      `${name}-mount`,
      { vpcId, description: "who may mount the volume", ...tags },
      own,
    );
    new vpc.SecurityGroupIngressRule(
      `${name}-nfs`,
      {
        securityGroupId: group.id,
        referencedSecurityGroupId: securityGroupId,
        ipProtocol: "tcp",
        fromPort: 2049,
        toPort: 2049,
        ...tags,
      },
      own,
    );
    this.mountTargets = subnetIds.map(
      (subnetId, index) =>
        new efs.MountTarget(
          `${name}-mount-${index + 1}`,
          { fileSystemId: data.id, subnetId, securityGroups: [group.id] },
          own,
        ),
    );
    const user = { uid: owner, gid: owner };
    const creationInfo = { ownerUid: owner, ownerGid: owner, permissions: "0750" };
    const point = new efs.AccessPoint(
      `${name}-access`,
      {
        fileSystemId: data.id,
        posixUser: user,
        rootDirectory: { path: "/data", creationInfo },
        ...tags,
      },
      own,
    );
    this.volumeName = data.id;
    this.fileSystemId = data.id;
    this.fileSystemArn = data.arn;
    this.accessPointId = point.id;
    this.registerOutputs({ volumeName: this.volumeName });
  }
}

export function isEfs(volume: object): volume is EfsLike {
  return "accessPointId" in volume;
}
