// Images. Specification: Docker Engine API, /images and /build.
// A pull names one image always: without a tag the daemon would fetch every tag there is.
import type { Readable } from "node:stream";
import { encodeHeader, encodePath, longTimeoutMs } from "./call.ts";
import { followProgress, type ProgressMessage, progressOf } from "./image-progress.ts";
import { jsonLines } from "./json-lines.ts";
import { familiarName, familiarReference, parseReference, withDefaultTag } from "./reference.ts";
import type { Transport } from "./transport.ts";
import type {
  BuildOptions,
  CallOptions,
  Filters,
  ImageHistoryItem,
  ImageInspect,
  ImageSummary,
  OnImageProgress,
  RegistryAuth,
} from "./types.ts";

export interface TransferOptions extends CallOptions {
  readonly onProgress?: OnImageProgress;
}

export interface CommitOptions extends CallOptions {
  /** Repository and tag of the new image. */
  readonly reference: string;
  readonly author?: string;
  readonly comment?: string;
  /** Whether the container is paused meanwhile. @defaultValue true */
  readonly pause?: boolean;
  /** Dockerfile instructions for its configuration: `CMD ["sh"]`. */
  readonly changes?: readonly string[];
}

/** What a registry says of a reference. */
export interface ImageDistribution {
  /** `sha256:...`, of the manifest or, for several platforms, of their list. */
  readonly digest: string;
  /** `os/arch` or `os/arch/variant`; empty where the registry does not say. */
  readonly platforms: readonly string[];
}

interface RawDistribution {
  readonly Descriptor: { readonly digest: string };
  readonly Platforms?:
    | readonly { readonly os: string; readonly architecture: string; readonly variant?: string }[]
    | null;
}

export interface ImportOptions extends TransferOptions {
  /** Repository and tag for the new image. */
  readonly reference?: string;
  /** Dockerfile instructions for its configuration: `CMD ["sh"]`. */
  readonly changes?: readonly string[];
  readonly message?: string;
  readonly platform?: string;
}

function repoAndTag(ref: string): { readonly repo: string; readonly tag: string } {
  const reference = withDefaultTag(parseReference(ref));
  return { repo: familiarName(reference), tag: reference.digest ?? reference.tag ?? "latest" };
}

export class ImagesApi {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  async list(filters?: Filters, options?: CallOptions): Promise<readonly ImageSummary[]> {
    return this.#transport.jsonOf({
      doing: "list images",
      method: "GET",
      path: "/images/json",
      query: { filters: filters && JSON.stringify(filters) },
      options,
    });
  }

  async inspect(ref: string, options?: CallOptions): Promise<ImageInspect | undefined> {
    return this.#transport.json({
      doing: `inspect the image "${ref}"`,
      method: "GET",
      path: `/images/${encodePath(ref)}/json`,
      accept: [404],
      options,
    });
  }

  async history(ref: string, options?: CallOptions): Promise<readonly ImageHistoryItem[]> {
    return this.#transport.jsonOf({
      doing: `read the history of the image "${ref}"`,
      method: "GET",
      path: `/images/${encodePath(ref)}/history`,
      options,
    });
  }

  async tag(ref: string, repo: string, tag: string, options?: CallOptions): Promise<void> {
    await this.#transport.done({
      doing: `tag the image "${ref}" as "${repo}:${tag}"`,
      method: "POST",
      path: `/images/${encodePath(ref)}/tag`,
      query: { repo, tag },
      repeatable: true,
      options,
    });
  }

  /** Removes a tag, and the image with its last one; false when there was none. */
  async remove(
    ref: string,
    options: CallOptions & { readonly force?: boolean; readonly noPrune?: boolean } = {},
  ): Promise<boolean> {
    const status = await this.#transport.done({
      doing: `remove the image "${ref}"`,
      method: "DELETE",
      path: `/images/${encodePath(ref)}`,
      query: { force: options.force, noprune: options.noPrune },
      accept: [404],
      options,
    });
    return status !== 404;
  }

  /** Fetches one image; `latest` where neither tag nor digest is given. */
  async pull(
    ref: string,
    options: TransferOptions & {
      readonly auth?: RegistryAuth;
      readonly platform?: string;
    } = {},
  ): Promise<void> {
    const { repo, tag } = repoAndTag(ref);
    const doing = `pull the image "${ref}"`;
    const answer = await this.#transport.send({
      doing,
      method: "POST",
      path: "/images/create",
      query: { fromImage: repo, tag, platform: options.platform },
      headers: { "X-Registry-Auth": encodeHeader(options.auth ?? {}) },
      repeatable: true,
      options,
      timeoutMs: longTimeoutMs,
    });
    await this.#follow(doing, answer.body, options.onProgress);
  }

  /** Sends one image to its registry and gives the digest that it has there. */
  async push(
    ref: string,
    options: TransferOptions & { readonly auth?: RegistryAuth } = {},
  ): Promise<{ readonly digest: string | undefined }> {
    const { repo, tag } = repoAndTag(ref);
    const doing = `push the image "${ref}"`;
    const answer = await this.#transport.send({
      doing,
      method: "POST",
      path: `/images/${encodePath(repo)}/push`,
      query: { tag },
      headers: { "X-Registry-Auth": encodeHeader(options.auth ?? {}) },
      repeatable: true,
      options,
      timeoutMs: longTimeoutMs,
    });
    let digest: string | undefined;
    await this.#follow(doing, answer.body, options.onProgress, ({ aux }) => {
      if (aux && typeof aux === "object" && "Digest" in aux) digest = String(aux.Digest);
    });
    return { digest };
  }

  /**
   * What the registry has under a reference now, asked by the daemon: with its own trust and network.
   * Undefined when the registry has no such image.
   */
  async distribution(
    ref: string,
    options: CallOptions & { readonly auth?: RegistryAuth } = {},
  ): Promise<ImageDistribution | undefined> {
    const reference = withDefaultTag(parseReference(ref));
    const answer = await this.#transport.json<RawDistribution>({
      doing: `ask the registry for the image "${ref}"`,
      method: "GET",
      path: `/distribution/${encodePath(familiarReference(reference))}/json`,
      headers: { "X-Registry-Auth": encodeHeader(options.auth ?? {}) },
      accept: [404],
      options,
    });
    if (!answer) return undefined;
    const platforms = (answer.Platforms ?? []).map(({ os, architecture, variant }) =>
      [os, architecture, ...(variant ? [variant] : [])].join("/"),
    );
    return { digest: answer.Descriptor.digest, platforms };
  }

  /** Makes an image of a container as it is; gives its id. */
  async commit(container: string, options: CommitOptions): Promise<string> {
    const { repo, tag } = repoAndTag(options.reference);
    const made = await this.#transport.jsonOf<{ readonly Id: string }>({
      doing: `commit the container "${container}" as "${options.reference}"`,
      method: "POST",
      path: "/commit",
      query: {
        container,
        repo,
        tag,
        comment: options.comment,
        author: options.author,
        // Left out it means true: only "0" says otherwise.
        pause: options.pause === false ? "0" : "1",
        changes: options.changes?.join("\n"),
      },
      json: {},
      options,
      timeoutMs: longTimeoutMs,
    });
    return made.Id;
  }

  /** Loads what `save` wrote; gives the references, or ids of images that have none. */
  async load(
    tar: Readable,
    onProgress?: OnImageProgress,
    options?: CallOptions,
  ): Promise<readonly string[]> {
    const doing = "load images";
    const answer = await this.#transport.send({
      doing,
      method: "POST",
      path: "/images/load",
      body: tar,
      contentType: "application/x-tar",
      options,
      timeoutMs: longTimeoutMs,
    });
    const loaded: string[] = [];
    await this.#follow(doing, answer.body, onProgress, ({ stream }) => {
      const match = /^Loaded image(?: ID)?: (\S+)/.exec(stream ?? "");
      if (match?.[1]) loaded.push(match[1]);
    });
    return loaded;
  }

  /** A tar of images with their layers and tags. */
  async save(refs: readonly string[], options?: CallOptions): Promise<Readable> {
    return this.#transport.stream({
      doing: `save the images ${refs.join(", ")}`,
      method: "GET",
      path: "/images/get",
      query: { names: refs },
      options,
      timeoutMs: longTimeoutMs,
    });
  }

  /** Makes an image of one layer from the tar of a root file system; gives its id. */
  async importRoot(tar: Readable, options: ImportOptions = {}): Promise<string> {
    const named = options.reference === undefined ? undefined : repoAndTag(options.reference);
    const doing = `import the image "${options.reference ?? "(unnamed)"}"`;
    const answer = await this.#transport.send({
      doing,
      method: "POST",
      path: "/images/create",
      query: {
        fromSrc: "-",
        repo: named?.repo,
        tag: named?.tag,
        message: options.message,
        changes: options.changes,
        platform: options.platform,
      },
      body: tar,
      contentType: "application/x-tar",
      options,
      timeoutMs: longTimeoutMs,
    });
    let id: string | undefined;
    await this.#follow(doing, answer.body, options.onProgress, ({ status }) => {
      if (status?.startsWith("sha256:")) id = status;
    });
    if (id === undefined) throw new Error(`the daemon gave no id when asked to ${doing}`);
    return id;
  }

  /** Builds an image from a context. A failed step is in the error, with the end of its output. */
  async build(options: BuildOptions): Promise<{ readonly imageId: string }> {
    const { buildImage } = await import("./image-build.ts");
    return buildImage(this.#transport, options);
  }

  async #follow(
    doing: string,
    body: Readable,
    onProgress: OnImageProgress | undefined,
    onMessage?: (message: ProgressMessage) => void,
  ): Promise<void> {
    const what = { doing, where: this.#transport.where };
    await followProgress(jsonLines<ProgressMessage>(body), what, (message) => {
      onMessage?.(message);
      const progress = onProgress && progressOf(message);
      if (progress) onProgress(progress);
    });
  }
}
