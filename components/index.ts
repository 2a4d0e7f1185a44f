/**
 * What `import ... from "dockwright"` gives.
 *
 * @module dockwright
 */

export { catalog as debianImages } from "../sdk/debian/catalog.ts";
export type { LabelPreference, LabelRule } from "../sdk/fleet/types.ts";
export { Bridge, type BridgeArgs } from "./bridge.ts";
export { type AuthorityLike, Certificate, type CertificateArgs } from "./certificate.ts";
export {
  CertificateAuthority,
  type CertificateAuthorityArgs,
  type ClientCertificateArgs,
  type ServerCertificateArgs,
} from "./certificateauthority.ts";
export { Command, type CommandArgs } from "./command.ts";
export { ComposeStack, type ComposeStackArgs } from "./composestack.ts";
export { Container, type ContainerArgs } from "./container.ts";
export { Daemon, type DaemonArgs } from "./daemon.ts";
export type {
  ContainerLike,
  DaemonLike,
  ImageLike,
  NetworkLike,
  VolumeLike,
  VolumeMount,
} from "./daemonlike.ts";
export { deployedImage } from "./deployedimage.ts";
export { Directory, type DirectoryArgs } from "./directory.ts";
export type { EngineArgs, HostDaemonArgs } from "./engine.ts";
export { Exec, type ExecArgs } from "./exec.ts";
export { File, type FileArgs } from "./file.ts";
export { Group, type GroupArgs } from "./group.ts";
export { Host, type HostArgs, type HostWaitArgs, type JumpArgs, type LoginArgs } from "./host.ts";
export type { HostLike } from "./hostlike.ts";
export {
  HostPool,
  type HostPoolArgs,
  type Placed,
  type PlacementArgs,
  type PlaceRequest,
  type PoolHost,
  type PoolHostArgs,
} from "./hostpool.ts";
export { Image, type ImageArgs } from "./image.ts";
export { ImagePush, type ImagePushArgs } from "./imagepush.ts";
export { LocalDaemon, type LocalDaemonArgs } from "./localdaemon.ts";
export { LocalHost, type LocalHostArgs } from "./localhost.ts";
export { Overlay, type OverlayArgs } from "./overlay.ts";
export { Package, type PackageArgs } from "./package.ts";
export type { OnEach, PerHost } from "./perhost.ts";
export type {
  ClusterKind,
  ClusterLike,
  Platform,
  PoolLike,
  ServiceRequest,
  ServiceRun,
} from "./platform.ts";
export {
  Proxy,
  type ProxyArgs,
  type ProxyDirectivesArgs,
  type ProxyRoute,
  type ProxyTimeouts,
  type ProxyTls,
} from "./proxy.ts";
export {
  ProxyCertificate,
  type ProxyCertificateArgs,
  type ServerCertificateLike,
} from "./proxycertificate.ts";
export { QemuMachine, type QemuMachineArgs } from "./qemumachine.ts";
export { RandomSecret, type RandomSecretArgs } from "./randomsecret.ts";
export {
  exportContainer,
  getContainer,
  getEvents,
  getImage,
  getImageHistory,
  getLogs,
  getNetwork,
  getStats,
  getTop,
  getVolume,
  inspectContainer,
  type On,
  saveImage,
} from "./readouts.ts";
export { type ReadSshConfigArgs, readSshConfig } from "./readsshconfig.ts";
export { Reboot, type RebootArgs } from "./reboot.ts";
export type { FollowingOptions, Provisioned, Recipe, Step, StepOptions } from "./recipe.ts";
export { type ProxyLike, Route, type RouteArgs } from "./route.ts";
export { Service } from "./service.ts";
export type {
  ServiceArgs,
  ServiceAutoscale,
  ServiceHealth,
  ServiceRollout,
  ServiceRoute,
  ServiceServer,
  ServiceSpec,
  ServiceTask,
  ServiceTasks,
  ServiceVolumeMount,
} from "./serviceargs.ts";
export {
  SwarmCluster,
  type SwarmClusterArgs,
  type SwarmLike,
  type SwarmNodeArgs,
} from "./swarmcluster.ts";
export {
  SwarmConfig,
  type SwarmConfigArgs,
  SwarmSecret,
  type SwarmSecretArgs,
} from "./swarmdata.ts";
export { SwarmRoute, type SwarmRouteArgs } from "./swarmroute.ts";
export {
  type SwarmConfigUse,
  type SwarmImageLike,
  type SwarmSecretUse,
  SwarmService,
  type SwarmServiceArgs,
} from "./swarmservice.ts";
export { Sysctl, type SysctlArgs } from "./sysctl.ts";
export { Task, type TaskArgs } from "./task.ts";
export { TlsDaemon, type TlsDaemonArgs, type TrustedAuthorityLike } from "./tlsdaemon.ts";
export { Unit, type UnitArgs } from "./unit.ts";
export { User, type UserArgs } from "./user.ts";
export { Volume, type VolumeArgs } from "./volume.ts";
export { VolumeBackup, type VolumeBackupArgs } from "./volumebackup.ts";
