// An image of one daemon in a registry.

import type * as pulumi from "@pulumi/pulumi";
import { ImagePushResource, type ImagePushResourceArgs } from "../sdk/resources/imagepush.ts";
import type { DaemonLike, ImageLike } from "./daemonlike.ts";

export interface ImagePushArgs extends ImagePushResourceArgs {
  /** The daemon that has the image. */
  readonly daemon: DaemonLike;
}

/** An image in a registry; `ref` names it by its digest. It stays there when the resource goes. */
export class ImagePush extends ImagePushResource implements ImageLike {
  constructor(name: string, args: ImagePushArgs, opts?: pulumi.CustomResourceOptions) {
    const { daemon, ...rest } = args;
    super(name, rest, { provider: daemon.provider, ...opts });
  }
}
