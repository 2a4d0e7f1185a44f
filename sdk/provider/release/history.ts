// Which releases there are after a change: pure. A release is another one when what it runs is
// another; containers that moved, or were made again, are the same release in other places.

import type { ReleaseSpec } from "../../rollback.ts";
import { specHash } from "../names.ts";
import type { ValueMap } from "../values.ts";
import {
  defaultKeep,
  type ReleaseImage,
  type ReleaseInputs,
  type ReleaseOutputs,
  type ReleaseRecord,
} from "./fields.ts";

/** When, and by whom: taken at the time of the change. */
export interface Made {
  readonly at: string;
  readonly by: string;
  readonly urn: string;
}

export const specOf = ({ spec }: { readonly spec: string }): ReleaseSpec =>
  JSON.parse(spec) as ReleaseSpec;

/** Whether it is still the release that was recorded last. */
export function isSame(inputs: Pick<ReleaseInputs, "spec">, old: ReleaseOutputs | undefined) {
  return old?.releases[0]?.spec === inputs.spec;
}

/** Its number. */
export function numberOf(inputs: Pick<ReleaseInputs, "spec">, old: ReleaseOutputs | undefined) {
  return isSame(inputs, old) ? (old?.number ?? 1) : (old?.number ?? 0) + 1;
}

function hashOf(urn: string, { args, secrets }: ReleaseSpec): string {
  const places = new Set(secrets.map((path) => JSON.stringify(path)));
  return specHash(urn, { values: args as ValueMap, secrets: places });
}

/** A reference that was secret is not told beside what is not. */
function told(images: readonly ReleaseImage[], { secrets }: ReleaseSpec): readonly ReleaseImage[] {
  if (!secrets.some(([first]) => first === undefined || first === "image")) return images;
  return images.map((one) => ({ ...one, ref: "[secret]" }));
}

function recordOf(
  inputs: ReleaseInputs,
  images: readonly ReleaseImage[],
  old: ReleaseOutputs | undefined,
  { at, by, urn }: Made,
): ReleaseRecord {
  const spec = specOf(inputs);
  const { containers, rollout, rollbackOf } = inputs;
  const before = isSame(inputs, old) ? old?.releases[0] : undefined;
  const went = before?.rollout ?? rollout;
  return {
    number: numberOf(inputs, old),
    at: before?.at ?? at,
    by: before?.by ?? by,
    hash: hashOf(urn, spec),
    images: told(images, spec),
    containers,
    ...(rollbackOf === undefined ? {} : { rollbackOf }),
    ...(went === undefined ? {} : { rollout: went }),
    spec: inputs.spec,
  };
}

/** A host that has left the pool has no part in what can be brought back. */
const isThere =
  ({ connections = {} }: ReleaseInputs) =>
  ({ host }: ReleaseImage): boolean =>
    host === undefined || Object.hasOwn(connections, host);

/** What is recorded after a change, `images` being those that are kept of this release. */
export function recorded(
  inputs: ReleaseInputs,
  images: readonly ReleaseImage[],
  old: ReleaseOutputs | undefined,
  made: Made,
): ReleaseOutputs {
  const record = recordOf(inputs, images, old, made);
  const earlier = (old?.releases ?? [])
    .slice(isSame(inputs, old) ? 1 : 0)
    .map((one) => ({ ...one, images: one.images.filter(isThere(inputs)) }));
  const releases = [record, ...earlier].slice(0, inputs.keep ?? defaultKeep);
  const { spec: _, ...current } = record;
  return { number: record.number, current, releases, missing: [] };
}

/** The image of each host that the release may run on: its reference, and the id where it is known. */
export function wantedImages(inputs: ReleaseInputs) {
  const ids = new Map(inputs.containers.map(({ host = "", imageId }) => [host, imageId]));
  return inputs.images.map(({ host = "", ref }) => ({ host, ref, imageId: ids.get(host) }));
}

export type WantedImage = ReturnType<typeof wantedImages>[number];
