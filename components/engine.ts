// What Daemon and TlsDaemon share: Docker installed on a host, and the options that it runs with unless
// told otherwise.

import * as pulumi from "@pulumi/pulumi";
import type { DaemonOptionsArgs } from "../sdk/resources/dockerdaemon.ts";
import {
  DockerEngineResource,
  type DockerEngineResourceArgs,
} from "../sdk/resources/dockerengine.ts";
import { type HostLike, onHost } from "./hostlike.ts";

/** Where Docker comes from, and which one. */
export interface EngineArgs extends Omit<DockerEngineResourceArgs, "adopt"> {}

/** What every daemon on a host takes. */
export interface HostDaemonArgs {
  /** The host that it runs on. */
  readonly host: HostLike;
  /**
   * Where Docker comes from, at which version, and whether it is held there.
   * @defaultValue the distribution's package, the newest that is offered, held
   */
  readonly engine?: EngineArgs;
  /**
   * The daemon's options. `liveRestore` and `noNewPrivileges` are true unless given, and the logs of
   * containers are rotated (three files of 10 MB each) unless `logDriver` or `logOptions` is given.
   * @defaultValue those three, and else Docker's own
   */
  readonly options?: DaemonOptionsArgs;
  /**
   * The address of the bridge that `options.bridge` names, with its prefix, such as 172.30.0.1/24.
   * @defaultValue none: the default bridge is docker0
   */
  readonly bridgeAddress?: pulumi.Input<string>;
  /**
   * Whether a Docker that is there already, and its configuration, are taken over. The configuration
   * comes back when this is destroyed.
   * @defaultValue false
   */
  readonly adopt?: boolean;
  /**
   * Whether `usernsRemap`, `dataRoot` and `storageDriver` may change, which puts the images, containers
   * and volumes that are there out of sight.
   * @defaultValue false
   */
  readonly acceptDataMove?: boolean;
  /**
   * Seconds that the host waits for a change to be confirmed before it takes it back, 10 to 600.
   * @defaultValue 45
   */
  readonly confirmSeconds?: number;
}

/** Containers go on while the daemon restarts, cannot gain rights, and do not fill the disk by logs. */
export function withDefaults(options: DaemonOptionsArgs = {}): DaemonOptionsArgs {
  const ownLogs = options.logDriver !== undefined || options.logOptions !== undefined;
  return {
    liveRestore: true,
    noNewPrivileges: true,
    ...(ownLogs ? {} : { logOptions: { "max-size": "10m", "max-file": "3" } }),
    ...options,
  };
}

/** Whether containers go on while the daemon restarts, as far as the program says it. */
export function liveRestoreOf({ options }: HostDaemonArgs): { readonly liveRestore?: boolean } {
  const { liveRestore } = withDefaults(options);
  return typeof liveRestore === "boolean" ? { liveRestore } : {};
}

/** Arguments of the daemon's resource that say nothing of connections. */
export function daemonArgs(args: HostDaemonArgs, engine: DockerEngineResource) {
  const { options, bridgeAddress, adopt, acceptDataMove, confirmSeconds } = args;
  return {
    options: withDefaults(options),
    engineVersion: engine.engineVersion,
    ...(bridgeAddress === undefined ? {} : { bridgeAddress }),
    ...(adopt === undefined ? {} : { adopt }),
    ...(acceptDataMove === undefined ? {} : { acceptDataMove }),
    ...(confirmSeconds === undefined ? {} : { confirmSeconds }),
  };
}

export function installEngine(
  name: string,
  { engine = {}, adopt, host }: HostDaemonArgs,
  parent: pulumi.Resource,
): DockerEngineResource {
  const args = { ...engine, ...(adopt === undefined ? {} : { adopt }) };
  return new DockerEngineResource(`${name}-engine`, args, onHost(host, { parent }));
}

/** A host in a URL: an IPv6 address stands in brackets. */
export function inUrl(address: string): string {
  return address.includes(":") ? `[${address}]` : address;
}

/** Where the docker CLI reaches the socket of a host's daemon. */
export function socketHost({ ssh }: HostLike): pulumi.Output<string> {
  if (!ssh) return pulumi.output("unix:///var/run/docker.sock");
  const { user, host, port = 22 } = ssh;
  return pulumi
    .all([user, host, port])
    .apply(([login, address, number]) => `ssh://${login}@${inUrl(address)}:${number}`);
}
