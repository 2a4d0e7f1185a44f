// Made by `npm run generate` from sdk/provider/resources. Do not edit.

import * as pulumi from "@pulumi/pulumi";
import { QuietResource } from "../quiet-resource.ts";
import type {
  RegistryAuth,
  RegistryAuthArgs,
} from "./types.ts";

/** Arguments of ImagePushResource. */
export interface ImagePushResourceArgs {
  /**
   * The image on the daemon: its `ref`, or any reference or id. Another one moves the tag.
   * Changing it updates in place.
   */
  readonly image: pulumi.Input<string>;
  /**
   * Where it goes, with a tag: `registry.example.com/shop:1.2`. Changing it replaces the
   * resource.
   */
  readonly to: pulumi.Input<string>;
  /**
   * Credentials for the registry. Kept as secrets; used only while something is pulled or
   * pushed. Changing it alone changes nothing. Default: those of Docker's own configuration
   * (`DOCKER_CONFIG`, else ~/.docker) of the user who runs the update, credential helpers
   * included, looked up each time.
   */
  readonly auth?: pulumi.Input<RegistryAuthArgs>;
}

/**
 * An image of a daemon in a registry. When the tag there leads to something else, it is pushed
 * again. It stays in the registry when the resource goes.
 */
export class ImagePushResource extends QuietResource {
  /**
   * The image on the daemon: its `ref`, or any reference or id. Another one moves the tag.
   * Changing it updates in place.
   */
  declare readonly image: pulumi.Output<string>;
  /**
   * Where it goes, with a tag: `registry.example.com/shop:1.2`. Changing it replaces the
   * resource.
   */
  declare readonly to: pulumi.Output<string>;
  /**
   * Credentials for the registry. Kept as secrets; used only while something is pulled or
   * pushed. Changing it alone changes nothing. Default: those of Docker's own configuration
   * (`DOCKER_CONFIG`, else ~/.docker) of the user who runs the update, credential helpers
   * included, looked up each time.
   */
  declare readonly auth: pulumi.Output<RegistryAuth | undefined>;
  /**
   * The image in the registry, by its digest: what another daemon pulls to get exactly this.
   * Changing it replaces the resource.
   */
  declare readonly ref: pulumi.Output<string>;
  /** The digest that was pushed. Changing it replaces the resource. */
  declare readonly digest: pulumi.Output<string>;
  /**
   * The digest that the registry had under the tag when it was last looked at. Changing it
   * replaces the resource.
   */
  declare readonly liveDigest: pulumi.Output<string>;
  /** The image's id on the daemon, `sha256:...`. Changing it replaces the resource. */
  declare readonly imageId: pulumi.Output<string>;

  constructor(
    name: string,
    args: ImagePushResourceArgs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    const props = {
      image: undefined,
      to: undefined,
      auth: undefined,
      ref: undefined,
      digest: undefined,
      liveDigest: undefined,
      imageId: undefined,
      ...(opts?.id === undefined ? args : {}),
    };
    super("dockwright:index:ImagePush", name, props, opts);
  }
}
