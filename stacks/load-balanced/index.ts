// A web application in as many copies as are asked for, and HAProxy in front of them. Changing their
// number changes the proxy in the same update: nothing watches, nothing is registered.

import * as pulumi from "@pulumi/pulumi";
import {
  Bridge,
  type DaemonLike,
  type ImageLike,
  Proxy,
  Service,
  type ServiceArgs,
} from "../../components/index.ts";

export interface LoadBalancedArgs extends Pick<ServiceArgs, "env" | "health" | "rollout"> {
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
  /**
   * The host name that it answers on.
   * @defaultValue every one
   */
  readonly host?: string;
  /**
   * The port of the machine that it answers on. A change interrupts it.
   * @defaultValue 80
   */
  readonly port?: number;
  /**
   * The address of the machine that it answers on. A change interrupts it.
   * @defaultValue all of them
   */
  readonly hostIp?: string;
}

/** An application behind a load balancer. */
export class LoadBalanced extends pulumi.ComponentResource {
  /** Where it answers. */
  readonly url: pulumi.Output<string>;
  /** The names of the containers that answer now. */
  readonly containers: pulumi.Output<readonly string[]>;

  constructor(name: string, args: LoadBalancedArgs, opts?: pulumi.ComponentResourceOptions) {
    super("dockwright:index:LoadBalanced", name, {}, opts);
    const { on, image, containerPort = 8080, replicas = 2, host = "*", port = 80 } = args;
    const { hostIp, env, health = { http: "/" }, rollout } = args;
    const parent = { parent: this };
    const front = new Bridge(`${name}-front`, { daemon: on }, parent);
    const address = hostIp === undefined ? {} : { hostIp };
    const proxy = new Proxy(`${name}-edge`, { on, networks: [front], port, ...address }, parent);
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
    this.url = pulumi.output(`http://${host === "*" ? (hostIp ?? "127.0.0.1") : host}:${port}/`);
    this.containers = service.containerNames;
    this.registerOutputs({ url: this.url, containers: this.containers });
  }
}
