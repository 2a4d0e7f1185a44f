// What each cluster does with the members of `healthCheck`, `health`, `rollout` and `placement`, which it takes as a
// whole, and with those of each of several `ports`, `files` and `networks`. The types make a member that is new,
// and has no row, an error of the compiler.

import type {
  FileUploadArgs,
  HealthCheckArgs,
  PortMappingArgs,
} from "../../sdk/resources/types.ts";
import type { NetworkLike } from "../daemonlike.ts";
import type { PlacementArgs } from "../hostpool.ts";
import type { ServiceHealth, ServiceRollout } from "../serviceargs.ts";

/** What a platform cannot do. */
export interface Refused {
  /** The nearest thing that exists; `nothing: ...` says why there is none. */
  readonly instead: string;
}

/** What a platform does for a service that has routes, and cannot do for another. */
export interface Routed extends Refused {
  /** What it makes of it, in its own words. */
  readonly routed: string;
}

type Rows<T> = { readonly [Member in keyof Required<T>]: string | Refused | Routed };

/** What a platform makes of the members of members; none where it refuses the whole. */
export interface NestedSupport {
  readonly healthCheck: Rows<HealthCheckArgs>;
  readonly health: Rows<ServiceHealth>;
  readonly rollout: Rows<ServiceRollout>;
  readonly placement?: Rows<PlacementArgs>;
}

/** What a platform makes of the members of each of several, of a list or by name; none where it refuses all. */
export interface EachSupport {
  readonly ports?: Rows<PortMappingArgs>;
  readonly files?: Rows<FileUploadArgs>;
  readonly networks?: Rows<NetworkLike>;
}

const byRoute = (instead: string): Routed => ({ routed: "the routes'", instead });
const unrouted = "nothing: a service without routes has none";

export const swarmNested: NestedSupport = {
  healthCheck: {
    test: "`Healthcheck.Test`",
    intervalMs: "`Interval`",
    timeoutMs: "`Timeout`",
    retries: "`Retries`",
    startPeriodMs: "`StartPeriod`",
    startIntervalMs: "`StartInterval`, where the daemons know it",
  },
  health: {
    http: { routed: "the proxies' check", instead: "`healthCheck`" },
    intervalMs: { routed: "the proxies' check", instead: "`healthCheck`" },
    timeoutMs: { instead: "`rollout.gateTimeoutMs`, or `healthCheck` with a start period" },
  },
  rollout: {
    strategy: "`UpdateConfig.Order`: `rolling` is start-first, `recreate` is stop-first",
    batch: "`UpdateConfig.Parallelism`: a number",
    balance: byRoute(unrouted),
    timeouts: byRoute(unrouted),
    limits: byRoute(unrouted),
    redirectToHttps: byRoute(unrouted),
    hstsSeconds: byRoute(unrouted),
    redirect: byRoute(unrouted),
    maintenance: byRoute(unrouted),
    unavailablePage: byRoute(unrouted),
    requestHeaders: byRoute(unrouted),
    responseHeaders: byRoute(unrouted),
    directives: byRoute(unrouted),
    drainTimeoutMs: byRoute("`stopGraceMs`"),
    gateTimeoutMs: {
      routed: "the routes'; a minute where it is not given",
      instead: "`healthCheck` with a start period",
    },
  },
  placement: {
    require: "constraints: `equals` and `not`",
    prefer: { instead: "`require`" },
    spread: "spread by labels of the nodes",
    conflicts: { instead: "`require`" },
    near: { instead: "`require`" },
    onePerHost: "`MaxReplicas`",
  },
};

const chosen = { instead: "nothing: Swarm chooses the addresses of tasks" };

export const swarmEach: EachSupport = {
  ports: {
    containerPort: "`TargetPort`",
    hostPort: "`PublishedPort`",
    hostPortEnd: { instead: "`ports` with one for each port" },
    hostIp: {
      instead: "nothing: a port is on every address of a node; its firewall says who may come",
    },
    keep: { instead: "`hostPort`" },
    protocol: "`Protocol`",
  },
  files: {
    content: "`Data` of the config",
    contentBase64: { instead: "`content`" },
    mode: "`Mode`",
    uid: "`UID`",
    gid: "`GID`",
  },
  networks: {
    networkName: "`Target`",
    aliases: "`Aliases`",
    ipv4Address: chosen,
    ipv6Address: chosen,
    linkLocalIps: chosen,
    macAddress: chosen,
    links: { instead: "`aliases` of the other service" },
    endpointOptions: { instead: "`options` of the network" },
    gatewayPriority: { instead: "nothing: tasks reach the outside by their node" },
  },
};

const ownListener = "a rule of your own on the cluster's load balancer";
const ownHeaders =
  "nothing: the load balancer passes headers as they are; the program sets its own";

export const ecsNested: NestedSupport = {
  healthCheck: {
    test: "`command`",
    intervalMs: "`interval`: whole seconds, 5 to 300",
    timeoutMs: "`timeout`: whole seconds, 2 to 60",
    retries: "`retries`: 1 to 10",
    startPeriodMs: "`startPeriod`: whole seconds, to 300",
    startIntervalMs: { instead: "`intervalMs`" },
  },
  health: {
    http: { routed: "the path of the target group's check", instead: "`healthCheck`" },
    intervalMs: { routed: "its interval: whole seconds, from 5", instead: "`healthCheck`" },
    timeoutMs: { routed: "the grace of new tasks", instead: "`healthCheck` with a start period" },
  },
  rollout: {
    strategy: "`rolling`, `recreate`, and `blueGreen` by ECS's own deployments",
    batch: "`maximumPercent`; twice as many tasks where it is not given",
    balance: { routed: "the algorithm of the target group", instead: unrouted },
    timeouts: { instead: "nothing: the idle timeout is the load balancer's, for all services" },
    limits: { instead: "a web ACL of AWS WAF on the load balancer" },
    redirectToHttps: { instead: "nothing: the cluster's load balancer always does" },
    hstsSeconds: { instead: ownHeaders },
    redirect: { instead: ownListener },
    maintenance: { instead: ownListener },
    unavailablePage: { instead: ownListener },
    requestHeaders: { instead: ownHeaders },
    responseHeaders: { instead: ownHeaders },
    directives: { instead: ownListener },
    drainTimeoutMs: { routed: "`deregistrationDelay`: whole seconds", instead: "`stopGraceMs`" },
    gateTimeoutMs: { instead: "`health.timeoutMs`" },
  },
};

const byClass = { instead: "annotations of the cluster's `ingress`, in the words of its class" };

export const kubernetesNested: NestedSupport = {
  healthCheck: {
    test: "`exec.command`",
    intervalMs: "`periodSeconds`: whole seconds",
    timeoutMs: "`timeoutSeconds`: whole seconds",
    retries: "`failureThreshold`",
    startPeriodMs: "`initialDelaySeconds`: whole seconds, once the startup probe has passed",
    startIntervalMs: { instead: "`intervalMs`" },
  },
  health: {
    http: "`httpGet` of both probes",
    intervalMs: "`periodSeconds` of the readiness probe: whole seconds",
    timeoutMs: "how long the startup probe asks; the rollout waits twice as long, from a minute",
  },
  rollout: {
    strategy: "`RollingUpdate` and `Recreate`",
    batch: "`maxSurge`; 25% where it is not given",
    balance: byClass,
    timeouts: byClass,
    limits: byClass,
    redirectToHttps: byClass,
    hstsSeconds: byClass,
    redirect: byClass,
    maintenance: byClass,
    unavailablePage: byClass,
    requestHeaders: byClass,
    responseHeaders: byClass,
    directives: byClass,
    drainTimeoutMs: { instead: "`stopGraceMs`" },
    gateTimeoutMs: { instead: "`health.timeoutMs`" },
  },
  placement: {
    require: "required node affinity",
    prefer: { instead: "`require`" },
    spread: "`topologySpreadConstraints`, as far as it goes; over zones where it is not given",
    conflicts: { instead: "`require`, with nodes of another label" },
    near: { instead: "`require`, with nodes of one label" },
    onePerHost: "a spread over nodes that has to hold",
  },
};

const rootFile = {
  instead: "nothing: files of a Secret are root's, and `mode` says who may read them",
};

export const kubernetesEach: EachSupport = {
  files: {
    content: "`data` of the Secret",
    contentBase64: "`data` of the Secret",
    mode: "`mode` of the item",
    uid: rootFile,
    gid: rootFile,
  },
};
