/**
 * What `import ... from "dockwright/kubernetes"` gives. It needs @pulumi/kubernetes, an optional peer.
 *
 * @module dockwright/kubernetes
 */

export {
  KubernetesCluster,
  type KubernetesClusterArgs,
  type KubernetesGatewayArgs,
  type KubernetesIngressArgs,
} from "./cluster.ts";
export { KubernetesService, type KubernetesServiceArgs } from "./service.ts";
