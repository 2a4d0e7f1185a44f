// A user of a host.

import type * as pulumi from "@pulumi/pulumi";
import { UserResource, type UserResourceArgs } from "../sdk/resources/user.ts";
import { type HostLike, onHost } from "./hostlike.ts";

export interface UserArgs extends UserResourceArgs {
  /** The host it is on. A change replaces it. */
  readonly host: HostLike;
}

/** A user of a host. */
export class User extends UserResource {
  constructor(name: string, args: UserArgs, opts?: pulumi.CustomResourceOptions) {
    const { host, ...rest } = args;
    super(name, rest, onHost(host, opts));
  }
}
