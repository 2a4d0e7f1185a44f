// The Docker daemon of the machine that runs the program, over its unix socket.

import * as pulumi from "@pulumi/pulumi";
import { ProviderResource } from "../sdk/resources/provider.ts";
import type { Daemon } from "./daemon.ts";
import { requirePlugin } from "./plugin.ts";

export interface LocalDaemonArgs {
  /**
   * The daemon's socket, as an absolute path. A change updates the provider in place.
   * @defaultValue `DOCKER_HOST` of the environment, else `/var/run/docker.sock`
   */
  readonly socketPath?: string;
}

/** The machine's own Docker daemon. */
export class LocalDaemon extends pulumi.ComponentResource implements Daemon {
  readonly provider: ProviderResource;

  constructor(name: string, args: LocalDaemonArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super("dockwright:index:LocalDaemon", name, args, opts);
    requirePlugin();
    const { socketPath } = args;
    if (socketPath !== undefined && !socketPath.startsWith("/")) {
      throw new pulumi.InputPropertyError({
        propertyPath: "socketPath",
        reason: `is ${JSON.stringify(socketPath)}; write an absolute path, such as "/var/run/docker.sock"`,
      });
    }
    const host = socketPath === undefined ? {} : { host: `unix://${socketPath}` };
    this.provider = new ProviderResource(`${name}-provider`, host, { parent: this });
    this.registerOutputs({});
  }
}
