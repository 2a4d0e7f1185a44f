/**
 * A guestbook: Redis as a leader with replicas, and web servers that read from the replicas and write to
 * the leader. One description for a daemon, a pool of hosts, a swarm and the clusters of the clouds.
 *
 * @module dockwright/stacks/guestbook
 */

import * as pulumi from "@pulumi/pulumi";
import { RandomSecret, Service, type ServiceArgs } from "../../components/index.ts";
import { type FrontArgs, frontOf } from "../front.ts";
import { type Anywhere, isCluster, isSwarm } from "../pool.ts";
import { frontendImage } from "./frontend.ts";
import { Ground, type GuestbookImages } from "./ground.ts";

export type { GuestbookImages } from "./ground.ts";

/** Arguments of {@link Guestbook}. */
export interface GuestbookArgs extends FrontArgs {
  /** The daemon, pool of hosts or cluster to run on. */
  readonly on: Anywhere;
  /**
   * Images of a registry, by digest. ECS and Kubernetes need them.
   * @defaultValue made from Debian packages, on each host or node
   */
  readonly images?: GuestbookImages;
  /**
   * How many replicas of the leader there are to read from, from 1.
   * @defaultValue 2
   */
  readonly replicas?: number;
  /**
   * How many web servers. On a swarm there is one on each node, and none may be given.
   * @defaultValue 2
   */
  readonly frontends?: number;
  /**
   * The heading of the page. A change replaces the web servers, one after the other.
   * @defaultValue Guestbook
   */
  readonly title?: string;
  /**
   * Where the leader runs, and the volumes that it has: what it knows is in /var/lib/redis. On a cluster
   * give both, since a volume of one node is not on the others.
   * @defaultValue on a daemon and a pool a volume that is kept; on a cluster its memory alone
   */
  readonly leader?: Pick<ServiceArgs, "placement" | "volumes">;
  /**
   * On a swarm: the port of the nodes at which the proxies reach the web servers.
   * @defaultValue 8081
   */
  readonly nodePort?: number;
  /**
   * On a swarm: whether what goes between nodes is encrypted. It needs ESP in the kernels of the nodes:
   * without, nothing would go. A change replaces the network and all that is on it.
   * @defaultValue true
   */
  readonly encrypted?: boolean;
}

const redisPort = 6379;
const webPort = 8080;

/** A guestbook. */
export class Guestbook extends pulumi.ComponentResource {
  /** Where it answers. */
  readonly urls: pulumi.Output<readonly string[]>;
  /** The names of what serves the page: of containers, or of the cluster's service. */
  readonly frontends: pulumi.Output<readonly string[]>;
  /** The same of the leader. */
  readonly leader: pulumi.Output<readonly string[]>;
  /** The same of its replicas. */
  readonly replicas: pulumi.Output<readonly string[]>;

  constructor(name: string, args: GuestbookArgs, opts?: pulumi.ComponentResourceOptions) {
    super("dockwright:index:Guestbook", name, {}, opts);
    checkArgs(args);
    const ground = new Ground(this, name, args, frontendImage);
    const redis = makeRedis(this, name, args, ground);
    const web = makeFrontend(this, name, args, { ...redis, ground });
    this.urls = ground.urls(web.endpoints);
    this.frontends = web.containerNames;
    this.leader = redis.leader.containerNames;
    this.replicas = redis.replicas.containerNames;
    const { urls, frontends, leader, replicas } = this;
    this.registerOutputs({ urls, frontends, leader, replicas });
  }
}

function checkArgs({ on, images, frontends, replicas = 2 }: GuestbookArgs): void {
  const refuse = (propertyPath: string, reason: string): never => {
    throw new pulumi.InputPropertyError({ propertyPath, reason });
  };
  if (replicas < 1) refuse("replicas", `is ${replicas}; write 1 or more`);
  if (isSwarm(on) && frontends !== undefined) {
    refuse("frontends", "is given, and on a swarm there is one on each node; leave it out");
  }
  if (isCluster(on) && !isSwarm(on) && images === undefined) {
    refuse("images", "is not given, and this cluster takes images from a registry; give both");
  }
}

/** The leader, what it is called, and the same of its replicas. */
interface Redis {
  readonly password: RandomSecret;
  readonly leader: Service;
  readonly leaderAt: pulumi.Input<string>;
  readonly replicas: Service;
  readonly replicasAt: pulumi.Input<string>;
}

function makeRedis(
  parent: pulumi.Resource,
  name: string,
  args: GuestbookArgs,
  ground: Ground,
): Redis {
  const { replicas: count = 2, leader: { placement, volumes = ground.data() } = {} } = args;
  const { home } = ground;
  const password = new RandomSecret(
    `${name}-password`,
    home === undefined ? {} : { daemon: home },
    { parent },
  );
  const common = {
    on: args.on,
    image: ground.redis,
    port: redisPort,
    healthCheck: { test: ["CMD", "dw-health"], intervalMs: 2000, timeoutMs: 5000, retries: 15 },
    stopGraceMs: 20_000,
    ...ground.secret("redis-password", "REDIS_PASSWORD", password.value),
  };
  const leader = new Service(
    `${name}-leader`,
    {
      ...common,
      ...ground.networks("leader"),
      ...(volumes.length === 0 ? {} : { volumes, env: { REDIS_KEEP: "yes" } }),
      ...(placement === undefined ? {} : { placement }),
      // Two leaders would each take a part of what is written.
      rollout: { strategy: "recreate" },
    },
    { parent },
  );
  const leaderAt = ground.addresses(leader, "leader", redisPort);
  const replicas = new Service(
    `${name}-replicas`,
    {
      ...common,
      ...ground.networks("replicas"),
      replicas: count,
      env: { REDIS_LEADER: leaderAt },
    },
    { parent, dependsOn: [leader] },
  );
  const replicasAt = ground.addresses(replicas, "replicas", redisPort);
  return { password, leader, leaderAt, replicas, replicasAt };
}

function makeFrontend(
  parent: pulumi.Resource,
  name: string,
  args: GuestbookArgs,
  { ground, password, leaderAt, replicasAt, leader, replicas }: Redis & { readonly ground: Ground },
): Service {
  const { on, title = "Guestbook", replicas: count = 2, frontends = 2, nodePort = 8081 } = args;
  const { host } = frontOf(args);
  return new Service(
    `${name}-web`,
    {
      on,
      image: ground.frontend,
      port: webPort,
      ...(isSwarm(on)
        ? { ports: [{ containerPort: webPort, hostPort: nodePort }] }
        : { replicas: frontends }),
      ...ground.networks("web"),
      env: {
        GUESTBOOK_TITLE: title,
        REDIS_LEADER: leaderAt,
        REDIS_REPLICAS: replicasAt,
        REDIS_REPLICA_COUNT: String(count),
      },
      ...ground.secret("redis-password", "REDIS_PASSWORD", password.value),
      health: { http: "/healthz" },
      stopGraceMs: 15_000,
      routes: ground.routes(host),
    },
    { parent, dependsOn: [leader, replicas] },
  );
}
