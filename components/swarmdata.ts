// Secrets and configs of a swarm, versioned by their content.

import type * as pulumi from "@pulumi/pulumi";
import { SwarmConfigResource, type SwarmConfigResourceArgs } from "../sdk/resources/swarmconfig.ts";
import { SwarmSecretResource, type SwarmSecretResourceArgs } from "../sdk/resources/swarmsecret.ts";
import type { SwarmLike } from "./swarmcluster.ts";

export interface SwarmSecretArgs extends SwarmSecretResourceArgs {
  /** The swarm. Another one replaces it. */
  readonly on: SwarmLike;
}

/**
 * A secret of a swarm. Another content is another secret beside the former one: services move to it, then
 * the former one goes. Tasks find it as a file in memory, in /run/secrets.
 */
export class SwarmSecret extends SwarmSecretResource {
  constructor(name: string, args: SwarmSecretArgs, opts?: pulumi.CustomResourceOptions) {
    const { on, ...rest } = args;
    super(name, rest, { provider: on.provider, ...opts });
  }
}

export interface SwarmConfigArgs extends SwarmConfigResourceArgs {
  /** The swarm. Another one replaces it. */
  readonly on: SwarmLike;
}

/** A config of a swarm: a file in the containers of services. It changes as a secret does. */
export class SwarmConfig extends SwarmConfigResource {
  constructor(name: string, args: SwarmConfigArgs, opts?: pulumi.CustomResourceOptions) {
    const { on, ...rest } = args;
    super(name, rest, { provider: on.provider, ...opts });
  }
}
