// How containers and proxies differ from what a rollout left: for a refresh, and for the last look of
// the rollout itself.

import { setTimeout as sleep } from "node:timers/promises";
import { type RouteDifference, routeDifferences } from "../../haproxy/observe.ts";
import { readRoute } from "../../haproxy/route.ts";
import { findMembers, placeWords } from "./containers.ts";
import { membersOf, type RolloutInputs } from "./fields.ts";
import type { RolloutHosts } from "./hosts.ts";
import { type OpenProxy, proxyWords, specFor } from "./routes.ts";

const pauseMs = 100;

/**
 * Empty when all is as it was left. Containers come first: a proxy's word on one that does not run is
 * no news.
 */
export async function differencesOf(
  hosts: RolloutHosts,
  opened: readonly OpenProxy[],
  key: string,
  inputs: RolloutInputs,
): Promise<readonly RouteDifference[]> {
  const members = membersOf(inputs);
  const found = await findMembers(hosts, members);
  const asleep = members.filter(({ name }) => found.get(name)?.State.Running !== true);
  if (asleep.length > 0) {
    return asleep.map((member) => ({
      words: `the container ${placeWords(member)} does not run`,
      isCheck: false,
    }));
  }
  const perProxy = await Promise.all(
    opened.map(async ({ agent, proxy }) => {
      const spec = specFor(key, proxy, members, { inputs, found });
      return routeDifferences(await readRoute(agent, key), spec).map(({ words, isCheck }) => ({
        words: `${proxyWords(proxy)}: ${words}`,
        isCheck,
      }));
    }),
  );
  return perProxy.flat();
}

/**
 * The last look of a rollout. A server that a proxy holds for down is looked at again, as long as
 * nothing else is wrong: one that was started again takes the blame for connections that were on
 * their way to it while it was away, until the proxy's next check of it.
 */
export async function lastLook(
  look: () => Promise<readonly RouteDifference[]>,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal?: AbortSignal },
): Promise<readonly string[]> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const found = await look();
    const mayPass = found.length > 0 && found.every(({ isCheck }) => isCheck);
    if (!mayPass || performance.now() >= deadline || signal?.aborted === true) {
      return found.map(({ words }) => words);
    }
    await sleep(pauseMs);
  }
}
