// A folder of a host.

import type * as pulumi from "@pulumi/pulumi";
import { DirectoryResource, type DirectoryResourceArgs } from "../sdk/resources/directory.ts";
import { type HostLike, onHost } from "./hostlike.ts";

export interface DirectoryArgs extends DirectoryResourceArgs {
  /** The host it is on. A change replaces it. */
  readonly host: HostLike;
}

/** A folder of a host. */
export class Directory extends DirectoryResource {
  constructor(name: string, args: DirectoryArgs, opts?: pulumi.CustomResourceOptions) {
    const { host, ...rest } = args;
    super(name, rest, onHost(host, opts));
  }
}
