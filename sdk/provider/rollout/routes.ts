// The routes of a rollout: which proxy sends requests to which container, and under which address.
// A container on the proxy's own host is reached by its name on their network; one on another host at
// the port that it publishes there.

import type { ContainerInspect } from "../../docker/types.ts";
import { ErrorCode, SdkError } from "../../errors.ts";
import type { Member } from "../../fleet/rollout.ts";
import { ensureRoutes, readServers, removeRoute } from "../../haproxy/route.ts";
import type {
  Agent,
  ApplyOptions,
  RouteResult,
  RouteSpec,
  ServerSpec,
} from "../../haproxy/types.ts";
import { openActive } from "../proxy.ts";
import { specOf } from "../resources/route.ts";
import { type Found, findMembers, placeWords } from "./containers.ts";
import type { RolloutInputs, RolloutProxy } from "./fields.ts";
import type { RolloutHosts } from "./hosts.ts";
import { sharesOf, slowestAnswerMs, verify } from "./verify.ts";

export interface OpenProxy {
  readonly proxy: RolloutProxy;
  readonly agent: Agent;
}

/** An agent in a proxy's container; undefined where that does not run. */
export async function openProxy(
  hosts: RolloutHosts,
  proxy: RolloutProxy,
): Promise<OpenProxy | undefined> {
  const { container, dataVolume } = proxy;
  const agent = await openActive(hosts.on(proxy.host), { proxy: container, dataVolume });
  if (agent === undefined) return undefined;
  return { proxy, agent };
}

/** A proxy in messages. */
export const proxyWords = ({ container, host }: RolloutProxy): string =>
  `the proxy "${container}"${host === undefined ? "" : ` on ${host}`}`;

export function proxyMissing(proxy: RolloutProxy): SdkError {
  return new SdkError(ErrorCode.Missing, `${proxyWords(proxy)} does not run`, {
    fix: "run `pulumi up --refresh`: it starts or makes the proxy again",
  });
}

/** Agents in all proxies, or none: a rollout does not begin where one of them is away. */
export async function openProxies(
  hosts: RolloutHosts,
  proxies: readonly RolloutProxy[],
): Promise<readonly OpenProxy[]> {
  const outcomes = await Promise.allSettled(proxies.map((proxy) => openProxy(hosts, proxy)));
  const opened = outcomes.flatMap((one) =>
    one.status === "fulfilled" && one.value !== undefined ? [one.value] : [],
  );
  if (opened.length === proxies.length) return opened;
  await Promise.all(opened.map(({ agent }) => agent.close()));
  const broken = outcomes.find((one) => one.status === "rejected");
  if (broken !== undefined) throw (broken as PromiseRejectedResult).reason;
  const away = outcomes.findIndex((one) => one.status === "fulfilled" && one.value === undefined);
  throw proxyMissing(proxies[away] as RolloutProxy);
}

/** Where a proxy reaches a container. */
function serverOf(
  proxy: RolloutProxy,
  member: Member,
  container: ContainerInspect,
  { port, addresses = {} }: RolloutInputs,
): ServerSpec {
  const { name, host } = member;
  if (host === (proxy.host ?? "")) {
    const address = container.NetworkSettings.Networks[proxy.network]?.IPAddress;
    if (address) return { name, host: name, address, port };
    throw new SdkError(
      ErrorCode.BadInput,
      `the container ${placeWords(member)} has no address on ${proxy.network}, the network of ${proxyWords(proxy)}`,
      { fix: "give the service that network" },
    );
  }
  const address = addresses[host];
  const bindings = container.NetworkSettings.Ports?.[`${port}/tcp`] ?? [];
  const published = bindings.find(({ HostIp = "" }) => !HostIp.includes(":"))?.HostPort;
  if (address !== undefined && published !== undefined) {
    return { name, host: address, address, port: Number(published) };
  }
  const lacks = address === undefined ? "its host has no address" : `it does not publish ${port}`;
  throw new SdkError(
    ErrorCode.BadInput,
    `${proxyWords(proxy)} cannot reach the container ${placeWords(member)}: ${lacks}`,
    { fix: "give the pool's hosts addresses at which they reach each other" },
  );
}

/** The route to these containers, as one proxy has it. Only those that it can reach count. */
export function specFor(
  key: string,
  proxy: RolloutProxy,
  members: readonly Member[],
  { inputs, found }: { readonly inputs: RolloutInputs; readonly found: Found },
): RouteSpec {
  const reached = inputs.addresses === undefined ? members.filter(isOn(proxy)) : members;
  const servers = reached.flatMap((member) => {
    const container = found.get(member.name);
    return container === undefined ? [] : [serverOf(proxy, member, container, inputs)];
  });
  return { ...specOf(key, { ...inputs, sites: proxy.sites, servers: [] }), servers };
}

const isOn =
  ({ host = "" }: RolloutProxy) =>
  (member: Member): boolean =>
    member.host === host;

/** Locks are taken in the order of these: the volume is the same name to every stack. */
const nameOf = ({ dataVolume, container }: RolloutProxy): string => `${dataVolume} ${container}`;

/** Sends the requests to exactly these, on all proxies, or on none. */
export async function routeTo(
  hosts: RolloutHosts,
  opened: readonly OpenProxy[],
  members: readonly Member[],
  {
    key,
    inputs,
    options,
  }: { readonly key: string; readonly inputs: RolloutInputs; readonly options: ApplyOptions },
): Promise<readonly RouteResult[]> {
  if (opened.length === 0) return [];
  const found = await findMembers(hosts, members);
  const targets = opened.map((open) => {
    const spec = specFor(key, open.proxy, members, { inputs, found });
    return { open, agent: open.agent, spec, name: nameOf(open.proxy) };
  });
  const shares = sharesOf(targets.map(({ spec }) => spec));
  const slowest = new Map<string, number>();
  return await ensureRoutes(targets, {
    ...options,
    reached: async (stage, name) => {
      const index = targets.findIndex((one) => one.name === name);
      const target = targets[index];
      if (target === undefined) return;
      const { open, agent, spec } = target;
      if (stage === "gated") slowest.set(name, await slowestAnswerMs(agent, spec));
      else {
        const asked = { agent, port: open.proxy.port, words: proxyWords(open.proxy) };
        const share = shares[index] ?? 0;
        await verify(asked, spec, { slowestMs: slowest.get(name) ?? 0, share });
      }
    },
  });
}

/** The names of the containers that a proxy's file sends requests to. */
export async function routedNames(
  opened: readonly OpenProxy[],
  key: string,
): Promise<ReadonlySet<string>> {
  const perProxy = await Promise.all(opened.map(({ agent }) => readServers(agent, key)));
  return new Set(perProxy.flat().map(({ name }) => name));
}

/** Takes the route away from proxies that are there; one that is gone has none. */
export async function unroute(
  hosts: RolloutHosts,
  proxies: readonly RolloutProxy[],
  key: string,
  options: ApplyOptions,
): Promise<void> {
  await Promise.all(
    proxies.map(async (proxy) => {
      const open = await openProxy(hosts, proxy);
      if (open === undefined) return;
      try {
        await removeRoute(open.agent, key, options);
      } finally {
        await open.agent.close();
      }
    }),
  );
}
