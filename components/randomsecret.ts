// A password or token made once and kept in the state as a secret.

import type * as pulumi from "@pulumi/pulumi";
import {
  RandomSecretResource,
  type RandomSecretResourceArgs,
} from "../sdk/resources/randomsecret.ts";
import type { DaemonLike } from "./daemonlike.ts";

export interface RandomSecretArgs extends RandomSecretResourceArgs {
  /**
   * A daemon whose provider makes it; that saves a process. Nothing is done on the daemon.
   * @defaultValue a provider of its own
   */
  readonly daemon?: DaemonLike;
}

/** A random secret; `value` is a secret output. */
export class RandomSecret extends RandomSecretResource {
  constructor(name: string, args: RandomSecretArgs = {}, opts?: pulumi.CustomResourceOptions) {
    const { daemon, ...rest } = args;
    super(name, rest, daemon ? { provider: daemon.provider, ...opts } : opts);
  }
}
