// One thing for each host of a pool: an image, a network, a proxy. What takes one for a daemon takes
// these for a pool, and picks that of the host.

import * as pulumi from "@pulumi/pulumi";

/** One for each host of a pool: what `HostPool.each` gives. */
export interface PerHost<T> {
  /** By the host's name. */
  readonly perHost: { readonly [host: string]: T };
}

/** One for all, or one for each host. */
export type OnEach<T> = T | PerHost<T>;

export function isPerHost<T extends object>(value: OnEach<T>): value is PerHost<T> {
  return "perHost" in value;
}

/** That of the host. `propertyPath` is the argument's, for the error. */
export function pick<T extends object>(
  value: OnEach<T>,
  host: string | undefined,
  propertyPath: string,
): T {
  if (!isPerHost(value)) return value;
  const found = host === undefined ? undefined : value.perHost[host];
  if (found !== undefined) return found;
  const hosts = Object.keys(value.perHost).join(", ");
  const which =
    host === undefined ? "and the service is on one daemon" : `and has none for ${host}`;
  throw new pulumi.InputPropertyError({
    propertyPath,
    reason: `is for the hosts ${hosts}, ${which}; give one, or make it by the pool's each()`,
  });
}
