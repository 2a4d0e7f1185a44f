// What `import ... from "dockwright"` gives.

export { catalog as debianImages } from "../sdk/debian/catalog.ts";
export { Bridge, type BridgeArgs } from "./bridge.ts";
export { type AuthorityLike, Certificate, type CertificateArgs } from "./certificate.ts";
export {
  CertificateAuthority,
  type CertificateAuthorityArgs,
  type ClientCertificateArgs,
  type ServerCertificateArgs,
} from "./certificateauthority.ts";
export { Container, type ContainerArgs } from "./container.ts";
export type { Daemon, ImageLike, NetworkLike, VolumeLike, VolumeMount } from "./daemon.ts";
export { Image, type ImageArgs } from "./image.ts";
export { LocalDaemon, type LocalDaemonArgs } from "./localdaemon.ts";
export { Proxy, type ProxyArgs, type ProxyRoute } from "./proxy.ts";
export { RandomSecret, type RandomSecretArgs } from "./randomsecret.ts";
export { type ProxyLike, Route, type RouteArgs } from "./route.ts";
export { Service, type ServiceArgs, type ServiceHealth, type ServiceServer } from "./service.ts";
export { Volume, type VolumeArgs } from "./volume.ts";
