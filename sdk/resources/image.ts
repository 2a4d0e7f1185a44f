// Made by `npm run generate` from sdk/provider/resources. Do not edit.

import * as pulumi from "@pulumi/pulumi";
import { QuietResource } from "../quiet-resource.ts";

/** Arguments: ImageBuild. */
export interface ImageBuildArgs {
  /** The folder of the build context, relative to the program. `.dockerignore` is honoured. */
  readonly context: pulumi.Input<string>;
  /** The Dockerfile, relative to the context. Default: Dockerfile. */
  readonly dockerfile?: pulumi.Input<string>;
  /** Build arguments by name. They are public: not for secrets. Default: none. */
  readonly args?: pulumi.Input<{ readonly [name: string]: pulumi.Input<string> }>;
  /** The stage to stop at. Default: the last. */
  readonly target?: pulumi.Input<string>;
  /** The platform, as `os/arch`. Default: the daemon's. */
  readonly platform?: pulumi.Input<string>;
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
   * same; by tag it is what the registry has when the image is made.
   */
  readonly ref: pulumi.Input<string>;
  /** The platform, as `os/arch`. Default: the daemon's. */
  readonly platform?: pulumi.Input<string>;
}

/** As it is: ImageBuild. */
export interface ImageBuild {
  /** The folder of the build context, relative to the program. `.dockerignore` is honoured. */
  readonly context: string;
  /** The Dockerfile, relative to the context. Default: Dockerfile. */
  readonly dockerfile?: string;
  /** Build arguments by name. They are public: not for secrets. Default: none. */
  readonly args?: { readonly [name: string]: string };
  /** The stage to stop at. Default: the last. */
  readonly target?: string;
  /** The platform, as `os/arch`. Default: the daemon's. */
  readonly platform?: string;
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
   * same; by tag it is what the registry has when the image is made.
   */
  readonly ref: string;
  /** The platform, as `os/arch`. Default: the daemon's. */
  readonly platform?: string;
}

/** Arguments of ImageResource. */
export interface ImageResourceArgs {
  /**
   * The name, without a tag, of what is built here. Changing it replaces the resource. Default:
   * PROJECT/STACK/NAME.
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
   * Takes the image from a registry, with the credentials of Docker's own configuration.
   * Changing it replaces the resource.
   */
  readonly pull?: pulumi.Input<ImagePullArgs>;
}

/**
 * An image on a daemon. Another content is another image: the old one goes once nothing uses
 * it.
 */
export class ImageResource extends QuietResource {
  /**
   * The name, without a tag, of what is built here. Changing it replaces the resource. Default:
   * PROJECT/STACK/NAME.
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
   * Takes the image from a registry, with the credentials of Docker's own configuration.
   * Changing it replaces the resource.
   */
  declare readonly pull: pulumi.Output<ImagePull | undefined>;
  /** The hash of all that the image is built from. Changing it replaces the resource. */
  declare readonly contentHash: pulumi.Output<string>;
  /**
   * What a container names to run exactly this image: a tag made from the content, or the
   * registry's digest. Changing it replaces the resource.
   */
  declare readonly ref: pulumi.Output<string>;
  /** The image's id, `sha256:...`. Changing it replaces the resource. */
  declare readonly imageId: pulumi.Output<string>;
  /**
   * The registry's digest; empty for what was built here. Changing it replaces the resource.
   */
  declare readonly digest: pulumi.Output<string>;
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
      contentHash: undefined,
      ref: undefined,
      imageId: undefined,
      digest: undefined,
      packages: undefined,
      ...(opts?.id === undefined ? args : {}),
    };
    super("dockwright:index:Image", name, props, opts);
  }
}
