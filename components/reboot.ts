// A host's reboot: once, and again when its triggers change.

import type * as pulumi from "@pulumi/pulumi";
import { RebootResource, type RebootResourceArgs } from "../sdk/resources/reboot.ts";
import { type HostLike, onHost } from "./hostlike.ts";

export interface RebootArgs extends RebootResourceArgs {
  /** The host it is on. A change replaces it. */
  readonly host: HostLike;
}

/** A host's reboot: once, and again when its triggers change. */
export class Reboot extends RebootResource {
  constructor(name: string, args: RebootArgs, opts?: pulumi.CustomResourceOptions) {
    const { host, ...rest } = args;
    super(name, rest, onHost(host, opts));
  }
}
