// What each cluster does with each member of a service's spec. The type makes a member that is new,
// and has no row, an error of the compiler; `docs/platforms.md` is this as a table.

import * as pulumi from "@pulumi/pulumi";
import type { ClusterKind } from "../platform.ts";
import type { ServiceSpec } from "../serviceargs.ts";
import { ecs } from "./ecs.ts";
import { kubernetes } from "./kubernetes.ts";
import {
  type EachSupport,
  ecsNested,
  kubernetesEach,
  kubernetesNested,
  type NestedSupport,
  type Refused,
  type Routed,
  swarmEach,
  swarmNested,
} from "./nested.ts";
import { swarm } from "./swarm.ts";

/** What a platform makes of each member, in its own words; or that it cannot. */
export type ServiceSupport = { readonly [Member in keyof Required<ServiceSpec>]: string | Refused };

/** What people call the clusters. */
export const clusterNames: { readonly [Kind in ClusterKind]: string } = {
  swarm: "Swarm",
  ecs: "ECS",
  kubernetes: "Kubernetes",
};

export const clusterSupport: { readonly [Kind in ClusterKind]: ServiceSupport } = {
  swarm,
  ecs,
  kubernetes,
};

/** A member that was given, and that the cluster cannot do. */
export interface UnsupportedMember {
  readonly propertyPath: string;
  readonly reason: string;
}

/** What each does with the members of `healthCheck`, `health`, `rollout` and `placement`. */
export const nestedSupport: { readonly [Kind in ClusterKind]: NestedSupport } = {
  swarm: swarmNested,
  ecs: ecsNested,
  kubernetes: kubernetesNested,
};

/** What each does with the members of each of its `ports`, `files` and `networks`. */
export const eachSupport: { readonly [Kind in ClusterKind]: EachSupport } = {
  swarm: swarmEach,
  ecs: {},
  kubernetes: kubernetesEach,
};

/** Why it is not possible, and what to take in its place; undefined where it is. */
function reasonOf(
  kind: ClusterKind,
  support: string | Refused | Routed,
  isRouted: boolean,
): string | undefined {
  if (typeof support === "string") return undefined;
  const needsRoutes = "routed" in support;
  if (needsRoutes && isRouted) return undefined;
  const { instead } = support;
  const nothing = "nothing: ";
  const nearest = instead.startsWith(nothing)
    ? `leave it out: ${instead.slice(nothing.length)}`
    : `the nearest thing is ${instead.replaceAll("`", "")}`;
  const where = `${clusterNames[kind]}${needsRoutes ? " without routes" : ""}`;
  return `is not possible on ${where}; ${nearest}`;
}

type Rows = { readonly [member: string]: string | Refused | Routed };

export function unsupportedBy(
  kind: ClusterKind,
  spec: Partial<ServiceSpec>,
): readonly UnsupportedMember[] {
  const isRouted = (spec.routes ?? []).length > 0;
  const faults = (rows: Rows, given: object, prefix = ""): readonly UnsupportedMember[] =>
    Object.entries(rows).flatMap(([member, support]) => {
      const value = (given as { readonly [member: string]: unknown })[member];
      const reason = value === undefined ? undefined : reasonOf(kind, support, isRouted);
      return reason === undefined ? [] : [{ propertyPath: `${prefix}${member}`, reason }];
    });
  const nested = Object.entries(nestedSupport[kind]) as readonly [keyof NestedSupport, Rows][];
  const each = Object.entries(eachSupport[kind]) as readonly [keyof EachSupport, Rows][];
  return [
    ...faults(clusterSupport[kind], spec),
    ...nested.flatMap(([member, rows]) => {
      const given: unknown = spec[member];
      return isKnown(given) ? faults(rows, given, `${member}.`) : [];
    }),
    ...each.flatMap(([member, rows]) =>
      severalOf(member, spec[member]).flatMap(([path, given]) => faults(rows, given, `${path}.`)),
    ),
  ];
}

/** Of an output nothing is known yet: its members are outputs too. */
const isKnown = (given: unknown): given is object =>
  typeof given === "object" && given !== null && !pulumi.Output.isInstance(given);

/** Each of several, of a list or by name, by its path. */
function severalOf(member: string, all: unknown): readonly (readonly [string, object])[] {
  if (!isKnown(all)) return [];
  const path = (key: string) => (Array.isArray(all) ? `[${key}]` : `[${JSON.stringify(key)}]`);
  return Object.entries(all).flatMap(([key, one]) =>
    isKnown(one) ? [[`${member}${path(key)}`, one] as const] : [],
  );
}
