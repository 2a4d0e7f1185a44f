/**
 * What `import ... from "dockwright/gcp"` gives. It needs @pulumi/gcp and @pulumi/kubernetes, optional
 * peers.
 *
 * @module dockwright/gcp
 */

export type { OpenPort } from "../cloudmachine.ts";
export { ArtifactRepository, type ArtifactRepositoryArgs } from "./artifactrepository.ts";
export { GcpMachine, type GcpMachineArgs } from "./gcpmachine.ts";
export { type AuthorizedNetwork, GkeCluster, type GkeClusterArgs } from "./gkecluster.ts";
export { type GkeClusterLike, NodePool, type NodePoolArgs } from "./nodepool.ts";
