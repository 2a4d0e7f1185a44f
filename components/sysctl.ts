// A kernel parameter of a host.

import type * as pulumi from "@pulumi/pulumi";
import { SysctlResource, type SysctlResourceArgs } from "../sdk/resources/sysctl.ts";
import { type HostLike, onHost } from "./hostlike.ts";

export interface SysctlArgs extends SysctlResourceArgs {
  /** The host it is on. A change replaces it. */
  readonly host: HostLike;
}

/** A kernel parameter of a host. */
export class Sysctl extends SysctlResource {
  constructor(name: string, args: SysctlArgs, opts?: pulumi.CustomResourceOptions) {
    const { host, ...rest } = args;
    super(name, rest, onHost(host, opts));
  }
}
