// An image of a daemon in a registry, under a tag. The registry's digest is the truth: where the tag
// leads elsewhere, it is pushed again. What was pushed stays when the resource goes: others may run it.
// Engine API, /images/{name}/push and /distribution.

import { DockerApiError } from "../../docker/client.ts";
import { parseReference } from "../../docker/reference.ts";
import { ErrorCode, SdkError } from "../../errors.ts";
import { leftAt } from "../diff.ts";
import { f, type Plain } from "../fields.ts";
import { authFor } from "../image/auth.ts";
import { authField, checkReference } from "../image/fields.ts";
import { pinned } from "../image/pull.ts";
import { giveTag, ownRepository, splitTag } from "../image/tags.ts";
import { type Context, defineResource } from "../resource.ts";

function checkTarget(value: string): string | undefined {
  const fault = checkReference(value);
  if (fault !== undefined) return fault;
  const { tag, digest } = parseReference(value);
  if (tag !== undefined && digest === undefined) return undefined;
  return 'write it with a tag and no digest, such as "registry.example.com/shop:1.2"';
}

const inputs = {
  image: f.string({
    doc: "The image on the daemon: its `ref`, or any reference or id. Another one moves the tag.",
    required: true,
    onChange: "update",
  }),
  to: f.string({
    doc: "Where it goes, with a tag: `registry.example.com/shop:1.2`.",
    required: true,
    check: checkTarget,
  }),
  auth: authField,
} as const;

const outputs = {
  ref: f.string({
    doc: "The image in the registry, by its digest: what another daemon pulls to get exactly this.",
    required: true,
  }),
  digest: f.string({ doc: "The digest that was pushed.", required: true }),
  liveDigest: f.string({
    doc: "The digest that the registry had under the tag when it was last looked at.",
    required: true,
  }),
  imageId: f.string({ doc: "The image's id on the daemon, `sha256:...`.", required: true }),
} as const;
type PushInputs = Plain<typeof inputs>;

async function liveDigest({ docker, signal }: Context, { to, auth }: PushInputs) {
  const used = await authFor(to, auth);
  const found = await docker.images.distribution(to, { signal, ...(used ? { auth: used } : {}) });
  return found?.digest;
}

/** What the pushed name leads to meanwhile is held under these, so that a killed push is put right. */
function markers(context: Context) {
  const repository = ownRepository(context);
  return { absent: `${repository}:push`, former: `${repository}:push-former` };
}

/** Gives the image the name to be pushed by, unless it has it; first it notes what that led to. */
async function lendName(context: Context, to: string, imageId: string): Promise<void> {
  const { docker, signal } = context;
  const { absent, former } = markers(context);
  const noted = await Promise.all(
    [absent, former].map((ref) => docker.images.inspect(ref, { signal })),
  );
  const before = await docker.images.inspect(to, { signal });
  if (noted.every((one) => one === undefined) && before?.Id !== imageId) {
    if (before) await giveTag(context, before.Id, former);
    else await giveTag(context, imageId, absent);
  }
  if (before?.Id !== imageId) await giveTag(context, imageId, to);
}

/** The name leads to what it led to before. Not by the signal: this must happen after a cancel too. */
async function takeNameBack(context: Context, to: string): Promise<void> {
  const { docker } = context;
  const { absent, former } = markers(context);
  const [repo, tag] = splitTag(to);
  const found = await docker.images.inspect(former);
  if (found) {
    await docker.images.tag(found.Id, repo, tag);
    await docker.images.remove(former, { noPrune: true });
  }
  if (await docker.images.inspect(absent)) {
    await docker.images.remove(to, { noPrune: true });
    await docker.images.remove(absent, { noPrune: true });
  }
}

/** Pushes under a name that exists only for as long as that takes, unless it was there before. */
async function send(context: Context, values: PushInputs, imageId: string): Promise<string> {
  const { docker, signal, log } = context;
  const { to, auth } = values;
  try {
    await lendName(context, to, imageId);
    const used = await authFor(to, auth);
    const { digest } = await docker.images.push(to, {
      signal,
      ...(used ? { auth: used } : {}),
      onProgress: ({ text }) => {
        log.progress(`pushing ${to}: ${text}`);
      },
    });
    const there = digest ?? (await liveDigest(context, values));
    if (there !== undefined) return there;
    throw new SdkError(ErrorCode.Refused, `the registry took ${to} and does not have it`);
  } finally {
    await takeNameBack(context, to);
  }
}

async function push(context: Context, values: PushInputs) {
  const { docker, signal, log } = context;
  const found = await docker.images.inspect(values.image, { signal });
  if (!found) {
    throw new SdkError(ErrorCode.Missing, `the daemon has no image "${values.image}" to push`, {
      fix: "give the ref of an Image on the same daemon",
    });
  }
  const digest = await send(context, values, found.Id);
  log.done(`pushed ${values.to}`);
  const ref = pinned(values.to, digest);
  return { ref, digest, liveDigest: digest, imageId: found.Id };
}

export const imagePush = defineResource({
  name: "ImagePush",
  doc: "An image of a daemon in a registry. When the tag there leads to something else, it is pushed again. It stays in the registry when the resource goes.",
  inputs,
  outputs,

  drift: (was) => (was.liveDigest === was.digest ? [] : leftAt("liveDigest")),

  async create(context, values) {
    return { id: values.to, outputs: await push(context, values) };
  },

  async read(context, id, known) {
    if (!known) {
      throw new SdkError(ErrorCode.BadInput, `what was pushed to ${id} cannot be imported`, {
        fix: "declare it: pushing what a registry has already sends nothing",
      });
    }
    try {
      const digest = await liveDigest(context, known.inputs);
      if (digest === undefined) return undefined;
      return { id, inputs: known.inputs, outputs: { ...known.outputs, liveDigest: digest } };
    } catch (error) {
      // A token that has run out, or a registry that is away, says nothing of what is there.
      if (context.signal.aborted || !(error instanceof DockerApiError)) throw error;
      context.log.warn(`whether ${id} is still there was not found out: ${error.message}`);
      return { id, ...known };
    }
  },

  async update(context, _id, _old, values) {
    return push(context, values);
  },

  delete({ log }, id) {
    log.info(`kept ${id} in its registry`);
    return Promise.resolve();
  },
});
