// A group of a host's users.

import type * as pulumi from "@pulumi/pulumi";
import { GroupResource, type GroupResourceArgs } from "../sdk/resources/group.ts";
import { type HostLike, onHost } from "./hostlike.ts";

export interface GroupArgs extends GroupResourceArgs {
  /** The host it is on. A change replaces it. */
  readonly host: HostLike;
}

/** A group of a host's users. */
export class Group extends GroupResource {
  constructor(name: string, args: GroupArgs, opts?: pulumi.CustomResourceOptions) {
    const { host, ...rest } = args;
    super(name, rest, onHost(host, opts));
  }
}
