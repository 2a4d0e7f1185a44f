// An image on one daemon: built from a Dockerfile or from Debian packages, or pulled.

import type * as pulumi from "@pulumi/pulumi";
import { ImageResource, type ImageResourceArgs } from "../sdk/resources/image.ts";
import type { DaemonLike, ImageLike } from "./daemonlike.ts";

export interface ImageArgs extends ImageResourceArgs {
  /** The daemon it is on. A change replaces it. */
  readonly daemon: DaemonLike;
}

/** An image. Another content is another image, with another `ref`. */
export class Image extends ImageResource implements ImageLike {
  constructor(name: string, args: ImageArgs, opts?: pulumi.CustomResourceOptions) {
    const { daemon, ...rest } = args;
    super(name, rest, { provider: daemon.provider, ...opts });
  }
}
