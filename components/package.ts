// A package of a host, by apt.

import type * as pulumi from "@pulumi/pulumi";
import { PackageResource, type PackageResourceArgs } from "../sdk/resources/package.ts";
import { type HostLike, onHost } from "./hostlike.ts";

export interface PackageArgs extends PackageResourceArgs {
  /** The host it is on. A change replaces it. */
  readonly host: HostLike;
}

/** A package of a host, by apt. */
export class Package extends PackageResource {
  constructor(name: string, args: PackageArgs, opts?: pulumi.CustomResourceOptions) {
    const { host, ...rest } = args;
    super(name, rest, onHost(host, opts));
  }
}
