/**
 * A web application in as many copies as are asked for, and HAProxy in front of them. Changing their
 * number changes the proxy in the same update: nothing watches, nothing is registered.
 *
 * @module dockwright/stacks/load-balanced
 */

import * as pulumi from "@pulumi/pulumi";
import {
  Bridge,
  type DaemonLike,
  type ImageLike,
  Proxy,
  Service,
  type ServiceArgs,
} from "../../components/index.ts";
import { type FrontArgs, frontOf } from "../front.ts";

export interface LoadBalancedArgs
  extends FrontArgs,
    Pick<ServiceArgs, "env" | "health" | "rollout"> {
  /** The daemon to run on. */
  readonly on: DaemonLike;
  /** The application's image. A change replaces the containers, one set beside the other. */
  readonly image: ImageLike;
  /**
   * The port in the container that answers.
   * @defaultValue 8080
   */
  readonly containerPort?: number;
  /**
   * How many containers. More are started and ready before they get requests, fewer are drained.
   * @defaultValue 2
   */
  readonly replicas?: number;
}

/** An application behind a load balancer. */
export class LoadBalanced extends pulumi.ComponentResource {
  /** Where it answers. */
  readonly url: pulumi.Output<string>;
  /** The names of the containers that answer now. */
  readonly containers: pulumi.Output<readonly string[]>;

  constructor(name: string, args: LoadBalancedArgs, opts?: pulumi.ComponentResourceOptions) {
    super("dockwright:index:LoadBalanced", name, {}, opts);
    const { on, image, containerPort = 8080, replicas = 2 } = args;
    const { env, health = { http: "/" }, rollout } = args;
    const parent = { parent: this };
    const front = new Bridge(`${name}-front`, { daemon: on }, parent);
    const { host, bind, url } = frontOf(args);
    const proxy = new Proxy(`${name}-edge`, { on, networks: [front], ...bind }, parent);
    const service = new Service(
      name,
      {
        on,
        image,
        replicas,
        port: containerPort,
        networks: [front],
        health,
        routes: [{ proxy, host }],
        ...(env === undefined ? {} : { env }),
        ...(rollout === undefined ? {} : { rollout }),
      },
      parent,
    );
    this.url = pulumi.output(url);
    this.containers = service.containerNames;
    this.registerOutputs({ url: this.url, containers: this.containers });
  }
}
