/**
 * What `import ... from "dockwright/aws"` gives. It needs @pulumi/aws, an optional peer.
 *
 * @module dockwright/aws
 */

export type { OpenPort } from "../cloudmachine.ts";
export { AwsMachine, type AwsMachineArgs } from "./awsmachine.ts";
export { EcrRepository, type EcrRepositoryArgs } from "./ecrrepository.ts";
export type { CapacityArgs } from "./ecscapacity.ts";
export { EcsCluster, type EcsClusterArgs } from "./ecscluster.ts";
export type { EcsServiceOptions, EcsSidecar } from "./ecsparts.ts";
export { EcsService, type EcsServiceArgs } from "./ecsservice.ts";
export { EfsVolume, type EfsVolumeArgs } from "./efsvolume.ts";
export type { IngressArgs } from "./ingress.ts";
export type { Statement } from "./policy.ts";
