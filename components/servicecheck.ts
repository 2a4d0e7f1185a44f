// What can be wrong with a service's arguments, told all at once.

import * as pulumi from "@pulumi/pulumi";
import { isPool } from "./platform.ts";
import { fixedPorts, type ServiceArgs, type ServiceTask } from "./serviceargs.ts";

interface Fault {
  readonly propertyPath: string;
  readonly reason: string;
}

function batchFault({ rollout = {} }: ServiceArgs): readonly Fault[] {
  const { batch, strategy = "blueGreen" } = rollout;
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
function portFault(args: ServiceArgs): readonly Fault[] {
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

function releaseFaults({ tasks = {}, keepReleases = 1 }: ServiceArgs): readonly Fault[] {
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

export function checkService(args: ServiceArgs): void {
  const { port, replicas = 1, routes = [], on, placement, acrossHosts } = args;
  const errors: Fault[] = [...batchFault(args), ...portFault(args), ...releaseFaults(args)];
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
  for (const [propertyPath, value] of Object.entries({ placement, acrossHosts })) {
    if (value === undefined || isPool(on)) continue;
    errors.push({ propertyPath, reason: "is for a pool of hosts; the service is on one daemon" });
  }
  if (errors.length > 0) {
    throw new pulumi.InputPropertiesError({ message: "the service cannot be made", errors });
  }
}
