// The Docker daemon of the machine that runs the program, over its unix socket.

import * as pulumi from "@pulumi/pulumi";
import { LocalDockerResource } from "../sdk/resources/localdocker.ts";
import { ProviderResource } from "../sdk/resources/provider.ts";
import type { DaemonLike } from "./daemonlike.ts";
import { lostArgs } from "./hostlike.ts";
import { requirePlugin } from "./plugin.ts";

/** Arguments of {@link LocalDaemon}. */
export interface LocalDaemonArgs {
  /**
   * The daemon's socket, as an absolute path. A change updates the provider in place.
   * @defaultValue `DOCKER_HOST` of the environment, else `/var/run/docker.sock`
   */
  readonly socketPath?: string;
  /**
   * Whether Docker is installed (the distribution's `docker.io`) and started where no daemon
   * answers on the usual socket. Needs root and apt. Destroying the stack leaves it there.
   * @defaultValue false
   */
  readonly install?: boolean;
  /**
   * Marks the daemon as lost: nothing contacts it then. What is on it stays in the state as it was, what
   * leaves the program is forgotten, and nothing new is made there.
   * @defaultValue false
   */
  readonly lost?: boolean;
}

/** The machine's own Docker daemon. */
export class LocalDaemon extends pulumi.ComponentResource implements DaemonLike {
  readonly provider: ProviderResource;
  /** Where it is, as in DOCKER_HOST. */
  readonly dockerHost: pulumi.Output<string>;
  readonly lost: boolean;

  constructor(name: string, args: LocalDaemonArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super("dockwright:index:LocalDaemon", name, args, opts);
    requirePlugin();
    const { socketPath, install = false, lost = false } = args;
    this.lost = lost;
    if (socketPath !== undefined && !socketPath.startsWith("/")) {
      throw new pulumi.InputPropertyError({
        propertyPath: "socketPath",
        reason: `is ${JSON.stringify(socketPath)}; write an absolute path, such as "/var/run/docker.sock"`,
      });
    }
    if (socketPath !== undefined && install) {
      throw new pulumi.InputPropertyError({
        propertyPath: "install",
        reason: "is true, and socketPath is given; Docker is installed with its usual socket only",
      });
    }
    const host: { readonly host?: pulumi.Input<string> } = install
      ? { host: this.ensureDocker(name) }
      : socketPath === undefined
        ? {}
        : { host: `unix://${socketPath}` };
    const usual = process.env["DOCKER_HOST"] ?? "unix:///var/run/docker.sock";
    this.dockerHost = pulumi.output(host.host ?? usual);
    this.provider = new ProviderResource(
      `${name}-provider`,
      { ...host, ...lostArgs(this) },
      { parent: this },
    );
    this.registerOutputs({});
  }

  private ensureDocker(name: string): pulumi.Output<string> {
    const provider = new ProviderResource(`${name}-machine`, lostArgs(this), { parent: this });
    return new LocalDockerResource(`${name}-docker`, {}, { parent: this, provider }).host;
  }
}
