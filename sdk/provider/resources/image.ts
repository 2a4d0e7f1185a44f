// An image on a daemon: from a registry, from a Dockerfile, or from Debian packages. What is built is
// tagged with the hash of what it was built from, so that a preview knows the new reference, and an
// unchanged context builds nothing. Engine API 1.41 to 1.45, /images and /build.

import { checkDebianSpec } from "../../debian/spec.ts";
import { DockerApiError } from "../../docker/client.ts";
import type { ImageInspect } from "../../docker/types.ts";
import { ErrorCode, SdkError } from "../../errors.ts";
import type { Failure } from "../check.ts";
import { element, f } from "../fields.ts";
import { buildFromContext, buildHash } from "../image/build.ts";
import { buildFromDebian, debianHash } from "../image/debian.ts";
import { type ImageInputs, imageFields } from "../image/fields.ts";
import { pullImage } from "../image/pull.ts";
import { readableName } from "../names.ts";
import { type Context, defineResource } from "../resource.ts";

const outputs = {
  ref: f.string({
    doc: "What a container names to run exactly this image: a tag made from the content, or the registry's digest.",
    required: true,
  }),
  imageId: f.string({ doc: "The image's id, `sha256:...`.", required: true }),
  digest: f.string({
    doc: "The registry's digest; empty for what was built here.",
    required: true,
  }),
  packages: f.map(f.string(element), {
    doc: "The versions of the Debian packages in it, by name; empty unless it was built from them.",
    required: true,
  }),
} as const;

/** How many digits of the content's hash make the tag. */
const tagLength = 16;

/** The repository of what is built here. It names the stack: another's delete must not untag it. */
function repository(context: Context, inputs: ImageInputs): string {
  if (inputs.repository !== undefined) return inputs.repository;
  const { project, stack, logicalName } = context;
  return [project, stack, logicalName].map(readableName).join("/");
}

function builtRef(inputs: ImageInputs): string {
  return `${inputs.repository ?? ""}:${(inputs.contentHash ?? "").slice(0, tagLength)}`;
}

function checkImage(inputs: ImageInputs): readonly Failure[] {
  const sources = (["build", "debian", "pull"] as const).filter(
    (name) => inputs[name] !== undefined,
  );
  const within = (property: string) => `debian.${property}`;
  if (sources.length === 1) {
    const failures = inputs.debian ? checkDebianSpec(inputs.debian) : [];
    return failures.map(({ property, reason }) => ({ property: within(property), reason }));
  }
  const seen = sources.length === 0 ? "none is given" : `${sources.join(" and ")} are given`;
  return [
    { property: sources[1] ?? "build", reason: `${seen}; give one of build, debian and pull` },
  ];
}

async function make(context: Context, inputs: ImageInputs) {
  if (inputs.pull) return pullImage(context, inputs.pull);
  const ref = builtRef(inputs);
  const found = await context.docker.images.inspect(ref, { signal: context.signal });
  if (found) return { ref, imageId: found.Id, digest: "", packages: {} };
  if (inputs.debian) return buildFromDebian(context, inputs.debian, ref);
  if (inputs.build) return buildFromContext(context, inputs.build, ref);
  throw new SdkError(ErrorCode.BadInput, "the image has no source", {
    fix: "give one of build, debian and pull",
  });
}

function digestOf(image: ImageInspect): string {
  return (image.RepoDigests ?? []).map((digest) => digest.split("@")[1] ?? "")[0] ?? "";
}

export const image = defineResource({
  name: "Image",
  doc: "An image on a daemon. Another content is another image: the old one goes once nothing uses it.",
  inputs: imageFields,
  outputs,
  check: checkImage,

  async settle(context, inputs) {
    if (inputs.build) {
      return {
        repository: repository(context, inputs),
        contentHash: await buildHash(inputs.build),
      };
    }
    if (inputs.debian) {
      return {
        repository: repository(context, inputs),
        contentHash: await debianHash(inputs.debian),
      };
    }
    return {};
  },

  preview: (inputs) =>
    inputs.contentHash === undefined ? {} : { ref: builtRef(inputs), digest: "" },

  async create(context, inputs) {
    const made = await make(context, inputs);
    return { id: made.ref, outputs: made };
  },

  async read({ docker, signal }, id, known) {
    const found = await docker.images.inspect(id, { signal });
    if (!found) return undefined;
    if (known) {
      // The tag was moved to something else: not what was made, so as good as gone.
      if (known.outputs.imageId !== found.Id) return undefined;
      return { id, ...known };
    }
    const read = { ref: id, imageId: found.Id, digest: digestOf(found), packages: {} };
    return { id, inputs: { pull: { ref: id } }, outputs: read };
  },

  async delete({ docker, log }, id, old) {
    const found = await docker.images.inspect(id);
    if (!found || found.Id !== old.outputs.imageId) return;
    try {
      await docker.images.remove(id);
    } catch (error) {
      // 409: a container that is not of this stack runs it.
      if (!(error instanceof DockerApiError) || error.status !== 409) throw error;
      log.info(`kept the image ${id}: a container still uses it`);
    }
  },
});
