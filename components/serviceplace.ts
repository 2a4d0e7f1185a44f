// What of a service's arguments is that of one host.

import * as pulumi from "@pulumi/pulumi";
import type { DaemonLike, VolumeMount } from "./daemonlike.ts";
import { pick } from "./perhost.ts";
import { isPool, type PoolLike } from "./platform.ts";
import type { ServiceVolumeMount } from "./serviceargs.ts";

export function daemonOf(on: DaemonLike | PoolLike, host: string | undefined): DaemonLike {
  if (!isPool(on)) return on;
  const found = host === undefined ? undefined : on.hosts[host];
  if (found !== undefined) return found.daemon;
  throw new pulumi.ResourceError(`the pool has no host "${host ?? ""}"`, undefined);
}

export function mountOn(
  { volume, ...mount }: ServiceVolumeMount,
  host: string | undefined,
): VolumeMount {
  return volume === undefined ? mount : { ...mount, volume: pick(volume, host, "volumes") };
}
