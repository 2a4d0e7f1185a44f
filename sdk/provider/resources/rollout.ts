// The change of a service's containers over all hosts and proxies that it is on. It is one resource,
// since the engine can take nothing back: a failure on one host is taken back on all of them. What is
// done, and in which order, is sdk/fleet's; how a proxy is changed is sdk/haproxy's.

import { ErrorCode, SdkError } from "../../errors.ts";
import { describeRolloutStep, planRollout, Strategy } from "../../fleet/rollout.ts";
import { checkRoute } from "../../haproxy/check.ts";
import { leftAt } from "../diff.ts";
import type { Context } from "../resource.ts";
import { defineResource } from "../resource.ts";
import { differencesOf } from "../rollout/drift.ts";
import {
  membersOf,
  type RolloutInputs,
  type RolloutOutputs,
  requestOf,
  rolloutInputs,
  rolloutOutputs,
} from "../rollout/fields.ts";
import { RolloutHosts } from "../rollout/hosts.ts";
import { openProxy, proxyMissing, unroute } from "../rollout/routes.ts";
import { rollOut, routeOptions } from "../rollout/run.ts";
import { hasUnknown, type ValueMap } from "../values.ts";
import { keyOf, specOf } from "./route.ts";

async function withHosts<T>(
  context: Context,
  inputs: RolloutInputs,
  work: (hosts: RolloutHosts) => Promise<T>,
): Promise<T> {
  const hosts = new RolloutHosts(context, inputs.connections as ValueMap | undefined);
  try {
    return await work(hosts);
  } finally {
    hosts.close();
  }
}

/** The order of things in words, for a preview: as if the recorded containers ran and served. */
function announced(inputs: RolloutInputs, old: RolloutInputs | undefined): string {
  const request = requestOf(inputs);
  const former = old === undefined ? [] : membersOf(old);
  const names = new Set(former.map(({ name }) => name));
  const started = request.strategy === Strategy.BlueGreen ? request.wanted : [];
  const running = new Set([...names, ...started.map(({ name }) => name)]);
  const steps = planRollout(request, { former, running, routed: names });
  const through = (inputs.proxies ?? []).map(({ container }) => container).join(", ");
  const words = steps.map((step, index) => {
    const on = step.kind === "route" && through !== "" ? ` through ${through}` : "";
    return `${index + 1}. ${describeRolloutStep(step)}${on}`;
  });
  const gap = steps.findIndex(({ kind, members }) => kind === "route" && members.length === 0);
  const outage = gap < 0 ? [] : [`nobody answers from step ${gap + 1} on until the last one`];
  return `${request.strategy}: ${[...words, ...outage].join("; ")}`;
}

function summary({ drained, cut, moved, durationMs }: RolloutOutputs): string {
  const lost = cut > 0 ? `, ${cut} cut` : "";
  const lasting = moved > 0 ? `, ${moved} long connections moved` : "";
  return `rolled out in ${(durationMs / 1000).toFixed(1)} s, ${drained} requests drained${lasting}${lost}`;
}

async function ensure(
  context: Context,
  inputs: RolloutInputs,
  old: RolloutInputs | undefined,
): Promise<RolloutOutputs> {
  const key = keyOf(context);
  return await withHosts(
    context,
    { ...inputs, connections: allConnections(inputs, old) },
    (hosts) => change(context, hosts, key, inputs, old),
  );
}

/** Hosts that are left are still reached in the way that was recorded. */
const allConnections = (inputs: RolloutInputs, old: RolloutInputs | undefined) => ({
  ...old?.connections,
  ...inputs.connections,
});

/** Begins again where a proxy's next container took over meanwhile: all of it is observed anew. */
async function rollOutAnew(...args: Parameters<typeof rollOut>): Promise<RolloutOutputs> {
  const [context, , , { service }] = args;
  for (let left = 2; ; left -= 1) {
    try {
      return await rollOut(...args);
    } catch (error) {
      const moved = error instanceof SdkError && error.code === ErrorCode.Moved;
      if (!moved || left === 0 || context.signal.aborted) throw error;
      context.log.progress(`${service}: another container of a proxy took over`);
    }
  }
}

async function change(
  context: Context,
  hosts: RolloutHosts,
  key: string,
  inputs: RolloutInputs,
  old: RolloutInputs | undefined,
): Promise<RolloutOutputs> {
  const outputs = await rollOutAnew(context, hosts, key, inputs, old ? membersOf(old) : []);
  const kept = new Set((inputs.proxies ?? []).map(({ dataVolume }) => dataVolume));
  const left = (old?.proxies ?? []).filter(({ dataVolume }) => !kept.has(dataVolume));
  await unroute(hosts, left, key, routeOptions(context, inputs));
  context.log.done(`${inputs.service}: ${summary(outputs)}`);
  if (outputs.cut > 0) {
    context.log.warn(`${outputs.cut} requests did not end within the drain's time and were cut`);
  }
  return outputs;
}

export const rollout = defineResource({
  name: "Rollout",
  doc: "The change of a service's containers, over all hosts and proxies that it is on. New containers have to be ready everywhere before the first request moves, requests move on all proxies or on none, and the old containers are left only when their requests have ended. When a step fails, those that served before serve again.",
  inputs: rolloutInputs,
  outputs: rolloutOutputs,
  check: (values) =>
    (values.proxies ?? []).flatMap(({ sites }, index) =>
      checkRoute(specOf("route", { ...values, sites, servers: [] })).map(
        ({ property, reason }) => ({
          property: property.startsWith("sites") ? `proxies[${index}].${property}` : property,
          reason,
        }),
      ),
    ),
  drift: ({ drift }) => (drift.length > 0 ? leftAt("drift") : []),
  preview: (_values, old) => (old ? { key: old.outputs.key, drift: [] } : {}),
  announce: (inputs, old) =>
    hasUnknown(inputs) ? undefined : announced(inputs as unknown as RolloutInputs, old?.inputs),

  async create(context, inputs) {
    const outputs = await ensure(context, inputs, undefined);
    return { id: outputs.key, outputs };
  },

  async read(context, id, known) {
    if (!known) return undefined;
    const { inputs, outputs } = known;
    const drift = await withHosts(context, inputs, async (hosts) => {
      const found = await Promise.all(
        (inputs.proxies ?? []).map(async (proxy) => ({
          proxy,
          open: await openProxy(hosts, proxy),
        })),
      );
      const opened = found.flatMap(({ open }) => (open ? [open] : []));
      try {
        const away = found.flatMap(({ proxy, open }) =>
          open ? [] : [proxyMissing(proxy).message],
        );
        const differences = await differencesOf(hosts, opened, id, inputs);
        return [...away, ...differences.map(({ words }) => words)];
      } finally {
        await Promise.all(opened.map(({ agent }) => agent.close()));
      }
    });
    return { id, inputs, outputs: { ...outputs, drift } };
  },

  update: (context, _id, old, inputs) => ensure(context, inputs, old.inputs),

  async delete(context, id, { inputs }) {
    await withHosts(context, inputs, (hosts) =>
      unroute(hosts, inputs.proxies ?? [], id, routeOptions(context, inputs)),
    );
  },
});
