// What each cluster does with each member of a service's spec. The type makes a member that is new,
// and has no row, an error of the compiler; `docs/platforms.md` is this as a table.

import type { ClusterKind } from "../platform.ts";
import type { ServiceSpec } from "../serviceargs.ts";
import { ecs } from "./ecs.ts";
import { kubernetes } from "./kubernetes.ts";
import { swarm } from "./swarm.ts";

/** What a platform cannot do. */
export interface Refused {
  /** The nearest thing that exists; `nothing: ...` says why there is none. */
  readonly instead: string;
}

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

export function unsupportedBy(
  kind: ClusterKind,
  spec: Partial<ServiceSpec>,
): readonly UnsupportedMember[] {
  return Object.entries(clusterSupport[kind]).flatMap(([member, support]) => {
    if (typeof support === "string") return [];
    if (spec[member as keyof ServiceSpec] === undefined) return [];
    const { instead } = support;
    const nothing = "nothing: ";
    const nearest = instead.startsWith(nothing)
      ? `leave it out: ${instead.slice(nothing.length)}`
      : `the nearest thing is ${instead.replaceAll("`", "")}`;
    return [
      { propertyPath: member, reason: `is not possible on ${clusterNames[kind]}; ${nearest}` },
    ];
  });
}
