/**
 * A web application on every node of a swarm, behind HAProxy on some of them. Nodes publish the
 * application's port themselves (mode host), and its name leads to all tasks in turn: nothing here
 * needs IPVS in the nodes' kernels.
 *
 * @module dockwright/stacks/swarm-web
 */

import * as pulumi from "@pulumi/pulumi";
import {
  Bridge,
  type OnEach,
  Overlay,
  Proxy,
  SwarmCluster,
  type SwarmImageLike,
  type SwarmNodeArgs,
  SwarmRoute,
  SwarmService,
  type SwarmServiceArgs,
} from "../../components/index.ts";

/** Arguments of {@link SwarmWeb}. */
export interface SwarmWebArgs
  extends Pick<SwarmServiceArgs, "env" | "secrets" | "configs" | "healthCheck" | "update"> {
  /** The nodes by name. Their daemons are without `liveRestore`; three managers bear the loss of one. */
  readonly nodes: { readonly [name: string]: SwarmNodeArgs };
  /** The application's image: of a registry by digest, or one that every node has under the same id. */
  readonly image: OnEach<SwarmImageLike>;
  /**
   * The nodes that have a proxy, by name.
   * @defaultValue the managers
   */
  readonly edges?: readonly string[];
  /**
   * The port in the container that answers.
   * @defaultValue 8080
   */
  readonly containerPort?: number;
  /**
   * The port of the nodes at which the proxies reach the application.
   * @defaultValue 8081
   */
  readonly nodePort?: number;
  /**
   * The port of the edges that answers. A change interrupts it.
   * @defaultValue 80
   */
  readonly port?: number;
  /**
   * The path that the proxies ask a node's task for, to know whether it is well.
   * @defaultValue /
   */
  readonly healthPath?: string;
  /**
   * The host name that it answers on.
   * @defaultValue every one
   */
  readonly host?: string;
  /**
   * Whether traffic between tasks of different nodes is encrypted, which needs ESP in their kernels.
   * @defaultValue true
   */
  readonly encrypted?: boolean;
}

/** How long a task serves before the next one is exchanged: the proxies have seen it by then. */
const pauseMs = 3000;

/** A web application on a swarm. */
export class SwarmWeb extends pulumi.ComponentResource {
  /** The swarm: further services go on it. */
  readonly cluster: SwarmCluster;
  /** The network of the application's tasks. */
  readonly network: Overlay;
  /** Where it answers, on each of the edges. */
  readonly urls: pulumi.Output<string[]>;
  /** The service's name in the swarm. */
  readonly service: pulumi.Output<string>;

  constructor(name: string, args: SwarmWebArgs, opts?: pulumi.ComponentResourceOptions) {
    super("dockwright:index:SwarmWeb", name, {}, opts);
    const { nodes, image, containerPort = 8080, nodePort = 8081, port = 80, host = "*" } = args;
    const { env, secrets, configs, healthCheck, update, encrypted = true, healthPath = "/" } = args;
    const parent = { parent: this };
    const cluster = new SwarmCluster(name, { nodes }, parent);
    const network = new Overlay(`${name}-inside`, { on: cluster, encrypted }, parent);
    const service = new SwarmService(
      `${name}-web`,
      {
        on: cluster,
        image,
        mode: "global",
        networks: [network],
        endpointMode: "dnsrr",
        ports: [{ port: containerPort, publishedPort: nodePort, mode: "host" }],
        update: update ?? { delayMs: pauseMs },
        ...(env === undefined ? {} : { env }),
        ...(secrets === undefined ? {} : { secrets }),
        ...(configs === undefined ? {} : { configs }),
        ...(healthCheck === undefined ? {} : { healthCheck }),
      },
      parent,
    );
    const there = Object.entries(cluster.nodes);
    const chosen =
      args.edges ?? there.flatMap(([node, { role }]) => (role === "manager" ? [node] : []));
    const urls = there
      .filter(([node]) => chosen.includes(node))
      .map(([node, { daemon, address }]) => {
        const front = new Bridge(`${name}-front-${node}`, { daemon }, parent);
        const edge = `${name}-edge-${node}`;
        const proxy = new Proxy(edge, { on: daemon, networks: [front], port }, parent);
        const check = { path: healthPath };
        const to = { service, port: nodePort, nodes: cluster.nodes, check };
        new SwarmRoute(`${edge}-route`, { daemon, proxy, host, ...to }, parent);
        return pulumi.interpolate`http://${host === "*" ? address : host}:${port}/`;
      });
    this.cluster = cluster;
    this.network = network;
    this.urls = pulumi.all(urls);
    this.service = service.serviceName;
    this.registerOutputs({ urls: this.urls, service: this.service });
  }
}
