// A service's arguments as data, for the record of a release: components are what they are known by,
// outputs are their values, and the places of secrets are told beside them. The other way round, a
// record becomes arguments again, its secrets secret.

import * as pulumi from "@pulumi/pulumi";
import type { ReleaseSpec, SpecPath } from "../sdk/rollback.ts";
import { isPerHost, type OnEach } from "./perhost.ts";
import { isPool } from "./platform.ts";
import type { ContainerServiceArgs } from "./serviceargs.ts";

interface Sealed {
  readonly value: unknown;
  readonly secrets: readonly SpecPath[];
}

const below =
  (key: string | number) =>
  (path: SpecPath): SpecPath => [key, ...path];

function sealAll(entries: readonly (readonly [string | number, unknown])[]) {
  const parts = entries.map(([, value]) => seal(value));
  return pulumi.all(parts).apply((sealed) =>
    sealed.map(({ value, secrets }, index) => {
      const key = entries[index]?.[0] ?? index;
      return { key, value, secrets: secrets.map(below(key)) };
    }),
  );
}

function seal(value: unknown): pulumi.Output<Sealed> {
  if (pulumi.Output.isInstance(value) || value instanceof Promise) {
    const output = pulumi.output(value);
    return pulumi
      .all([output, pulumi.isSecret(output)])
      .apply(([plain, isSecret]) => ({ value: plain, secrets: isSecret ? [[]] : [] }));
  }
  if (Array.isArray(value)) {
    return sealAll([...value.entries()]).apply((parts) => ({
      value: parts.map((part) => part.value),
      secrets: parts.flatMap(({ secrets }) => secrets),
    }));
  }
  if (typeof value !== "object" || value === null) {
    return pulumi.output(0).apply((): Sealed => ({ value, secrets: [] }));
  }
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return sealAll(members).apply((parts) => ({
    value: Object.fromEntries(parts.map((part) => [part.key, part.value])),
    secrets: parts.flatMap(({ secrets }) => secrets),
  }));
}

/** What a component is known by: of it, or of that of each host, these members. */
function known<T extends object>(value: OnEach<T>, names: readonly (keyof T)[]): OnEach<T> {
  if (isPerHost(value)) {
    const each = Object.entries(value.perHost).map(([host, one]) => [host, known(one, names)]);
    return { perHost: Object.fromEntries(each) as { readonly [host: string]: T } };
  }
  return Object.fromEntries(names.map((name) => [name, value[name]])) as T;
}

/** The arguments with values in place of components; without what says only where it runs. */
function withoutComponents(args: ContainerServiceArgs): { readonly [name: string]: unknown } {
  const { on: _, placement: _p, tasks: _t, keepReleases: _k, ...rest } = args;
  const { image, networks, volumes, routes, ...more } = rest;
  return {
    ...more,
    image: known(image, ["ref"]),
    networks: networks?.map((one) => known(one, ["networkName", "aliases"])),
    volumes: volumes?.map(({ volume, ...mount }) => ({
      ...mount,
      volume: volume && known(volume, ["volumeName"]),
    })),
    routes: routes?.map(({ proxy, ...route }) => ({
      ...route,
      proxy: proxy && known(proxy, ["containerName", "dataVolume", "network"]),
    })),
  };
}

/** What a release of the service is. */
export function sealService(args: ContainerServiceArgs): pulumi.Output<ReleaseSpec> {
  return seal(withoutComponents(args)).apply(({ value, secrets }) => ({
    args: value as ReleaseSpec["args"],
    secrets,
    pool: isPool(args.on),
  }));
}

function secretAt(value: unknown, [first, ...rest]: SpecPath): unknown {
  if (first === undefined) return pulumi.secret(value);
  if (pulumi.Output.isInstance(value) || typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    return value.map((one: unknown, index) => (index === first ? secretAt(one, rest) : one));
  }
  const members = Object.entries(value).map(([name, member]): [string, unknown] => [
    name,
    name === first ? secretAt(member, rest) : member,
  ]);
  return Object.fromEntries(members);
}

/** The arguments of a record, without what is of the program alone: where it runs. */
export function unsealService({ args, secrets }: ReleaseSpec): Omit<ContainerServiceArgs, "on"> {
  return secrets.reduce<unknown>(secretAt, args) as Omit<ContainerServiceArgs, "on">;
}
