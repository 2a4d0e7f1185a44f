// What can be wrong with a service's arguments, told all at once.

import * as pulumi from "@pulumi/pulumi";
import { isPerHost } from "./perhost.ts";
import { type ClusterKind, isPool } from "./platform.ts";
import { clusterNames, unsupportedBy } from "./platforms/support.ts";
import {
  type ContainerServiceArgs,
  fixedPorts,
  type ServiceAutoscale,
  type ServiceSpec,
  type ServiceTask,
} from "./serviceargs.ts";

interface Fault {
  readonly propertyPath: string;
  readonly reason: string;
}

type Strategy = "blueGreen" | "rolling" | "recreate";

/** `usual` is the strategy where none is given. */
function batchFault({ rollout = {} }: ServiceSpec, usual: Strategy): readonly Fault[] {
  const { batch, strategy = usual } = rollout;
  if (batch === undefined) return [];
  const propertyPath = "rollout.batch";
  if (strategy !== "rolling") {
    return [{ propertyPath, reason: `is given with ${strategy}; only rolling goes in batches` }];
  }
  const share = typeof batch === "string" ? /^([1-9]\d?|100)%$/.test(batch) : batch >= 1;
  if (share && (typeof batch === "string" || Number.isInteger(batch))) return [];
  return [{ propertyPath, reason: `is ${batch}; write a number from 1, or a share such as "25%"` }];
}

/** Host ports: a second container cannot have one while the first runs. */
function portFault(args: ContainerServiceArgs): readonly Fault[] {
  const { replicas = 1, rollout = {}, on } = args;
  return fixedPorts(args).flatMap(({ index }) => {
    const propertyPath = `ports[${index}].hostPort`;
    if (rollout.strategy !== "recreate") {
      const reason =
        'is a fixed port of the host, which the old and the new container cannot both have; leave it out and give the service a route, or take rollout: { strategy: "recreate" }, with its outage';
      return [{ propertyPath, reason }];
    }
    if (replicas <= 1 || isPool(on)) return [];
    return [{ propertyPath, reason: `is one port of one host, for ${replicas} replicas` }];
  });
}

function releaseFaults({ tasks = {}, keepReleases = 1 }: ServiceSpec): readonly Fault[] {
  const faults = Object.entries(tasks).flatMap(([when, list = []]) => {
    const names = (list as readonly ServiceTask[]).map(({ name }) => name);
    return names.flatMap((name, index) =>
      names.indexOf(name) === index
        ? []
        : [{ propertyPath: `tasks.${when}[${index}].name`, reason: `is "${name}" a second time` }],
    );
  });
  if (Number.isInteger(keepReleases) && keepReleases >= 1) return faults;
  const reason = `is ${keepReleases}; write a whole number from 1`;
  return [...faults, { propertyPath: "keepReleases", reason }];
}

/** What is wrong wherever the service runs. */
function commonFaults(spec: ServiceSpec, usual: Strategy): readonly Fault[] {
  const { port, replicas = 1, routes = [] } = spec;
  const errors: Fault[] = [...batchFault(spec, usual)];
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    errors.push({ propertyPath: "port", reason: `is ${port}; write a port, 1 to 65535` });
  }
  if (!Number.isInteger(replicas) || replicas < 0) {
    errors.push({ propertyPath: "replicas", reason: `is ${replicas}; write 0 or more` });
  }
  routes.forEach(({ host, path }, index) => {
    if (host === "") errors.push({ propertyPath: `routes[${index}].host`, reason: "is empty" });
    if (path !== undefined && !path.startsWith("/")) {
      const reason = `is "${path}"; begin it with a slash`;
      errors.push({ propertyPath: `routes[${index}].path`, reason });
    }
  });
  return errors;
}

function refuse(errors: readonly Fault[]): void {
  if (errors.length === 0) return;
  throw new pulumi.InputPropertiesError({
    message: "the service cannot be made",
    errors: [...errors],
  });
}

/** What a daemon and a pool cannot do. */
function containerFaults(args: ContainerServiceArgs): readonly Fault[] {
  const { on, placement, acrossHosts, autoscale, routes = [] } = args;
  const errors: Fault[] = routes.flatMap(({ proxy }, index) => {
    const reason = "is missing; give a Proxy: only a cluster has an ingress of its own";
    return proxy === undefined ? [{ propertyPath: `routes[${index}].proxy`, reason }] : [];
  });
  if (autoscale !== undefined) {
    const reason = "is for a cluster; on a daemon and a pool the nearest thing is replicas";
    errors.push({ propertyPath: "autoscale", reason });
  }
  for (const [propertyPath, value] of Object.entries({ placement, acrossHosts })) {
    if (value === undefined || isPool(on)) continue;
    errors.push({ propertyPath, reason: "is for a pool of hosts; the service is on one daemon" });
  }
  return errors;
}

export function checkService(args: ContainerServiceArgs): void {
  refuse([
    ...commonFaults(args, "blueGreen"),
    ...portFault(args),
    ...releaseFaults(args),
    ...containerFaults(args),
  ]);
}

function scaleFaults({ min, max, cpuPercent, memoryPercent }: ServiceAutoscale): readonly Fault[] {
  const errors: Fault[] = [];
  if (!Number.isInteger(min) || min < 1) {
    errors.push({
      propertyPath: "autoscale.min",
      reason: `is ${min}; write a whole number from 1`,
    });
  }
  if (!Number.isInteger(max) || max < min) {
    errors.push({ propertyPath: "autoscale.max", reason: `is ${max}; write ${min} or more` });
  }
  for (const [member, value] of Object.entries({ cpuPercent, memoryPercent })) {
    if (value === undefined || (value >= 1 && value <= 100)) continue;
    const reason = `is ${value}; write a share in percent, 1 to 100`;
    errors.push({ propertyPath: `autoscale.${member}`, reason });
  }
  return errors;
}

/** What is wrong with a spec for a cluster. What its own rules say of values, it tells itself. */
export function checkCluster(kind: ClusterKind, spec: ServiceSpec): void {
  const { image, routes = [], autoscale } = spec;
  const errors: Fault[] = [...commonFaults(spec, "rolling"), ...unsupportedBy(kind, spec)];
  if (isPerHost(image) && kind !== "swarm") {
    const reason = `is for the hosts of a pool, and ${clusterNames[kind]} takes one; give one`;
    errors.push({ propertyPath: "image", reason });
  }
  routes.forEach(({ proxy }, index) => {
    if (proxy === undefined || kind === "swarm") return;
    const reason = `is not possible on ${clusterNames[kind]}; leave it out: the cluster's ingress answers`;
    errors.push({ propertyPath: `routes[${index}].proxy`, reason });
  });
  const scales = errors.every(({ propertyPath }) => propertyPath !== "autoscale");
  if (autoscale !== undefined && scales) errors.push(...scaleFaults(autoscale));
  refuse(errors);
}
