// The leaves of @pulumi/aws that are used here. Their classes load when they are first named.

import { loadPeer } from "../../sdk/peer.ts";

const leaf = <T>(name: string): T =>
  loadPeer<T>("@pulumi/aws", `${name}/index.js`, "dockwright/aws");

export const appautoscaling =
  leaf<typeof import("@pulumi/aws/appautoscaling/index.js")>("appautoscaling");
export const autoscaling = leaf<typeof import("@pulumi/aws/autoscaling/index.js")>("autoscaling");
export const cloudwatch = leaf<typeof import("@pulumi/aws/cloudwatch/index.js")>("cloudwatch");
export const ec2 = leaf<typeof import("@pulumi/aws/ec2/index.js")>("ec2");
export const ecr = leaf<typeof import("@pulumi/aws/ecr/index.js")>("ecr");
export const ecs = leaf<typeof import("@pulumi/aws/ecs/index.js")>("ecs");
export const efs = leaf<typeof import("@pulumi/aws/efs/index.js")>("efs");
export const iam = leaf<typeof import("@pulumi/aws/iam/index.js")>("iam");
export const lb = leaf<typeof import("@pulumi/aws/lb/index.js")>("lb");
export const secretsmanager =
  leaf<typeof import("@pulumi/aws/secretsmanager/index.js")>("secretsmanager");
export const servicediscovery =
  leaf<typeof import("@pulumi/aws/servicediscovery/index.js")>("servicediscovery");
export const vpc = leaf<typeof import("@pulumi/aws/vpc/index.js")>("vpc");
