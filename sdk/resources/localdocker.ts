// Made by `npm run generate` from sdk/provider/resources. Do not edit.

import * as pulumi from "@pulumi/pulumi";
import { QuietResource } from "../quiet-resource.ts";

/** Arguments of LocalDockerResource. */
export interface LocalDockerResourceArgs {

}

/**
 * The Docker daemon of the machine that runs the program: used where it answers, else installed
 * from the distribution's package docker.io and started. Deleting the resource leaves Docker as
 * it is.
 */
export class LocalDockerResource extends QuietResource {
  /** The daemon's address, as in DOCKER_HOST. Changing it replaces the resource. */
  declare readonly host: pulumi.Output<string>;

  constructor(
    name: string,
    args: LocalDockerResourceArgs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    const props = {
      host: undefined,
      ...(opts?.id === undefined ? args : {}),
    };
    super("dockwright:index:LocalDocker", name, props, opts);
  }
}
