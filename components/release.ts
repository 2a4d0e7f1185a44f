// The releases of a service: the record that is made once what runs is what was wanted.

import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { ReleaseResource } from "../sdk/resources/release.ts";
import type { RolloutResource } from "../sdk/resources/rollout.ts";
import type { ReleaseSpec, RollbackRecord } from "../sdk/rollback.ts";
import { isPerHost } from "./perhost.ts";
import { isPool } from "./platform.ts";
import { connectionsOf, type Replica } from "./rollout.ts";
import type { ContainerServiceArgs } from "./serviceargs.ts";

/** What is released, and by what it came to run. */
export interface Released {
  readonly args: ContainerServiceArgs;
  readonly spec: pulumi.Output<ReleaseSpec>;
  readonly replicas: pulumi.Output<readonly Replica[]>;
  readonly rollout: RolloutResource | undefined;
  readonly record: RollbackRecord | undefined;
}

/** JSON with sorted keys: the same text for the same release. */
function textOf(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === "object" && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}

/** What makes the tasks of a release run again: what its containers run. */
export function taskKey(spec: pulumi.Output<ReleaseSpec>): pulumi.Output<string> {
  return spec.apply(({ args }) => {
    const { replicas: _, routes: _r, rollout: _o, health: _h, networks: _n, ...runs } = args;
    return createHash("sha256").update(textOf(runs)).digest("hex");
  });
}

function imagesOf({ on, image }: ContainerServiceArgs) {
  if (isPerHost(image)) {
    return Object.entries(image.perHost).map(([host, { ref }]) => ({ host, ref }));
  }
  if (!isPool(on)) return [{ ref: image.ref }];
  return Object.keys(on.hosts).map((host) => ({ host, ref: image.ref }));
}

function rolledOut(rollout: RolloutResource | undefined) {
  if (rollout === undefined) return {};
  const { durationMs, drained, cut, moved, steps } = rollout;
  return { rollout: { durationMs, drained, cut, moved, steps } };
}

export function makeRelease(
  parent: pulumi.Resource,
  name: string,
  { args, spec, replicas, rollout, record }: Released,
): ReleaseResource {
  const { on, keepReleases } = args;
  const containers = replicas.apply((all) =>
    pulumi.all(
      all.map(({ host, container }) => ({
        name: container.name,
        imageId: container.imageId,
        ...(host === "" ? {} : { host }),
      })),
    ),
  );
  return new ReleaseResource(
    `${name}-release`,
    {
      service: name,
      spec: pulumi.secret(spec.apply(textOf)),
      containers,
      images: imagesOf(args),
      ...(record === undefined ? {} : { rollbackOf: record.release }),
      ...(keepReleases === undefined ? {} : { keep: keepReleases }),
      ...rolledOut(rollout),
      ...(isPool(on) ? { connections: connectionsOf(on), lost: [...(on.lostHosts ?? [])] } : {}),
    },
    { parent, provider: on.provider, ...(rollout === undefined ? {} : { dependsOn: [rollout] }) },
  );
}
