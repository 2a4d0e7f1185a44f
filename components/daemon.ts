// Docker on a host, used over the connection to the host: nothing listens on the network.

import * as pulumi from "@pulumi/pulumi";
import { DockerDaemonResource } from "../sdk/resources/dockerdaemon.ts";
import { ProviderResource } from "../sdk/resources/provider.ts";
import type { DaemonLike } from "./daemonlike.ts";
import {
  daemonArgs,
  type HostDaemonArgs,
  installEngine,
  liveRestoreOf,
  socketHost,
} from "./engine.ts";
import { lostArgs, onHost } from "./hostlike.ts";
import { requirePlugin } from "./plugin.ts";

export interface DaemonArgs extends HostDaemonArgs {}

/**
 * Docker on a host, installed, configured and used through the host's own connection: SSH, or its unix
 * socket on a `LocalHost`. Containers go on while the daemon restarts (`liveRestore`), gain no rights
 * (`noNewPrivileges`) and have their logs rotated, unless `options` says otherwise; `icc` is Docker's
 * own default. A change of the daemon that this program cannot confirm is taken back by the host.
 */
export class Daemon extends pulumi.ComponentResource implements DaemonLike {
  readonly provider: ProviderResource;
  /** Where it is, as in DOCKER_HOST: `ssh://USER@HOST:PORT`, or its unix socket. */
  readonly dockerHost: pulumi.Output<string>;
  /** Whether its host is. */
  readonly lost: boolean;
  /** Whether its containers go on while it restarts, where the program says it in plain words. */
  readonly liveRestore?: boolean;
  /** Docker's version. */
  readonly version: pulumi.Output<string>;

  constructor(name: string, args: DaemonArgs, opts?: pulumi.ComponentResourceOptions) {
    super("dockwright:index:Daemon", name, {}, opts);
    requirePlugin();
    const { liveRestore } = liveRestoreOf(args);
    if (liveRestore !== undefined) this.liveRestore = liveRestore;
    const { host } = args;
    const engine = installEngine(name, args, this);
    const own = onHost(host, { parent: this });
    this.lost = host.lost ?? false;
    const daemon = new DockerDaemonResource(`${name}-daemon`, daemonArgs(args, engine), own);
    // Through what is known once the daemon runs: whatever uses this provider comes after that.
    this.provider = new ProviderResource(
      `${name}-provider`,
      { host: daemon.endpoint, ...(host.ssh ? { ssh: host.ssh } : {}), ...lostArgs(host) },
      { parent: this },
    );
    this.dockerHost = socketHost(host);
    this.version = daemon.serverVersion;
    const { dockerHost, version } = this;
    this.registerOutputs({ dockerHost, version });
  }
}
