// Made by `npm run generate` from sdk/provider/resources. Do not edit.

import * as pulumi from "@pulumi/pulumi";
import { QuietResource } from "../quiet-resource.ts";
import type {
  DaemonConnection,
  DaemonConnectionArgs,
  RegistryAuth,
  RegistryAuthArgs,
} from "./types.ts";

/** Arguments: ImageBuild. */
export interface ImageBuildArgs {
  /** The folder of the build context, relative to the program. `.dockerignore` is honoured. */
  readonly context: pulumi.Input<string>;
  /**
   * The Dockerfile, relative to the context, as the docker CLI has it with a relative path.
   * Default: Dockerfile.
   */
  readonly dockerfile?: pulumi.Input<string>;
  /** Build arguments by name. They are public: not for secrets. Default: none. */
  readonly args?: pulumi.Input<{ readonly [name: string]: pulumi.Input<string> }>;
  /** The stage to stop at. Default: the last. */
  readonly target?: pulumi.Input<string>;
  /** The platform, as `os/arch`. Default: the daemon's. */
  readonly platform?: pulumi.Input<string>;
  /** Labels by name. Default: none. */
  readonly labels?: pulumi.Input<{ readonly [name: string]: pulumi.Input<string> }>;
  /**
   * Secrets by id, for `RUN --mount=type=secret,id=ID` (BuildKit). They are in no layer. A
   * change of one alone builds nothing: what a build gives must not depend on it. Changing it
   * alone changes nothing. Default: none.
   */
  readonly secrets?: pulumi.Input<{ readonly [name: string]: pulumi.Input<string> }>;
  /** Whether every step is run again. Changing it alone changes nothing. Default: false. */
  readonly noCache?: pulumi.Input<boolean>;
  /**
   * Images whose layers may be reused: on the daemon (classic), or in a registry and built with
   * inlineCache (BuildKit), with the credentials of `auths`. A cache that cannot be had is a
   * warning. Changing it alone changes nothing. Default: none.
   */
  readonly cacheFrom?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /**
   * Whether the image carries what others need to reuse its layers by cacheFrom (BuildKit).
   * Default: false.
   */
  readonly inlineCache?: pulumi.Input<boolean>;
  /**
   * Whether the registry is asked for a newer base whenever this is built. Changing it alone
   * changes nothing. Default: false.
   */
  readonly refreshBase?: pulumi.Input<boolean>;
  /**
   * The network of RUN: `none`, `host`, or that of a container (classic). Default: the default
   * bridge.
   */
  readonly networkMode?: pulumi.Input<string>;
  /**
   * Credentials for the registries of base images and caches, by host
   * (`registry.example.com:5000`, `docker.io`). Changing it alone changes nothing. Default:
   * those of Docker's own configuration.
   */
  readonly auths?: pulumi.Input<{ readonly [name: string]: pulumi.Input<RegistryAuthArgs> }>;
  /**
   * Which of the daemon's builders. One of buildkit, classic. Default: buildkit where the
   * daemon has it.
   */
  readonly builder?: pulumi.Input<"buildkit" | "classic">;
}

/** Arguments: DebianFile. */
export interface DebianFileArgs {
  /** The text of the file. Public: not for secrets. */
  readonly content: pulumi.Input<string>;
  /** The permission bits, as a number: 0o755. Default: 0o644. */
  readonly mode?: pulumi.Input<number>;
}

/** Arguments: DebianImage. */
export interface DebianImageArgs {
  /** The packages to install, by name. */
  readonly packages: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** The release. Default: bookworm. */
  readonly suite?: pulumi.Input<string>;
  /** The archive's components. Default: those of the machine's own sources, or main. */
  readonly components?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** Debian's word for the processor: `amd64`, `arm64`. Default: the machine's own. */
  readonly arch?: pulumi.Input<string>;
  /** Whether documentation, manual pages and translations are left out. Default: true. */
  readonly slim?: pulumi.Input<boolean>;
  /** The archive to take packages from. Default: what the machine's own apt uses. */
  readonly mirror?: pulumi.Input<string>;
  /** Files to add, by absolute path. Default: none. */
  readonly extraFiles?: pulumi.Input<{ readonly [name: string]: pulumi.Input<DebianFileArgs> }>;
  /** Shell lines that are run in the root after the packages are in. Default: none. */
  readonly setup?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** Environment variables by name. Default: PATH alone. */
  readonly env?: pulumi.Input<{ readonly [name: string]: pulumi.Input<string> }>;
  /** The entry point. Default: none. */
  readonly entrypoint?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** The command. Default: none. */
  readonly cmd?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** The user of the process. Default: root. */
  readonly user?: pulumi.Input<string>;
  /** The working directory. Default: /. */
  readonly workingDir?: pulumi.Input<string>;
  /** Ports it listens on: `8080/tcp`. Default: none. */
  readonly exposedPorts?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** The signal that asks the process to end. Default: SIGTERM. */
  readonly stopSignal?: pulumi.Input<string>;
  /** Labels by name. Default: none. */
  readonly labels?: pulumi.Input<{ readonly [name: string]: pulumi.Input<string> }>;
}

/** Arguments: ImagePull. */
export interface ImagePullArgs {
  /**
   * The image's reference. By digest (`registry.example.com/shop@sha256:...`) it is always the
   * same. By tag it is what the registry has now: each preview asks, and a tag that has moved
   * replaces the image.
   */
  readonly ref: pulumi.Input<string>;
  /**
   * Credentials for the registry. Kept as secrets; used only while something is pulled or
   * pushed. Changing it alone changes nothing. Default: those of Docker's own configuration
   * (`DOCKER_CONFIG`, else ~/.docker) of the user who runs the update, credential helpers
   * included, looked up each time.
   */
  readonly auth?: pulumi.Input<RegistryAuthArgs>;
  /** The platform, as `os/arch`. Default: the daemon's. */
  readonly platform?: pulumi.Input<string>;
}

/** Arguments: ImageLoad. */
export interface ImageLoadArgs {
  /**
   * The tar that `docker save` or saveImage wrote, packed with gzip or not, relative to the
   * program.
   */
  readonly path: pulumi.Input<string>;
  /** Which of its images, by reference. Default: its only one. */
  readonly ref?: pulumi.Input<string>;
}

/** Arguments: ImageRootfs. */
export interface ImageRootfsArgs {
  /** The tar of a root file system, as `docker export` writes it, relative to the program. */
  readonly path: pulumi.Input<string>;
  /**
   * Dockerfile instructions for its configuration: `CMD ["nginx"]`, `ENV A=b`. Default: none.
   */
  readonly changes?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** The platform, as `os/arch`. Default: the daemon's. */
  readonly platform?: pulumi.Input<string>;
}

/** Arguments: ImageCommit. */
export interface ImageCommitArgs {
  /**
   * The container's id or name. By id it is committed again for another container; by name
   * once, until something here changes.
   */
  readonly container: pulumi.Input<string>;
  /** Dockerfile instructions for its configuration: `CMD ["nginx"]`. Default: none. */
  readonly changes?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** Who made it. Default: none. */
  readonly author?: pulumi.Input<string>;
  /** What was changed. Default: none. */
  readonly comment?: pulumi.Input<string>;
  /**
   * Whether the container is paused meanwhile: without it files may be caught half written.
   * Default: true.
   */
  readonly pause?: pulumi.Input<boolean>;
  /** Values whose change commits again. Default: none. */
  readonly triggers?: pulumi.Input<{ readonly [name: string]: pulumi.Input<string> }>;
}

/** Arguments: ImageCopy. */
export interface ImageCopyArgs {
  /** The image on the other daemon: a reference, or an id (`sha256:...`). */
  readonly image: pulumi.Input<string>;
  /**
   * How the other daemon is reached, as a provider has it. Changing it alone changes nothing.
   * Default: the daemon of the machine that runs the update.
   */
  readonly from?: pulumi.Input<DaemonConnectionArgs>;
}

/** As it is: ImageBuild. */
export interface ImageBuild {
  /** The folder of the build context, relative to the program. `.dockerignore` is honoured. */
  readonly context: string;
  /**
   * The Dockerfile, relative to the context, as the docker CLI has it with a relative path.
   * Default: Dockerfile.
   */
  readonly dockerfile?: string;
  /** Build arguments by name. They are public: not for secrets. Default: none. */
  readonly args?: { readonly [name: string]: string };
  /** The stage to stop at. Default: the last. */
  readonly target?: string;
  /** The platform, as `os/arch`. Default: the daemon's. */
  readonly platform?: string;
  /** Labels by name. Default: none. */
  readonly labels?: { readonly [name: string]: string };
  /**
   * Secrets by id, for `RUN --mount=type=secret,id=ID` (BuildKit). They are in no layer. A
   * change of one alone builds nothing: what a build gives must not depend on it. Changing it
   * alone changes nothing. Default: none.
   */
  readonly secrets?: { readonly [name: string]: string };
  /** Whether every step is run again. Changing it alone changes nothing. Default: false. */
  readonly noCache?: boolean;
  /**
   * Images whose layers may be reused: on the daemon (classic), or in a registry and built with
   * inlineCache (BuildKit), with the credentials of `auths`. A cache that cannot be had is a
   * warning. Changing it alone changes nothing. Default: none.
   */
  readonly cacheFrom?: readonly string[];
  /**
   * Whether the image carries what others need to reuse its layers by cacheFrom (BuildKit).
   * Default: false.
   */
  readonly inlineCache?: boolean;
  /**
   * Whether the registry is asked for a newer base whenever this is built. Changing it alone
   * changes nothing. Default: false.
   */
  readonly refreshBase?: boolean;
  /**
   * The network of RUN: `none`, `host`, or that of a container (classic). Default: the default
   * bridge.
   */
  readonly networkMode?: string;
  /**
   * Credentials for the registries of base images and caches, by host
   * (`registry.example.com:5000`, `docker.io`). Changing it alone changes nothing. Default:
   * those of Docker's own configuration.
   */
  readonly auths?: { readonly [name: string]: RegistryAuth };
  /**
   * Which of the daemon's builders. One of buildkit, classic. Default: buildkit where the
   * daemon has it.
   */
  readonly builder?: "buildkit" | "classic";
}

/** As it is: DebianFile. */
export interface DebianFile {
  /** The text of the file. Public: not for secrets. */
  readonly content: string;
  /** The permission bits, as a number: 0o755. Default: 0o644. */
  readonly mode?: number;
}

/** As it is: DebianImage. */
export interface DebianImage {
  /** The packages to install, by name. */
  readonly packages: readonly string[];
  /** The release. Default: bookworm. */
  readonly suite?: string;
  /** The archive's components. Default: those of the machine's own sources, or main. */
  readonly components?: readonly string[];
  /** Debian's word for the processor: `amd64`, `arm64`. Default: the machine's own. */
  readonly arch?: string;
  /** Whether documentation, manual pages and translations are left out. Default: true. */
  readonly slim?: boolean;
  /** The archive to take packages from. Default: what the machine's own apt uses. */
  readonly mirror?: string;
  /** Files to add, by absolute path. Default: none. */
  readonly extraFiles?: { readonly [name: string]: DebianFile };
  /** Shell lines that are run in the root after the packages are in. Default: none. */
  readonly setup?: readonly string[];
  /** Environment variables by name. Default: PATH alone. */
  readonly env?: { readonly [name: string]: string };
  /** The entry point. Default: none. */
  readonly entrypoint?: readonly string[];
  /** The command. Default: none. */
  readonly cmd?: readonly string[];
  /** The user of the process. Default: root. */
  readonly user?: string;
  /** The working directory. Default: /. */
  readonly workingDir?: string;
  /** Ports it listens on: `8080/tcp`. Default: none. */
  readonly exposedPorts?: readonly string[];
  /** The signal that asks the process to end. Default: SIGTERM. */
  readonly stopSignal?: string;
  /** Labels by name. Default: none. */
  readonly labels?: { readonly [name: string]: string };
}

/** As it is: ImagePull. */
export interface ImagePull {
  /**
   * The image's reference. By digest (`registry.example.com/shop@sha256:...`) it is always the
   * same. By tag it is what the registry has now: each preview asks, and a tag that has moved
   * replaces the image.
   */
  readonly ref: string;
  /**
   * Credentials for the registry. Kept as secrets; used only while something is pulled or
   * pushed. Changing it alone changes nothing. Default: those of Docker's own configuration
   * (`DOCKER_CONFIG`, else ~/.docker) of the user who runs the update, credential helpers
   * included, looked up each time.
   */
  readonly auth?: RegistryAuth;
  /** The platform, as `os/arch`. Default: the daemon's. */
  readonly platform?: string;
}

/** As it is: ImageLoad. */
export interface ImageLoad {
  /**
   * The tar that `docker save` or saveImage wrote, packed with gzip or not, relative to the
   * program.
   */
  readonly path: string;
  /** Which of its images, by reference. Default: its only one. */
  readonly ref?: string;
}

/** As it is: ImageRootfs. */
export interface ImageRootfs {
  /** The tar of a root file system, as `docker export` writes it, relative to the program. */
  readonly path: string;
  /**
   * Dockerfile instructions for its configuration: `CMD ["nginx"]`, `ENV A=b`. Default: none.
   */
  readonly changes?: readonly string[];
  /** The platform, as `os/arch`. Default: the daemon's. */
  readonly platform?: string;
}

/** As it is: ImageCommit. */
export interface ImageCommit {
  /**
   * The container's id or name. By id it is committed again for another container; by name
   * once, until something here changes.
   */
  readonly container: string;
  /** Dockerfile instructions for its configuration: `CMD ["nginx"]`. Default: none. */
  readonly changes?: readonly string[];
  /** Who made it. Default: none. */
  readonly author?: string;
  /** What was changed. Default: none. */
  readonly comment?: string;
  /**
   * Whether the container is paused meanwhile: without it files may be caught half written.
   * Default: true.
   */
  readonly pause?: boolean;
  /** Values whose change commits again. Default: none. */
  readonly triggers?: { readonly [name: string]: string };
}

/** As it is: ImageCopy. */
export interface ImageCopy {
  /** The image on the other daemon: a reference, or an id (`sha256:...`). */
  readonly image: string;
  /**
   * How the other daemon is reached, as a provider has it. Changing it alone changes nothing.
   * Default: the daemon of the machine that runs the update.
   */
  readonly from?: DaemonConnection;
}

/** Arguments of ImageResource. */
export interface ImageResourceArgs {
  /**
   * The name, without a tag, under which the daemon holds the image. All tags of it are this
   * resource's own. Changing it replaces the resource. Default: PROJECT/STACK/NAME.
   */
  readonly repository?: pulumi.Input<string>;
  /**
   * Builds the image from a Dockerfile. It is built again when the content of the context or
   * one of these changes. Changing it replaces the resource.
   */
  readonly build?: pulumi.Input<ImageBuildArgs>;
  /**
   * Builds the image from Debian packages, with no registry: the same package versions give the
   * same image. Changing it replaces the resource.
   */
  readonly debian?: pulumi.Input<DebianImageArgs>;
  /**
   * Takes the image from a registry, by the digest that the preview showed. Changing it
   * replaces the resource.
   */
  readonly pull?: pulumi.Input<ImagePullArgs>;
  /**
   * Loads the image from a file. It is loaded again when the file's content changes. Changing
   * it replaces the resource.
   */
  readonly load?: pulumi.Input<ImageLoadArgs>;
  /**
   * Makes an image of one layer from a file (`docker import`). Changing it replaces the
   * resource.
   */
  readonly rootfs?: pulumi.Input<ImageRootfsArgs>;
  /**
   * Makes the image of a container as it is now, without its volumes. For what was prepared by
   * hand or by exec steps: a build can be repeated and reviewed, and notices by itself what has
   * changed; prefer one where a Dockerfile can say it. Changing it replaces the resource.
   */
  readonly commit?: pulumi.Input<ImageCommitArgs>;
  /**
   * Copies the image from another daemon, through the machine that runs the update and with no
   * registry. Only layers that are missing here are sent; how many bytes these are is said
   * beforehand. Changing it replaces the resource.
   */
  readonly copy?: pulumi.Input<ImageCopyArgs>;
  /**
   * Further references that the image has on the daemon. One that another image had is moved.
   * Changing it updates in place. Default: none.
   */
  readonly tags?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /**
   * How many former contents of this image stay on the daemon, for a quick way back. Those
   * before them are removed, as far as no container uses them; never an image of anybody else.
   * A destroy removes all. Changing it updates in place. Default: 0.
   */
  readonly keep?: pulumi.Input<number>;
}

/**
 * An image on a daemon. Another content is another image: the old one goes once nothing uses
 * it.
 */
export class ImageResource extends QuietResource {
  /**
   * The name, without a tag, under which the daemon holds the image. All tags of it are this
   * resource's own. Changing it replaces the resource. Default: PROJECT/STACK/NAME.
   */
  declare readonly repository: pulumi.Output<string | undefined>;
  /**
   * Builds the image from a Dockerfile. It is built again when the content of the context or
   * one of these changes. Changing it replaces the resource.
   */
  declare readonly build: pulumi.Output<ImageBuild | undefined>;
  /**
   * Builds the image from Debian packages, with no registry: the same package versions give the
   * same image. Changing it replaces the resource.
   */
  declare readonly debian: pulumi.Output<DebianImage | undefined>;
  /**
   * Takes the image from a registry, by the digest that the preview showed. Changing it
   * replaces the resource.
   */
  declare readonly pull: pulumi.Output<ImagePull | undefined>;
  /**
   * Loads the image from a file. It is loaded again when the file's content changes. Changing
   * it replaces the resource.
   */
  declare readonly load: pulumi.Output<ImageLoad | undefined>;
  /**
   * Makes an image of one layer from a file (`docker import`). Changing it replaces the
   * resource.
   */
  declare readonly rootfs: pulumi.Output<ImageRootfs | undefined>;
  /**
   * Makes the image of a container as it is now, without its volumes. For what was prepared by
   * hand or by exec steps: a build can be repeated and reviewed, and notices by itself what has
   * changed; prefer one where a Dockerfile can say it. Changing it replaces the resource.
   */
  declare readonly commit: pulumi.Output<ImageCommit | undefined>;
  /**
   * Copies the image from another daemon, through the machine that runs the update and with no
   * registry. Only layers that are missing here are sent; how many bytes these are is said
   * beforehand. Changing it replaces the resource.
   */
  declare readonly copy: pulumi.Output<ImageCopy | undefined>;
  /**
   * Further references that the image has on the daemon. One that another image had is moved.
   * Changing it updates in place. Default: none.
   */
  declare readonly tags: pulumi.Output<readonly string[] | undefined>;
  /**
   * How many former contents of this image stay on the daemon, for a quick way back. Those
   * before them are removed, as far as no container uses them; never an image of anybody else.
   * A destroy removes all. Changing it updates in place. Default: 0.
   */
  declare readonly keep: pulumi.Output<number | undefined>;
  /** The hash of all that the image is built from. Changing it replaces the resource. */
  declare readonly contentHash: pulumi.Output<string>;
  /**
   * The registry's digest of what was pulled; empty for what was made here. Changing it
   * replaces the resource.
   */
  declare readonly digest: pulumi.Output<string>;
  /**
   * What a container names to run exactly this image: a tag made from the content, or the
   * registry's digest. Changing it replaces the resource.
   */
  declare readonly ref: pulumi.Output<string>;
  /** The image's id, `sha256:...`. Changing it replaces the resource. */
  declare readonly imageId: pulumi.Output<string>;
  /**
   * The versions of the Debian packages in it, by name; empty unless it was built from them.
   * Changing it replaces the resource.
   */
  declare readonly packages: pulumi.Output<{ readonly [name: string]: string }>;

  constructor(
    name: string,
    args: ImageResourceArgs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    const props = {
      repository: undefined,
      build: undefined,
      debian: undefined,
      pull: undefined,
      load: undefined,
      rootfs: undefined,
      commit: undefined,
      copy: undefined,
      tags: undefined,
      keep: undefined,
      contentHash: undefined,
      digest: undefined,
      ref: undefined,
      imageId: undefined,
      packages: undefined,
      ...(opts?.id === undefined ? args : {}),
    };
    super("dockwright:index:Image", name, props, opts);
  }
}
