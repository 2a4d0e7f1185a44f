// A command that is run in a running container of one daemon.

import type * as pulumi from "@pulumi/pulumi";
import { ExecResource, type ExecResourceArgs } from "../sdk/resources/exec.ts";
import type { ContainerLike, DaemonLike } from "./daemonlike.ts";

/** Arguments of {@link Exec}. */
export interface ExecArgs extends Omit<ExecResourceArgs, "container"> {
  /** The daemon that has the container. */
  readonly daemon: DaemonLike;
  /** The container. One that takes its place is another run. */
  readonly container: ContainerLike;
}

/** A command in a container: run once, again for a container that is replaced, or a trigger. */
export class Exec extends ExecResource {
  constructor(name: string, args: ExecArgs, opts?: pulumi.CustomResourceOptions) {
    const { daemon, container, ...rest } = args;
    const all = { ...rest, container: container.containerId };
    super(name, all, { provider: daemon.provider, ...opts });
  }
}
