// Which resource type is brought to which shape. A type that is not here is nobody's business.
import { Inputs } from "../inputs.ts";
import type { Subject } from "../subjects.ts";
import { remoteCommand } from "./command.ts";
import {
  dockwrightCertificate,
  dockwrightDaemon,
  dockwrightDirectory,
  dockwrightEngine,
  dockwrightExec,
  dockwrightFile,
  dockwrightImage,
  dockwrightNetwork,
  dockwrightPackage,
  dockwrightProvider,
  dockwrightUser,
} from "./dockwright.ts";
import { dockwrightContainer, dockwrightTask } from "./dockwright-container.ts";
import { dockwrightSwarmService } from "./dockwright-swarm.ts";
import { ecsTask } from "./ecs.ts";
import {
  kubernetesCronJob,
  kubernetesJob,
  kubernetesPod,
  kubernetesWorkload,
} from "./kubernetes.ts";
import {
  dockerBuildImage,
  dockerContainer,
  dockerImage,
  dockerNetwork,
  dockerProvider,
  dockerRemoteImage,
  dockerService,
} from "./pulumi-docker.ts";

type Adapter = (inputs: Inputs) => Subject | readonly Subject[];

const adapters: Readonly<Record<string, Adapter>> = {
  "dockwright:index:Container": dockwrightContainer,
  "dockwright:index:Task": dockwrightTask,
  "dockwright:index:SwarmService": dockwrightSwarmService,
  "dockwright:index:Network": dockwrightNetwork,
  "dockwright:index:DockerDaemon": dockwrightDaemon,
  "dockwright:index:Image": dockwrightImage,
  "dockwright:index:Exec": dockwrightExec,
  "dockwright:index:File": dockwrightFile,
  "dockwright:index:Directory": dockwrightDirectory,
  "dockwright:index:User": dockwrightUser,
  "dockwright:index:Package": dockwrightPackage,
  "dockwright:index:DockerEngine": dockwrightEngine,
  "dockwright:index:Certificate": dockwrightCertificate,
  "pulumi:providers:dockwright": dockwrightProvider,
  "docker:index/container:Container": dockerContainer,
  "docker:index/service:Service": dockerService,
  "docker:index/image:Image": dockerImage,
  "docker-build:index:Image": dockerBuildImage,
  "docker:index/remoteImage:RemoteImage": dockerRemoteImage,
  "docker:index/network:Network": dockerNetwork,
  "pulumi:providers:docker": dockerProvider,
  "command:remote:Command": remoteCommand,
  "command:remote:CopyToRemote": remoteCommand,
  "aws:ecs/taskDefinition:TaskDefinition": ecsTask,
  "aws-native:ecs:TaskDefinition": ecsTask,
  "kubernetes:core/v1:Pod": kubernetesPod,
  "kubernetes:core/v1:ReplicationController": kubernetesWorkload,
  "kubernetes:apps/v1:Deployment": kubernetesWorkload,
  "kubernetes:apps/v1:StatefulSet": kubernetesWorkload,
  "kubernetes:apps/v1:DaemonSet": kubernetesWorkload,
  "kubernetes:apps/v1:ReplicaSet": kubernetesWorkload,
  "kubernetes:batch/v1:Job": kubernetesJob,
  "kubernetes:batch/v1:CronJob": kubernetesCronJob,
};

/** The resource types that rules know. */
export const resourceTypes: readonly string[] = Object.keys(adapters);

/** What a resource declares, in the shapes that rules look at; none for a type that is not known. */
export function subjectsOf(
  type: string,
  inputs: Readonly<Record<string, unknown>>,
): readonly Subject[] {
  const adapter = adapters[type];
  if (adapter === undefined) return [];
  const found = adapter(new Inputs(inputs));
  return Array.isArray(found) ? found : [found as Subject];
}
