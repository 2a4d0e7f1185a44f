// An image on a daemon, from one of seven sources. The daemon holds it under a tag of this resource's
// own repository, made from the hash of what it is: so a preview knows the new reference, an unchanged
// source makes nothing, and what others have is never taken away. Engine API 1.41 to 1.45, /images,
// /build, /commit and /distribution.

import { createHash } from "node:crypto";
import { checkDebianSpec } from "../../debian/spec.ts";
import { ErrorCode, SdkError } from "../../errors.ts";
import type { Failure } from "../check.ts";
import type { Change } from "../diff.ts";
import { element, f } from "../fields.ts";
import { buildFromContext, buildHash } from "../image/build.ts";
import { copyFrom, resolveSource } from "../image/copy.ts";
import { buildFromDebian, debianHash } from "../image/debian.ts";
import { type CommitValue, type ImageInputs, imageFields, sourceNames } from "../image/fields.ts";
import { fileHash, importRootfs, loadImage } from "../image/files.ts";
import { digestIn, pinned, pullImage, resolveDigest } from "../image/pull.ts";
import {
  contentTag,
  deleteContent,
  giveTag,
  ownRepository,
  presentTags,
  pruneFormer,
  repositoryOf,
  syncTags,
} from "../image/tags.ts";
import { type Context, defineResource } from "../resource.ts";
import { canonicalJson, type Value } from "../values.ts";

const outputs = {
  ref: f.string({
    doc: "What a container names to run exactly this image: a tag made from the content, or the registry's digest.",
    required: true,
  }),
  imageId: f.string({ doc: "The image's id, `sha256:...`.", required: true }),
  digest: f.string({
    doc: "The registry's digest of what was pulled; empty for what was made here.",
    required: true,
  }),
  packages: f.map(f.string(element), {
    doc: "The versions of the Debian packages in it, by name; empty unless it was built from them.",
    required: true,
  }),
} as const;

function checkImage(inputs: ImageInputs): readonly Failure[] {
  const sources = sourceNames.filter((name) => inputs[name] !== undefined);
  if (sources.length === 1) {
    const failures = inputs.debian ? checkDebianSpec(inputs.debian) : [];
    return [
      ...failures.map(({ property, reason }) => ({ property: `debian.${property}`, reason })),
      ...checkBuild(inputs),
    ];
  }
  const seen = sources.length === 0 ? "none is given" : `${sources.join(" and ")} are given`;
  return [
    { property: sources[1] ?? "build", reason: `${seen}; give one of ${sourceNames.join(", ")}` },
  ];
}

function checkBuild({ build }: ImageInputs): readonly Failure[] {
  if (build?.builder !== "classic") return [];
  const only = (["secrets", "inlineCache"] as const).filter((name) => build[name] !== undefined);
  return only.map((name) => ({
    property: `build.${name}`,
    reason: 'is BuildKit\'s; leave it out, or build with builder: "buildkit"',
  }));
}

function commitHash(commit: CommitValue): string {
  return createHash("sha256")
    .update(canonicalJson(commit as unknown as Value))
    .digest("hex");
}

/** The hash of what it is made from; undefined where only making it, or a registry, can tell. */
async function contentHash(inputs: ImageInputs): Promise<string | undefined> {
  if (inputs.build) return buildHash(inputs.build);
  if (inputs.debian) return debianHash(inputs.debian);
  if (inputs.load) return fileHash(inputs.load);
  if (inputs.rootfs) return fileHash(inputs.rootfs);
  if (inputs.commit) return commitHash(inputs.commit);
  return undefined;
}

async function foundDigest(context: Context, inputs: ImageInputs): Promise<string | undefined> {
  if (inputs.pull) return resolveDigest(context, inputs.pull);
  return inputs.copy && resolveSource(context, inputs.copy);
}

interface Made {
  /** The tag of our own. */
  readonly id: string;
  readonly ref: string;
  readonly imageId: string;
  readonly digest: string;
  readonly packages: { readonly [name: string]: string };
}

async function makeHere(
  context: Context,
  inputs: ImageInputs,
  ref: string,
): Promise<{ readonly imageId: string; readonly packages?: Made["packages"] }> {
  if (inputs.debian) return buildFromDebian(context, inputs.debian, ref);
  if (inputs.build) return { imageId: await buildFromContext(context, inputs.build, ref) };
  if (inputs.rootfs) return { imageId: await importRootfs(context, inputs.rootfs, ref) };
  if (inputs.commit) return { imageId: await commit(context, inputs.commit, ref) };
  if (inputs.load) return { imageId: await loadImage(context, inputs.load, ref) };
  throw new SdkError(ErrorCode.BadInput, "the image has no source", {
    fix: `give one of ${sourceNames.join(", ")}`,
  });
}

async function commit({ docker, signal }: Context, value: CommitValue, reference: string) {
  const { container, triggers: _, ...options } = value;
  return docker.images.commit(container, { reference, signal, ...options });
}

async function make(context: Context, inputs: ImageInputs): Promise<Made> {
  const repository = repositoryOf(context, inputs);
  if (inputs.pull) return pullImage(context, inputs.pull, repository, inputs.digest);
  if (inputs.copy) {
    const imageId = await copyFrom(context, inputs.copy, inputs.digest);
    const ref = contentTag(repository, imageId);
    await giveTag(context, imageId, ref);
    return { id: ref, ref, imageId, digest: "", packages: {} };
  }
  const ref = contentTag(repository, inputs.contentHash ?? "");
  const found = await context.docker.images.inspect(ref, { signal: context.signal });
  const made = found ? { imageId: found.Id } : await makeHere(context, inputs, ref);
  return { id: ref, ref, digest: "", packages: {}, ...made };
}

/** The registry's tag, or the other daemon's, leads to something else now. */
function moved(was: { digest: string; imageId: string }, inputs: ImageInputs): readonly Change[] {
  const now = inputs.digest;
  if (now === undefined || (!inputs.pull && !inputs.copy)) return [];
  const property = inputs.pull ? "digest" : "imageId";
  if (was[property] === "" || was[property] === now) return [];
  return [{ property, kind: "update", replace: true, inputDiff: false }];
}

/** The registry's reference, which containers name it by, is not there: a read found the tag only. */
function unpinned(was: { digest: string; ref: string }, { pull }: ImageInputs): readonly Change[] {
  if (!pull || pull.platform !== undefined || was.digest === "") return [];
  if (was.ref === pinned(pull.ref, was.digest)) return [];
  return [{ property: "ref", kind: "update", replace: true, inputDiff: false }];
}

const drift = (was: { digest: string; imageId: string; ref: string }, inputs: ImageInputs) => [
  ...moved(was, inputs),
  ...unpinned(was, inputs),
];

/** What an import declares: the name that the image has in a registry. */
async function imported(context: Context, id: string) {
  const found = await context.docker.images.inspect(id, { signal: context.signal });
  if (!found) return undefined;
  const ref = id.startsWith("sha256:") || /^[0-9a-f]{12,64}$/.test(id) ? nameOf(id, found) : id;
  const digest = digestIn(found, ref) ?? "";
  return {
    id: ref,
    inputs: { pull: { ref }, repository: ownRepository(context) },
    outputs: {
      ref: digest === "" ? ref : pinned(ref, digest),
      imageId: found.Id,
      digest,
      packages: {},
    },
  };
}

function nameOf(id: string, found: { RepoTags: readonly string[] | null }): string {
  const [first] = found.RepoTags ?? [];
  if (first !== undefined) return first;
  throw new SdkError(ErrorCode.BadInput, `the image ${id} has no name to be declared by`, {
    fix: "give it a tag, and import it by that",
  });
}

export const image = defineResource({
  name: "Image",
  doc: "An image on a daemon. Another content is another image: the old one goes once nothing uses it.",
  inputs: imageFields,
  outputs,
  onDaemon: true,
  check: checkImage,

  async settle(context, inputs) {
    const [hash, digest] = await Promise.all([contentHash(inputs), foundDigest(context, inputs)]);
    return {
      repository: repositoryOf(context, inputs),
      ...(hash === undefined ? {} : { contentHash: hash }),
      ...(digest === undefined ? {} : { digest }),
    };
  },

  preview: (inputs, old) => {
    // In place, only names beside it and what is kept change.
    if (old && drift(old.outputs, inputs).length === 0) return old.outputs;
    const { repository = "", contentHash: hash, digest } = inputs;
    if (hash !== undefined) return { ref: contentTag(repository, hash), digest: "" };
    if (digest === undefined) return {};
    if (!inputs.pull) return { ref: contentTag(repository, digest), imageId: digest, digest: "" };
    if (inputs.pull.platform !== undefined) return { digest };
    return { ref: pinned(inputs.pull.ref, digest), digest };
  },

  drift,

  async create(context, inputs) {
    const { id, ...made } = await make(context, inputs);
    await syncTags(context, made.imageId, inputs.tags ?? [], []);
    await pruneFormer(context, inputs, id);
    return { id, outputs: made };
  },

  async read(context, id, known) {
    if (!known) return imported(context, id);
    const { docker, signal } = context;
    const found = await docker.images.inspect(id, { signal });
    // The tag was moved to something else: not what was made, so as good as gone.
    if (!found || found.Id !== known.outputs.imageId) return undefined;
    const { ref } = known.outputs;
    const named = ref === id ? found : await docker.images.inspect(ref, { signal });
    if (named && named.Id !== found.Id) return undefined;
    // Not gone as long as our tag is there: the state must know whose the image is.
    const outputs = named ? known.outputs : { ...known.outputs, ref: id };
    const { tags } = known.inputs;
    if (!tags) return { id, inputs: known.inputs, outputs };
    const present = await presentTags(docker, found.Id, tags);
    return { id, inputs: { ...known.inputs, tags: present }, outputs };
  },

  async update(context, id, old, inputs) {
    const { imageId } = old.outputs;
    await syncTags(context, imageId, inputs.tags ?? [], old.inputs.tags ?? []);
    await pruneFormer(context, inputs, id);
    return old.outputs;
  },

  async delete(context, id, old) {
    await syncTags(context, old.outputs.imageId, [], old.inputs.tags ?? []);
    await deleteContent(context, old.inputs, id, old.outputs.imageId);
  },
});
