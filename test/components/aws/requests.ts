// The requests that the provider makes of a graph's resources, in the words of AWS's APIs: as it maps
// its own members, so that AWS's own rules can be asked about them.

import { ofType, type Registered } from "../../../sdk/testing/recorder.ts";

type Map = { readonly [name: string]: unknown };

export interface Request {
  readonly resource: string;
  readonly service: string;
  readonly operation: string;
  readonly params: Map;
}

const given = (value: Map): Map =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined));

function volumeOf({ name, hostPath, efsVolumeConfiguration, ...rest }: Map): Map {
  const host = hostPath === undefined ? undefined : { sourcePath: hostPath };
  return given({ name, host, efsVolumeConfiguration, ...rest });
}

function taskOf({ inputs, name }: Registered): Request {
  const {
    containerDefinitions,
    volumes = [],
    skipDestroy: _,
    tags,
    ephemeralStorage: disk,
    ...rest
  } = inputs;
  const params = given({
    ...rest,
    containerDefinitions: JSON.parse(String(containerDefinitions)) as unknown,
    ephemeralStorage: disk && { sizeInGiB: (disk as Map)["sizeInGib"] },
    volumes: (volumes as readonly Map[]).map(volumeOf),
    tags: tagsOf(tags),
  });
  return { resource: name, service: "ecs", operation: "RegisterTaskDefinition", params };
}

function tagsOf(tags: unknown) {
  if (tags === undefined) return undefined;
  return Object.entries(tags as Map).map(([key, value]) => ({ key, value }));
}

/** What is the provider's own, or of the same meaning under another name. */
function serviceOf({ inputs, name }: Registered): Request {
  const {
    name: serviceName = name,
    waitForSteadyState: _w,
    forceNewDeployment: _f,
    capacityProviderStrategies,
    networkConfiguration,
    deploymentCircuitBreaker,
    deploymentConfiguration = {},
    deploymentMaximumPercent,
    deploymentMinimumHealthyPercent,
    enableEcsManagedTags,
    serviceConnectConfiguration,
    tags,
    ...rest
  } = inputs;
  const { bakeTimeInMinutes, ...strategy } = deploymentConfiguration as Map;
  const network = networkConfiguration as Map;
  const connect = serviceConnectConfiguration as { readonly services: readonly Map[] };
  const params = given({
    ...rest,
    serviceName,
    capacityProviderStrategy: capacityProviderStrategies,
    enableECSManagedTags: enableEcsManagedTags,
    networkConfiguration: {
      awsvpcConfiguration: {
        ...network,
        assignPublicIp: network["assignPublicIp"] === true ? "ENABLED" : "DISABLED",
      },
    },
    deploymentConfiguration: given({
      ...strategy,
      bakeTimeInMinutes: bakeTimeInMinutes === undefined ? undefined : Number(bakeTimeInMinutes),
      deploymentCircuitBreaker,
      maximumPercent: deploymentMaximumPercent,
      minimumHealthyPercent: deploymentMinimumHealthyPercent,
    }),
    serviceConnectConfiguration: {
      ...connect,
      services: connect.services.map(({ clientAlias, ...one }) => ({
        ...one,
        clientAliases: clientAlias,
      })),
    },
    tags: tagsOf(tags),
  });
  return { resource: name, service: "ecs", operation: "CreateService", params };
}

function providerOf({ inputs, name: resource }: Registered): Request {
  const { name = resource, autoScalingGroupProvider } = inputs;
  const params = { name, autoScalingGroupProvider };
  return { resource, service: "ecs", operation: "CreateCapacityProvider", params };
}

/** The requests of a graph, that rules are known for. */
export function requestsOf(all: readonly Registered[]): readonly Request[] {
  return [
    ...ofType(all, "TaskDefinition").map(taskOf),
    ...all.filter(({ type }) => type === "aws:ecs/service:Service").map(serviceOf),
    ...ofType(all, "CapacityProvider").map(providerOf),
  ];
}
