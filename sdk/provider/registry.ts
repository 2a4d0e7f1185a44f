// The resources of the plugin, a line each.

import { ErrorCode, SdkError } from "../errors.ts";
import type { AnyResource } from "./resource.ts";
import { certificate } from "./resources/certificate.ts";
import { certificateAuthority } from "./resources/certificateauthority.ts";
import { command } from "./resources/command.ts";
import { container } from "./resources/container.ts";
import { directory } from "./resources/directory.ts";
import { dockerDaemon } from "./resources/dockerdaemon.ts";
import { dockerEngine } from "./resources/dockerengine.ts";
import { exec } from "./resources/exec.ts";
import { facts } from "./resources/facts.ts";
import { file } from "./resources/file.ts";
import { group } from "./resources/group.ts";
import { hostKey } from "./resources/hostkey.ts";
import { hostReady } from "./resources/hostready.ts";
import { image } from "./resources/image.ts";
import { imagePush } from "./resources/imagepush.ts";
import { localDocker } from "./resources/localdocker.ts";
import { network } from "./resources/network.ts";
import { package_ } from "./resources/package.ts";
import { placement } from "./resources/placement.ts";
import { qemuMachine } from "./resources/qemumachine.ts";
import { randomSecret } from "./resources/randomsecret.ts";
import { reboot } from "./resources/reboot.ts";
import { rollout } from "./resources/rollout.ts";
import { route } from "./resources/route.ts";
import { sysctl } from "./resources/sysctl.ts";
import { task } from "./resources/task.ts";
import { unit } from "./resources/unit.ts";
import { user } from "./resources/user.ts";
import { volume } from "./resources/volume.ts";
import { volumeBackup } from "./resources/volumebackup.ts";

export const registry: readonly AnyResource[] = [
  certificate,
  certificateAuthority,
  command,
  container,
  directory,
  dockerDaemon,
  dockerEngine,
  exec,
  facts,
  file,
  group,
  hostKey,
  hostReady,
  image,
  imagePush,
  localDocker,
  network,
  package_,
  placement,
  qemuMachine,
  randomSecret,
  reboot,
  rollout,
  route,
  sysctl,
  task,
  unit,
  user,
  volume,
  volumeBackup,
];

/** The type token of a name: `dockwright:index:Container`. */
export function tokenOf(name: string): string {
  return `dockwright:index:${name}`;
}

/** The resource of a type token. */
export function findResource(token: string): AnyResource {
  const found = registry.find((resource) => tokenOf(resource.name) === token);
  if (found) return found;
  const known = registry.map((resource) => tokenOf(resource.name)).join(", ");
  throw new SdkError(ErrorCode.BadInput, `${token} is not a resource of dockwright`, {
    fix: `use one of ${known}, or update the plugin: npx dockwright setup`,
  });
}
