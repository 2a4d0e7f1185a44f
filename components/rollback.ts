// A service that runs an earlier release: while the stack's configuration has a record of one, that is
// what the service is, in place of its arguments. What it runs on stays the program's: daemons, hosts,
// networks, proxies, and where a replica may be placed.

import * as pulumi from "@pulumi/pulumi";
import { decodeRollbacks, type RollbackRecord, rollbackKey } from "../sdk/rollback.ts";
import type { ImageLike } from "./daemonlike.ts";
import type { PlacementArgs } from "./hostpool.ts";
import { isPerHost, type OnEach } from "./perhost.ts";
import { isPool } from "./platform.ts";
import type { ProxyLike } from "./route.ts";
import { unsealService } from "./seal.ts";
import type { ContainerServiceArgs, ServiceRoute } from "./serviceargs.ts";

/** The release that a service shall run again, where one is asked for. */
export function rollbackOf(service: string): RollbackRecord | undefined {
  const all = decodeRollbacks(pulumi.runtime.getConfig(rollbackKey));
  return Object.hasOwn(all, service) ? all[service] : undefined;
}

/** What every preview says of it. */
export const rollbackWords = (service: string, { release, askedAt }: RollbackRecord): string =>
  `${service} runs release ${release} by a rollback of ${askedAt}; what the program says of it is not used until \`dockwright rollback --clear\``;

function refuse(reason: string): never {
  throw new pulumi.InputPropertyError({ propertyPath: "on", reason });
}

/** The images by id: a tag may be another image's by now, or gone. */
function imageOf(
  { on }: ContainerServiceArgs,
  { release, images, spec }: RollbackRecord,
): OnEach<ImageLike> {
  if (spec.pool !== isPool(on)) {
    const was = spec.pool ? "a pool of hosts" : "one daemon";
    refuse(
      `is no longer ${was}, as when release ${release} ran; run \`dockwright rollback --clear\``,
    );
  }
  if (isPool(on)) {
    const there = images.filter(({ host = "" }) => Object.hasOwn(on.hosts, host));
    if (there.length > 0) {
      return { perHost: Object.fromEntries(there.map((one) => [one.host, { ref: one.imageId }])) };
    }
    refuse(`has no host that holds the images of release ${release}`);
  }
  const [only] = images;
  return only ? { ref: only.imageId } : refuse(`does not hold the image of release ${release}`);
}

/** On a pool, only hosts that hold the images. */
function placementOf(
  args: ContainerServiceArgs,
  image: OnEach<ImageLike>,
): PlacementArgs | undefined {
  const { on, placement } = args;
  if (!isPool(on) || !isPerHost(image)) return placement;
  const holding = Object.keys(image.perHost).sort();
  if (holding.length === Object.keys(on.hosts).length) return placement;
  const rule = { label: "host", oneOf: holding };
  return { ...placement, require: [...(placement?.require ?? []), rule] };
}

const each = <T extends object>(value: OnEach<T>): readonly T[] =>
  isPerHost(value) ? Object.values(value.perHost) : [value];

/** The routes of the record through the proxies of now: the same volume of routes is the same proxy. */
function routesOf(
  now: ContainerServiceArgs,
  then: readonly ServiceRoute[],
): readonly ServiceRoute[] {
  const proxies = [
    ...new Set((now.routes ?? []).flatMap(({ proxy }) => (proxy ? each(proxy) : []))),
  ];
  const today = pulumi.all(proxies.map(({ dataVolume }) => dataVolume));
  const found = new Map<unknown, ProxyLike>();
  const nowOf = (recorded: ProxyLike): ProxyLike => {
    const known = found.get(recorded.dataVolume);
    if (known !== undefined) return known;
    const member = (name: "containerName" | "network") =>
      pulumi
        .all([
          today,
          recorded.dataVolume,
          recorded[name],
          pulumi.all(proxies.map((one) => one[name])),
        ])
        .apply(([volumes, volume, was, names]) => names[volumes.indexOf(volume)] ?? was);
    const proxy = {
      dataVolume: recorded.dataVolume,
      containerName: member("containerName"),
      network: member("network"),
    };
    found.set(recorded.dataVolume, proxy);
    return proxy;
  };
  return then.map(({ proxy, ...route }) =>
    proxy === undefined ? route : { ...route, proxy: onHosts(now, proxy, nowOf) },
  );
}

function onHosts(
  { on }: ContainerServiceArgs,
  proxy: OnEach<ProxyLike>,
  nowOf: (recorded: ProxyLike) => ProxyLike,
): OnEach<ProxyLike> {
  if (!isPerHost(proxy)) return nowOf(proxy);
  const there = Object.entries(proxy.perHost).filter(
    ([host]) => isPool(on) && Object.hasOwn(on.hosts, host),
  );
  return { perHost: Object.fromEntries(there.map(([host, one]) => [host, nowOf(one)])) };
}

/** The arguments of the release, on what the program has now. */
export function restored(args: ContainerServiceArgs, record: RollbackRecord): ContainerServiceArgs {
  const { on, networks, tasks, keepReleases } = args;
  const { networks: _, routes, ...then } = unsealService(record.spec);
  const image = imageOf(args, record);
  const placement = placementOf(args, image);
  return {
    ...then,
    on,
    image,
    ...(networks === undefined ? {} : { networks }),
    ...(placement === undefined ? {} : { placement }),
    ...(tasks === undefined ? {} : { tasks }),
    ...(keepReleases === undefined ? {} : { keepReleases }),
    ...(routes === undefined ? {} : { routes: routesOf(args, routes) }),
  };
}
