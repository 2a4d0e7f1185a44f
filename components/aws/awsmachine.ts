// A machine of EC2 as a host. Nobody reaches it but who is named, its disk is encrypted, and its metadata
// is given to who asks with a token alone. Its host key is learned at the first contact, and pinned.

import type * as pulumi from "@pulumi/pulumi";
import { CloudMachine, type CloudMachineArgs, openPortsOf } from "../cloudmachine.ts";
import { openPort } from "./openport.ts";
import { ec2, vpc } from "./sdk.ts";

/** Arguments of {@link AwsMachine}. */
export interface AwsMachineArgs extends CloudMachineArgs {
  /** The kind of machine: `t3.small`. A change stops the machine, and starts it as that. */
  readonly instanceType: pulumi.Input<string>;
  /** Its image: an AMI of Debian or Ubuntu. Another one replaces the machine. */
  readonly imageId: pulumi.Input<string>;
  /** The VPC of its security group. Another one replaces the group. */
  readonly vpcId: pulumi.Input<string>;
  /** Its subnet. Another one replaces the machine. */
  readonly subnetId: pulumi.Input<string>;
  /** The key that may log in, as OpenSSH writes it. Another one replaces the machine. */
  readonly publicKey: pulumi.Input<string>;
  /**
   * The user that logs in.
   * @defaultValue admin, as on Debian; Ubuntu has ubuntu
   */
  readonly user?: pulumi.Input<string>;
  /**
   * Whether it has a public address, by which it is then reached. A change replaces it.
   * @defaultValue true
   */
  readonly public?: boolean;
  /**
   * Its disk, in GiB. A change grows it in place.
   * @defaultValue 20
   */
  readonly diskGiB?: pulumi.Input<number>;
  /**
   * What cloud-init does at its first boot. A change replaces it.
   * @defaultValue nothing
   */
  readonly userData?: pulumi.Input<string>;
  /**
   * Tags of all that is made. A change updates in place.
   * @defaultValue none
   */
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

function makeGroup(name: string, args: AwsMachineArgs, own: pulumi.CustomResourceOptions) {
  const tags = args.tags === undefined ? {} : { tags: args.tags };
  const description = "who may reach the machine";
  const group = new ec2.SecurityGroup(
    `${name}-machine`,
    { vpcId: args.vpcId, description, ...tags },
    own,
  );
  for (const { port, portEnd, from } of openPortsOf(args)) {
    openPort(name, { group: group.id, port, portEnd, from, tags }, own);
  }
  new vpc.SecurityGroupEgressRule(
    `${name}-out`,
    { securityGroupId: group.id, cidrIpv4: "0.0.0.0/0", ipProtocol: "-1", ...tags },
    own,
  );
  return group;
}

function makeInstance(name: string, args: AwsMachineArgs, own: pulumi.CustomResourceOptions) {
  const tags = args.tags === undefined ? {} : { tags: args.tags };
  const group = makeGroup(name, args, own);
  const key = new ec2.KeyPair(`${name}-key`, { publicKey: args.publicKey, ...tags }, own);
  return new ec2.Instance(
    `${name}-machine`,
    {
      ami: args.imageId,
      instanceType: args.instanceType,
      subnetId: args.subnetId,
      vpcSecurityGroupIds: [group.id],
      keyName: key.keyName,
      associatePublicIpAddress: args.public !== false,
      metadataOptions: {
        httpEndpoint: "enabled",
        httpTokens: "required",
        httpPutResponseHopLimit: 1,
      },
      rootBlockDevice: { volumeSize: args.diskGiB ?? 20, volumeType: "gp3", encrypted: true },
      ...(args.userData === undefined
        ? {}
        : { userData: args.userData, userDataReplaceOnChange: true }),
      ...tags,
    },
    own,
  );
}

/** A machine of EC2, ready to be provisioned. */
export class AwsMachine extends CloudMachine {
  constructor(name: string, args: AwsMachineArgs, opts?: pulumi.ComponentResourceOptions) {
    const { user = "admin", privateKey } = args;
    const make = (own: pulumi.CustomResourceOptions) => {
      const instance = makeInstance(name, args, own);
      const { privateIp: privateAddress, publicIp } = instance;
      const address = args.public === false ? privateAddress : publicIp;
      return { instance, address, privateAddress, user, privateKey };
    };
    super("dockwright:index:AwsMachine", name, make, opts);
  }
}
