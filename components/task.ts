// A container that runs once, to its end, on one daemon. Hardened as a container is: no capabilities,
// no way to gain privileges, a read-only root with a /tmp in memory.

import type * as pulumi from "@pulumi/pulumi";
import { TaskResource, type TaskResourceArgs } from "../sdk/resources/task.ts";
import type { MountArgs } from "../sdk/resources/types.ts";
import { containerArgs } from "./container.ts";
import type { DaemonLike, ImageLike, NetworkLike, VolumeMount } from "./daemonlike.ts";

/** Arguments of {@link Task}. */
export interface TaskArgs extends Omit<TaskResourceArgs, "image" | "networks" | "mounts"> {
  /**
   * Further mounts, in Docker's long form: of any kind, with their options. A change is another run.
   * @defaultValue none
   */
  readonly mounts?: readonly MountArgs[];
  /** The daemon it runs on. A change replaces it. */
  readonly daemon: DaemonLike;
  /** The image it runs. A change is another run. */
  readonly image: ImageLike;
  /**
   * The networks to join, in this order. A change is another run.
   * @defaultValue the daemon's default bridge
   */
  readonly networks?: readonly NetworkLike[];
  /**
   * Volumes and host paths that it sees. A change is another run.
   * @defaultValue none
   */
  readonly volumes?: readonly VolumeMount[];
}

/**
 * A container that runs once, to its end, such as the migrations of a release; again when any of its
 * arguments, or a trigger, changes. What depends on it comes after a run that ended with exit code 0.
 */
export class Task extends TaskResource {
  constructor(name: string, args: TaskArgs, opts?: pulumi.CustomResourceOptions) {
    super(name, containerArgs(args), { provider: args.daemon.provider, ...opts });
  }
}
