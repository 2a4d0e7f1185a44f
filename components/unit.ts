// A supervised process of a host: a systemd unit, or a runit service.

import type * as pulumi from "@pulumi/pulumi";
import { UnitResource, type UnitResourceArgs } from "../sdk/resources/unit.ts";
import { type HostLike, onHost } from "./hostlike.ts";

export interface UnitArgs extends UnitResourceArgs {
  /** The host it is on. A change replaces it. */
  readonly host: HostLike;
}

/** A supervised process of a host: a systemd unit, or a runit service. */
export class Unit extends UnitResource {
  constructor(name: string, args: UnitArgs, opts?: pulumi.CustomResourceOptions) {
    const { host, ...rest } = args;
    super(name, rest, onHost(host, opts));
  }
}
