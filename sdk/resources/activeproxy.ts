// Made by `npm run generate` from sdk/provider/resources. Do not edit.

import * as pulumi from "@pulumi/pulumi";
import { QuietResource } from "../quiet-resource.ts";

/** Arguments of ActiveProxyResource. */
export interface ActiveProxyResourceArgs {
  /**
   * The name of the proxy's container that is to answer. Another one takes over. Changing it
   * updates in place.
   */
  readonly proxy: pulumi.Input<string>;
  /**
   * The id of the container that has the proxy's networks and published ports. With another one
   * connections end, and the ports answer only once the new proxy serves. Changing it updates
   * in place.
   */
  readonly holder: pulumi.Input<string>;
  /**
   * The volume on which the proxy keeps its routes: the proxy's lasting identity. Changing it
   * replaces the resource.
   */
  readonly dataVolume: pulumi.Input<string>;
  /**
   * How long a container that answered before, and is to do so again, may take to end first, in
   * milliseconds. Changing it alone changes nothing. Default: 30000.
   */
  readonly restartGraceMs?: pulumi.Input<number>;
}

/**
 * Which of a proxy's containers answers. A new container of the proxy waits until this resource
 * names it; it is then checked with all routes, starts on the listening sockets of the former
 * one, and answers from then on, while the former one finishes what it has: no request is lost.
 * When HAProxy refuses its settings, nothing changes and the former one goes on.
 */
export class ActiveProxyResource extends QuietResource {
  /**
   * The name of the proxy's container that is to answer. Another one takes over. Changing it
   * updates in place.
   */
  declare readonly proxy: pulumi.Output<string>;
  /**
   * The id of the container that has the proxy's networks and published ports. With another one
   * connections end, and the ports answer only once the new proxy serves. Changing it updates
   * in place.
   */
  declare readonly holder: pulumi.Output<string>;
  /**
   * The volume on which the proxy keeps its routes: the proxy's lasting identity. Changing it
   * replaces the resource.
   */
  declare readonly dataVolume: pulumi.Output<string>;
  /**
   * How long a container that answered before, and is to do so again, may take to end first, in
   * milliseconds. Changing it alone changes nothing. Default: 30000.
   */
  declare readonly restartGraceMs: pulumi.Output<number | undefined>;
  /** The container that answers, for routes. Changing it replaces the resource. */
  declare readonly containerName: pulumi.Output<string>;
  /**
   * Whether it was the one that answers when it was last looked at. Changing it replaces the
   * resource.
   */
  declare readonly answering: pulumi.Output<boolean>;

  constructor(
    name: string,
    args: ActiveProxyResourceArgs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    const props = {
      proxy: undefined,
      holder: undefined,
      dataVolume: undefined,
      restartGraceMs: undefined,
      containerName: undefined,
      answering: undefined,
      ...(opts?.id === undefined ? args : {}),
    };
    super("dockwright:index:ActiveProxy", name, props, opts);
  }
}
