// A service's spec as a service of a swarm, with its secrets and configs, and routes to its nodes. What
// Swarm does with each member is told in platforms/swarm.ts.

import * as pulumi from "@pulumi/pulumi";
import type { SwarmPlacementArgs } from "../sdk/resources/swarmservice.ts";
import type { FileUploadArgs } from "../sdk/resources/types.ts";
import type { NetworkLike } from "./daemonlike.ts";
import type { PlacementArgs } from "./hostpool.ts";
import { isPerHost } from "./perhost.ts";
import type { ServiceRequest, ServiceRun } from "./platform.ts";
import { present } from "./present.ts";
import { checkOf, fixedPorts, type ServiceSpec } from "./serviceargs.ts";
import type { SwarmLike, SwarmNodeArgs } from "./swarmcluster.ts";
import { SwarmConfig, SwarmSecret } from "./swarmdata.ts";
import { SwarmRoute } from "./swarmroute.ts";
import { SwarmService, type SwarmServiceArgs } from "./swarmservice.ts";

/** The swarm that the service runs in. */
export interface SwarmParts extends SwarmLike {
  readonly nodes: { readonly [name: string]: SwarmNodeArgs };
}

/** How long a task serves before the next one is exchanged: the proxies have seen it by then. */
const pauseMs = 3000;

function refuse(propertyPath: string, reason: string): never {
  throw new pulumi.InputPropertyError({ propertyPath, reason });
}

type LabelRules = NonNullable<PlacementArgs["require"]>;

function constraintsOf(rules: LabelRules): readonly string[] {
  return rules.map(({ label, equals, oneOf, not, exists }, index) => {
    const path = `placement.require[${index}]`;
    const name = `node.labels.${label}`;
    if (label === "host")
      refuse(path, "is by the host's name; give the node a label, and require it");
    if (oneOf !== undefined || exists !== undefined) {
      refuse(path, "is more than Swarm's constraints can say; the nearest thing is equals or not");
    }
    if (equals !== undefined) return `${name}==${equals}`;
    return not === undefined ? refuse(path, "says nothing; give equals or not") : `${name}!=${not}`;
  });
}

function placementOf({ placement = {}, routes = [] }: ServiceSpec): SwarmPlacementArgs | undefined {
  const { require = [], spread, onePerHost } = placement;
  const single = onePerHost === true && routes.length === 0;
  const found = present({
    constraints: require.length === 0 ? undefined : constraintsOf(require),
    spread: spread?.map((label) => `node.labels.${label}`),
    maxPerNode: single ? 1 : undefined,
  });
  return Object.keys(found).length === 0 ? undefined : (found as SwarmPlacementArgs);
}

function networksOf({ networks = [] }: ServiceSpec): readonly NetworkLike[] {
  return networks.map((one, index) =>
    isPerHost(one) ? refuse(`networks[${index}]`, "is one of each host; give an Overlay") : one,
  );
}

function mountsOf({ volumes = [], mounts = [] }: ServiceSpec) {
  const made = volumes.map(({ volume, hostPath, target, readOnly }, index) => {
    const rest = present({ target, readOnly });
    if (hostPath !== undefined) return { type: "bind" as const, source: hostPath, ...rest };
    if (volume === undefined || isPerHost(volume)) {
      const reason = "is not one name for all nodes; give { volume: { volumeName: NAME } }";
      return refuse(`volumes[${index}]`, reason);
    }
    return { source: volume.volumeName, ...rest };
  });
  return [...made, ...mounts];
}

/** Ports of the nodes themselves: they need no IPVS in the nodes' kernels. */
function portsOf(spec: ServiceSpec) {
  const list = Array.isArray(spec.ports) ? (spec.ports as readonly object[]) : [];
  const fixed = fixedPorts(spec);
  if (spec.ports !== undefined && fixed.length !== list.length) {
    refuse(
      "ports",
      "is not plain, or has one without hostPort; on Swarm give each port its hostPort",
    );
  }
  return fixed.map(({ hostPort, index }) => {
    const { containerPort, protocol } = list[index] as { containerPort: number; protocol?: "tcp" };
    return present({
      mode: "host" as const,
      publishedPort: hostPort,
      port: containerPort,
      protocol,
    });
  });
}

/** The members of `secrets` and `files`, which have to be known by name. */
function namedIn<T>(propertyPath: string, value: unknown): readonly (readonly [string, T])[] {
  if (value === undefined) return [];
  if (pulumi.Output.isInstance(value) || value instanceof Promise) {
    refuse(
      propertyPath,
      "is an output as a whole; on Swarm give a plain map, whose values may be outputs",
    );
  }
  return Object.entries(value as { readonly [name: string]: T });
}

const textOf = (value: pulumi.Input<number> | undefined) =>
  value === undefined ? undefined : pulumi.output(value).apply(String);

/** Secrets and files, each an object of the swarm that is named by its content. */
function dataOf(on: SwarmLike, { name, spec, parent }: ServiceRequest) {
  const own = { parent };
  const given = namedIn<pulumi.Input<string>>("secrets", spec.secrets);
  const files = namedIn<FileUploadArgs>("files", spec.files).map(([path, { content, ...file }]) => {
    const at = `files[${JSON.stringify(path)}]`;
    const data = content ?? refuse(at, "has no content; on Swarm a file is text: give content");
    return { path, data, ...file };
  });
  const secrets = given.map(([target, data]) => ({
    secret: new SwarmSecret(`${name}-${target}`, { on, data }, own),
    target,
  }));
  const configs = files.map(({ path, data, mode, uid, gid }) => {
    const label = path.replaceAll(/[^\w.-]+/g, "-").replace(/^-/, "");
    const config = new SwarmConfig(`${name}-${label}`, { on, data }, own);
    return { config, target: path, ...present({ mode, uid: textOf(uid), gid: textOf(gid) }) };
  });
  return { secrets, configs };
}

/** How tasks are exchanged: one after the other with a pause where proxies watch them. */
function updateOf({ rollout = {}, routes = [], replicas = 1 }: ServiceSpec) {
  const { strategy = "rolling", batch = 1 } = rollout;
  if (strategy === "blueGreen") {
    refuse(
      "rollout.strategy",
      "is blueGreen, which Swarm does not have; the nearest thing is rolling",
    );
  }
  if (typeof batch === "string") {
    refuse("rollout.batch", `is a share, ${batch}; on Swarm give a number of tasks`);
  }
  if (strategy === "recreate") {
    return { parallelism: Math.max(1, replicas), order: "stop-first" as const };
  }
  return present({ parallelism: batch, delayMs: routes.length === 0 ? undefined : pauseMs });
}

function restartOf({ restart, restartMaxRetries }: ServiceSpec) {
  if (restart === undefined && restartMaxRetries === undefined) return undefined;
  const condition = pulumi
    .output(restart)
    .apply((one) => (one === "no" ? "none" : one === "on-failure" ? one : "any"));
  return { condition, ...present({ maxAttempts: restartMaxRetries }) };
}

function envOf({ env, secretEnv }: ServiceSpec) {
  if (secretEnv === undefined) return env;
  return pulumi.all([env, pulumi.secret(secretEnv)]).apply(([all, more]) => ({ ...all, ...more }));
}

/** The members that mean the same, under Swarm's names. */
function plainOf(spec: ServiceSpec) {
  const { command, entrypoint, workingDir, user, hostname, init, stopSignal, stopGraceMs } = spec;
  const { healthCheck, capAdd, capDrop, readOnly, sysctls, extraHosts, labels, logging } = spec;
  const { cpus, memoryBytes, memoryReservationBytes, pidsLimit } = spec;
  const limits = present({ cpus, memoryBytes, pids: pidsLimit });
  const log = logging === undefined ? undefined : pulumi.output(logging);
  return present({
    ...{ command, entrypoint, workingDir, user, hostname, init, stopSignal, stopGraceMs },
    ...{ healthCheck, capAdd, capDrop, readOnly, sysctls, extraHosts },
    containerLabels: labels,
    env: envOf(spec),
    limits: Object.keys(limits).length === 0 ? undefined : limits,
    reservations:
      memoryReservationBytes === undefined ? undefined : { memoryBytes: memoryReservationBytes },
    restart: restartOf(spec),
    placement: placementOf(spec),
    update: updateOf(spec),
    logDriver: log?.apply(({ driver }) => driver ?? "json-file"),
    logOptions: log?.apply(({ options }) => options ?? {}),
  });
}

/** The nodes that the labels allow: with a route, each of them has a task, and has to answer. */
function nodesOf(on: SwarmParts, { placement = {} }: ServiceSpec): SwarmParts["nodes"] {
  const fits = ([, { labels = {} }]: readonly [string, SwarmNodeArgs]) =>
    (placement.require ?? []).every(({ label, equals, not }) => {
      const value = labels[label];
      return equals === undefined ? value !== not : value === equals;
    });
  return Object.fromEntries(Object.entries(on.nodes).filter(fits));
}

/** The port of the nodes at which proxies reach the tasks. */
function routedPort(spec: ServiceSpec): number {
  const found = portsOf(spec).find(({ port }) => port === spec.port);
  if (found !== undefined) return found.publishedPort;
  return refuse(
    "ports",
    `has no port of the nodes for ${spec.port}, which routes need on Swarm; give { containerPort: ${spec.port}, hostPort: ... }`,
  );
}

/** What its routes are: refused before anything is made, made once the service is there. */
function routesOf(on: SwarmParts, { name, spec }: ServiceRequest) {
  const { routes = [], rollout = {}, health } = spec;
  const { strategy: _s, batch: _b, ...options } = rollout;
  const to = { nodes: nodesOf(on, spec), ...options, ...checkOf(health) };
  return routes.flatMap(({ proxy, host, path }, index) => {
    const propertyPath = `routes[${index}].proxy`;
    if (proxy === undefined || !isPerHost(proxy)) {
      const reason = "is not one of each node; give cluster.each((daemon, node) => new Proxy(...))";
      return refuse(propertyPath, reason);
    }
    const site = path === undefined ? { host } : { host, path };
    const port = routedPort(spec);
    return Object.entries(proxy.perHost).map(([node, one]) => {
      const found = on.nodes[node] ?? refuse(propertyPath, `has ${node}, which is no node`);
      const args = { daemon: found.daemon, proxy: one, port, ...site, ...to };
      return { id: `${name}-${node}-${index + 1}`, args };
    });
  });
}

/** Makes what runs a service of a swarm. */
export function runOnSwarm(on: SwarmParts, request: ServiceRequest): ServiceRun {
  const { name, spec, parent } = request;
  const { routes = [], replicas } = spec;
  const isRouted = routes.length > 0;
  if (isRouted && replicas !== undefined) {
    const reason = `is ${replicas}, and a service with routes has one task on each node; leave it out, or narrow the nodes by placement.require`;
    refuse("replicas", reason);
  }
  const ports = portsOf(spec);
  const mounts = mountsOf(spec);
  const networks = networksOf(spec);
  const plain = plainOf(spec);
  const ways = routesOf(on, request);
  const { secrets, configs } = dataOf(on, request);
  const args: SwarmServiceArgs = {
    ...plain,
    on,
    image: spec.image,
    ...(isRouted ? { mode: "global" } : { replicas: replicas ?? 1 }),
    // Every kernel has it: its name leads to all tasks in turn.
    endpointMode: "dnsrr",
    ...(networks.length === 0 ? {} : { networks }),
    ...(ports.length === 0 ? {} : { ports }),
    ...(mounts.length === 0 ? {} : { mounts }),
    ...(secrets.length === 0 ? {} : { secrets }),
    ...(configs.length === 0 ? {} : { configs }),
  };
  const service = new SwarmService(`${name}-swarm`, args, { parent });
  for (const { id, args: way } of ways) new SwarmRoute(id, { ...way, service }, { parent });
  return {
    names: service.serviceName.apply((one) => [one]),
    endpoints: service.serviceName.apply((one) => [`${one}:${spec.port}`]),
  };
}
