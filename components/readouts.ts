// What a program can ask a daemon: what is there, what it says and uses. Asked in previews too; nothing
// of it stands in the state, unless the program exports it.

import type * as pulumi from "@pulumi/pulumi";
import * as read from "../sdk/resources/functions.ts";
import type { DaemonLike } from "./daemonlike.ts";

/** Arguments with the daemon that is asked. */
export type On<A> = A & {
  /** The daemon that is asked. */
  readonly daemon: DaemonLike;
};

/** A function that reads something of a daemon. */
type Read<A, R> = (args: A, opts?: pulumi.InvokeOutputOptions) => pulumi.Output<R>;

function on<A, R>(ask: Read<A, R>): Read<On<A>, R> {
  return ({ daemon, ...args }, opts) =>
    ask(args as unknown as A, { provider: daemon.provider, ...opts });
}

/** What a container is now. One that is not there has `exists: false`. */
export const getContainer = on(read.getContainer);
/** What an image of the daemon is: its id, tags and digests, layers and configuration. */
export const getImage = on(read.getImage);
/** What a network of the daemon is, and who is on it. */
export const getNetwork = on(read.getNetwork);
/** What a volume of the daemon is, and who has it. */
export const getVolume = on(read.getVolume);
/** The end of a container's log. Mark it as a secret where the program logs such. */
export const getLogs = on(read.getLogs);
/** What has happened on the daemon. */
export const getEvents = on(read.getEvents);
/** The processes of a running container. */
export const getTop = on(read.getTop);
/** What a running container uses now: processor, memory, network, disks. */
export const getStats = on(read.getStats);
/** The steps that an image was made in. */
export const getImageHistory = on(read.getImageHistory);
/** Writes a container's file system to a file of this machine; in updates only. */
export const exportContainer = on(read.exportContainer);
/** Writes an image with all its layers to a file of this machine; in updates only. */
export const saveImage = on(read.saveImage);
/** All that the Engine says of a container, as JSON: secret, since the environment is in it. */
export const inspectContainer = on(read.inspectContainer);
