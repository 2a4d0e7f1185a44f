// A script that is run once on a host, and again when its triggers change.

import type * as pulumi from "@pulumi/pulumi";
import { CommandResource, type CommandResourceArgs } from "../sdk/resources/command.ts";
import { type HostLike, onHost } from "./hostlike.ts";

export interface CommandArgs extends CommandResourceArgs {
  /** The host it is on. A change replaces it. */
  readonly host: HostLike;
}

/** A script that is run once on a host, and again when its triggers change. */
export class Command extends CommandResource {
  constructor(name: string, args: CommandArgs, opts?: pulumi.CustomResourceOptions) {
    const { host, ...rest } = args;
    super(name, rest, onHost(host, opts));
  }
}
