// The resources of the plugin, a line each. One is loaded when it is first asked for: most programs use
// a few, and a description costs memory in every process.

import { ErrorCode, SdkError } from "../errors.ts";
import type { AnyResource } from "./resource.ts";

const loaders: Readonly<Record<string, () => Promise<AnyResource>>> = {
  ActiveProxy: async () => (await import("./resources/activeproxy.ts")).activeProxy,
  Certificate: async () => (await import("./resources/certificate.ts")).certificate,
  CertificateAuthority: async () =>
    (await import("./resources/certificateauthority.ts")).certificateAuthority,
  Command: async () => (await import("./resources/command.ts")).command,
  Container: async () => (await import("./resources/container.ts")).container,
  Directory: async () => (await import("./resources/directory.ts")).directory,
  DockerDaemon: async () => (await import("./resources/dockerdaemon.ts")).dockerDaemon,
  DockerEngine: async () => (await import("./resources/dockerengine.ts")).dockerEngine,
  Exec: async () => (await import("./resources/exec.ts")).exec,
  Facts: async () => (await import("./resources/facts.ts")).facts,
  File: async () => (await import("./resources/file.ts")).file,
  Group: async () => (await import("./resources/group.ts")).group,
  HostKey: async () => (await import("./resources/hostkey.ts")).hostKey,
  HostReady: async () => (await import("./resources/hostready.ts")).hostReady,
  Image: async () => (await import("./resources/image.ts")).image,
  ImagePush: async () => (await import("./resources/imagepush.ts")).imagePush,
  LocalDocker: async () => (await import("./resources/localdocker.ts")).localDocker,
  Network: async () => (await import("./resources/network.ts")).network,
  Package: async () => (await import("./resources/package.ts")).package_,
  Placement: async () => (await import("./resources/placement.ts")).placement,
  ProxyCertificate: async () => (await import("./resources/proxycertificate.ts")).proxyCertificate,
  QemuMachine: async () => (await import("./resources/qemumachine.ts")).qemuMachine,
  RandomSecret: async () => (await import("./resources/randomsecret.ts")).randomSecret,
  Reboot: async () => (await import("./resources/reboot.ts")).reboot,
  Release: async () => (await import("./resources/release.ts")).release,
  Rollout: async () => (await import("./resources/rollout.ts")).rollout,
  Route: async () => (await import("./resources/route.ts")).route,
  Swarm: async () => (await import("./resources/swarm.ts")).swarm,
  SwarmConfig: async () => (await import("./resources/swarmconfig.ts")).swarmConfig,
  SwarmSecret: async () => (await import("./resources/swarmsecret.ts")).swarmSecret,
  SwarmService: async () => (await import("./resources/swarmservice.ts")).swarmService,
  Sysctl: async () => (await import("./resources/sysctl.ts")).sysctl,
  Task: async () => (await import("./resources/task.ts")).task,
  Unit: async () => (await import("./resources/unit.ts")).unit,
  User: async () => (await import("./resources/user.ts")).user,
  Volume: async () => (await import("./resources/volume.ts")).volume,
  VolumeBackup: async () => (await import("./resources/volumebackup.ts")).volumeBackup,
};

/** Every resource: for the schema, and for what is generated. */
export function allResources(): Promise<readonly AnyResource[]> {
  return Promise.all(Object.values(loaders).map((load) => load()));
}

const prefix = "dockwright:index:";

/** The type token of a name: `dockwright:index:Container`. */
export function tokenOf(name: string): string {
  return `${prefix}${name}`;
}

/** The resource of a type token. */
export async function findResource(token: string): Promise<AnyResource> {
  const name = token.startsWith(prefix) ? token.slice(prefix.length) : "";
  if (Object.hasOwn(loaders, name)) {
    const found = await loaders[name]?.();
    if (found) return found;
  }
  const known = Object.keys(loaders).map(tokenOf).join(", ");
  throw new SdkError(ErrorCode.BadInput, `${token} is not a resource of dockwright`, {
    fix: `use one of ${known}, or update the plugin: npx dockwright setup`,
  });
}
