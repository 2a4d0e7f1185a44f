// How containers and proxies differ from what a rollout left: for a refresh, and for the last look of
// the rollout itself.

import { routeDrift } from "../../haproxy/observe.ts";
import { readRoute } from "../../haproxy/route.ts";
import { findMembers, placeWords } from "./containers.ts";
import { membersOf, type RolloutInputs } from "./fields.ts";
import type { RolloutHosts } from "./hosts.ts";
import { type OpenProxy, proxyWords, specFor } from "./routes.ts";

/** In words; empty when all is as it was left. */
export async function driftOf(
  hosts: RolloutHosts,
  opened: readonly OpenProxy[],
  key: string,
  inputs: RolloutInputs,
): Promise<readonly string[]> {
  const members = membersOf(inputs);
  const found = await findMembers(hosts, members);
  const asleep = members.filter(({ name }) => found.get(name)?.State.Running !== true);
  if (asleep.length > 0) {
    return asleep.map((member) => `the container ${placeWords(member)} does not run`);
  }
  const drifts = await Promise.all(
    opened.map(async ({ agent, proxy }) => {
      const spec = specFor(key, proxy, members, { inputs, found });
      const observed = await readRoute(agent, key);
      return routeDrift(observed, spec).map((words) => `${proxyWords(proxy)}: ${words}`);
    }),
  );
  return drifts.flat();
}
