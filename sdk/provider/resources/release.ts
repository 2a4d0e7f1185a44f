// The releases of a service: the record of what ran, in the state, and the images that it takes to bring
// one back, on the daemons. It is made after the rollout: what did not come up is no release.

import { hostname, userInfo } from "node:os";
import { ErrorCode, SdkError } from "../../errors.ts";
import { leftAt } from "../diff.ts";
import { actorOf } from "../release/actor.ts";
import {
  type ReleaseImage,
  type ReleaseInputs,
  type ReleaseOutputs,
  releaseInputs,
  releaseOutputs,
} from "../release/fields.ts";
import { isSame, type Made, numberOf, recorded, wantedImages } from "../release/history.ts";
import { missingPins, type Pinning, pin, pinRepository, unpin } from "../release/pins.ts";
import { type Context, defineResource } from "../resource.ts";
import { RolloutHosts } from "../rollout/hosts.ts";
import type { ValueMap } from "../values.ts";

type Old = { readonly inputs: ReleaseInputs; readonly outputs: ReleaseOutputs } | undefined;

async function withPins<T>(
  context: Context,
  service: string,
  connections: ReleaseInputs["connections"],
  work: (pinning: Pinning) => Promise<T>,
): Promise<T> {
  const hosts = new RolloutHosts(context, connections as ValueMap | undefined);
  try {
    return await work({ hosts, repository: pinRepository(context, service) });
  } finally {
    hosts.close();
  }
}

/** Whoever runs this; a container may run as a user that has no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? "unknown");
  }
}

const madeNow = (context: Context): Made => ({
  urn: context.urn,
  at: context.now().toISOString(),
  by: actorOf(process.env, { user: userName(), host: hostname() }),
});

const imagesOf = (outputs: ReleaseOutputs | undefined): readonly ReleaseImage[] =>
  (outputs?.releases ?? []).flatMap(({ images }) => images);

/** Which hosts are not asked any more, and which may be out of reach. */
function goneFrom({ connections, lost = [] }: ReleaseInputs) {
  const there = new Set(Object.keys(connections ?? {}));
  return {
    isLost: (host: string) => lost.includes(host),
    hasLeft: (host: string) => host !== "" && !there.has(host),
  };
}

/** Images that a refresh found missing are tagged again, where the daemon still has them. */
async function pinAgain(
  { log }: Context,
  pinning: Pinning,
  old: ReleaseOutputs,
): Promise<ReleaseOutputs> {
  if (old.missing.length === 0) return old;
  const releases = await Promise.all(
    old.releases.map(async (one) => {
      const wanted = one.images.map(({ host = "", ...image }) => ({ host, ...image }));
      const images = await pin(pinning, one.number, wanted);
      if (images.length < wanted.length) {
        log.warn(`images of release ${one.number} are gone: it cannot be brought back everywhere`);
      }
      return { ...one, images };
    }),
  );
  return { ...old, releases };
}

async function ensure(context: Context, inputs: ReleaseInputs, old: Old): Promise<ReleaseOutputs> {
  const connections = { ...old?.inputs.connections, ...inputs.connections };
  return await withPins(context, inputs.service, connections, async (pinning) => {
    const former = old && (await pinAgain(context, pinning, old.outputs));
    const images = await pin(pinning, numberOf(inputs, former), wantedImages(inputs));
    const outputs = recorded(inputs, images, former, madeNow(context));
    const kept = new Set(imagesOf(outputs).map(placeOf));
    const left = imagesOf(former).filter((image) => !kept.has(placeOf(image)));
    await unpin(pinning, left, goneFrom(inputs));
    if (!isSame(inputs, former)) context.log.done(words(inputs, outputs.number));
    return outputs;
  });
}

const placeOf = ({ host = "", tag }: ReleaseImage): string => `${host} ${tag}`;

function words({ service, rollbackOf }: ReleaseInputs, number: number): string {
  const back = rollbackOf === undefined ? "" : `, which brings release ${rollbackOf} back`;
  return `release ${number} of ${service}${back}`;
}

export const release = defineResource({
  name: "Release",
  doc: "The releases of a service. Each change of what the service runs is one, with a number, the time, who made it, its images and how its rollout went; an update that changes nothing makes none. The last ones are kept in the state, with all it takes to bring one back, as secrets; their images are tagged `dockwright-release/PROJECT/STACK/SERVICE:NUMBER`, so that they stay. A release cannot be imported.",
  inputs: releaseInputs,
  outputs: releaseOutputs,
  drift: ({ missing }) => (missing.length > 0 ? leftAt("missing") : []),
  preview: (inputs, old) => ({ number: numberOf(inputs, old?.outputs), missing: [] }),
  announce: (values, old) => {
    const inputs = values as unknown as ReleaseInputs;
    if (typeof inputs.spec === "string" && isSame(inputs, old?.outputs)) return undefined;
    return words(inputs, (old?.outputs.number ?? 0) + 1);
  },

  async create(context, inputs) {
    return { id: inputs.service, outputs: await ensure(context, inputs, undefined) };
  },

  async read(context, id, known) {
    if (!known) {
      throw new SdkError(ErrorCode.BadInput, `the releases of ${id} cannot be imported`, {
        fix: "declare the service without the import option; its releases then begin with 1",
      });
    }
    const { inputs, outputs } = known;
    const { isLost } = goneFrom(inputs);
    const missing = await withPins(context, inputs.service, inputs.connections, (pinning) =>
      missingPins(
        pinning,
        outputs.releases.map((one) => ({
          ...one,
          images: one.images.filter(({ host = "" }) => !isLost(host)),
        })),
      ),
    );
    return { id, inputs, outputs: { ...outputs, missing } };
  },

  update: (context, _id, old, inputs) => ensure(context, inputs, old),

  async delete(context, _id, { inputs, outputs }) {
    await withPins(context, inputs.service, inputs.connections, (pinning) =>
      unpin(pinning, imagesOf(outputs), goneFrom(inputs)),
    );
  },
});
