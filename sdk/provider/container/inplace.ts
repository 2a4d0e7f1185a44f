// What Docker changes in a container that is there: limits and restart policy by one call, networks
// after the first by attaching and detaching. The plans are pure.
// Engine API 1.41 to 1.45: POST /containers/{id}/update, /networks/{id}/connect, /disconnect.

import type { ContainerInspect, ContainerUpdateBody, HostConfig } from "../../docker/types.ts";
import type { Change } from "../diff.ts";
import type { Context } from "../resource.ts";
import { equalValues, hasUnknown, type Value, type ValueMap } from "../values.ts";
import { lifecycleOptions } from "./lifecycle.ts";
import { limitOptions } from "./limits.ts";
import { type AttachmentValue, endpointSettings, readAttachment } from "./network.ts";
import { type Body, writeOptions } from "./option.ts";
import type { ContainerInputs } from "./options.ts";
import { type Binding, bindingsOf, sameBindings } from "./ports.ts";
import { graceSeconds } from "./process.ts";

const changeable = [
  "Memory",
  "MemorySwap",
  "MemoryReservation",
  "NanoCpus",
  "CpuShares",
  "CpuPeriod",
  "CpuQuota",
  "CpuRealtimePeriod",
  "CpuRealtimeRuntime",
  "CpusetCpus",
  "CpusetMems",
  "BlkioWeight",
  "PidsLimit",
] as const satisfies readonly (keyof HostConfig & keyof ContainerUpdateBody)[];

/** What takes a limit away; of the others, nothing does. */
const lifted: Readonly<Record<string, number>> = { PidsLimit: -1 };

/** The update that makes a container what its inputs say; undefined where it is that already. */
export function planUpdate(
  { HostConfig: live }: Pick<ContainerInspect, "HostConfig">,
  inputs: ContainerInputs,
): ContainerUpdateBody | undefined {
  const wanted: Body = { HostConfig: {} };
  writeOptions({ ...limitOptions, ...lifecycleOptions }, wanted, inputs);
  const body: Record<string, unknown> = {};
  for (const key of changeable) {
    const want = wanted.HostConfig[key];
    const have = live[key];
    if (want !== undefined && want !== have) body[key] = want;
    const limited = typeof have === "number" && have > 0;
    if (want === undefined && limited && lifted[key] !== undefined) body[key] = lifted[key];
  }
  // Docker judges both by each other.
  if ("Memory" in body || "MemorySwap" in body) {
    body["Memory"] = wanted.HostConfig.Memory;
    body["MemorySwap"] = wanted.HostConfig.MemorySwap;
  }
  const { Name = "no", MaximumRetryCount = 0 } = wanted.HostConfig.RestartPolicy ?? {};
  const policy = live.RestartPolicy ?? {};
  if ((policy.Name || "no") !== Name || (policy.MaximumRetryCount ?? 0) !== MaximumRetryCount) {
    body["RestartPolicy"] = { Name, MaximumRetryCount };
  }
  return Object.keys(body).length === 0 ? undefined : body;
}

export type NetworkStep =
  | { readonly kind: "disconnect"; readonly network: string }
  | { readonly kind: "connect"; readonly attachment: AttachmentValue };

/** How a container comes to be on the networks that are declared, and on no other. */
export function planNetworks(
  container: ContainerInspect,
  declared: readonly AttachmentValue[] | undefined,
): readonly NetworkStep[] {
  if (declared === undefined || declared.length === 0) return [];
  const live = container.NetworkSettings.Networks;
  const left = Object.keys(live)
    .filter((network) => !declared.some((item) => item.network === network))
    .map((network): NetworkStep => ({ kind: "disconnect", network }));
  const joined = declared.flatMap((attachment, index): readonly NetworkStep[] => {
    const { network } = attachment;
    const endpoint = live[network];
    if (!endpoint) return [{ kind: "connect", attachment }];
    const now = readAttachment(container, network, endpoint, attachment);
    const same = equalValues(told(now), told(attachment));
    // The first one is as it was made: another replaces the container.
    if (index === 0 || same) return [];
    return [
      { kind: "disconnect", network },
      { kind: "connect", attachment },
    ];
  });
  return [...left, ...joined];
}

/** An attachment without what says nothing. */
function told(attachment: AttachmentValue): Value {
  const kept = Object.entries(attachment).filter(
    ([, value]) => value !== 0 && !(typeof value === "object" && Object.keys(value).length === 0),
  );
  return Object.fromEntries(kept) as Value;
}

/** Makes what can be changed in place what it should be. */
export async function ensureInPlace(
  { docker, signal }: Context,
  container: ContainerInspect,
  inputs: ContainerInputs,
): Promise<void> {
  const body = planUpdate(container, inputs);
  if (body) await docker.containers.update(container.Id, body, { signal });
  for (const step of planNetworks(container, inputs.networks)) {
    if (step.kind === "disconnect") {
      await docker.networks.disconnect(step.network, container.Id, { signal, force: true });
    } else {
      const { attachment } = step;
      const settings = endpointSettings(attachment);
      await docker.networks.connect(attachment.network, container.Id, settings, { signal });
    }
  }
}

/** Undefined where they are not known yet, or were recorded when other forms were allowed. */
function bindingsIn(inputs: ValueMap): readonly Binding[] | undefined {
  if (hasUnknown(inputs["ports"]) || hasUnknown(inputs["publish"])) return undefined;
  try {
    return bindingsOf(inputs);
  } catch {
    return undefined;
  }
}

/** As the Engine keeps a grace. */
function inSeconds(value: Value | undefined): Value | undefined {
  return typeof value === "number" ? graceSeconds(value) : value;
}

/**
 * Ports that are only written in another way are the same; networks are changed in place, except
 * that another first one, or another way to join it, replaces.
 */
export function judgeContainer(
  changes: readonly Change[],
  olds: ValueMap,
  news: ValueMap,
): readonly Change[] {
  const root = ({ property }: Change) => property.split(/[.[]/)[0] ?? "";
  const [before, after] = [bindingsIn(olds), bindingsIn(news)];
  const samePorts = before !== undefined && after !== undefined && sameBindings(before, after);
  const first = changes.some(
    ({ property }) => property === "networks" || property.startsWith("networks[0]"),
  );
  const sameGrace = inSeconds(olds["stopGraceMs"]) === inSeconds(news["stopGraceMs"]);
  const same = new Set([
    ...(samePorts ? ["ports", "publish"] : []),
    ...(sameGrace ? ["stopGraceMs"] : []),
  ]);
  return (
    changes
      .filter((change) => !same.has(root(change)))
      // A container that was adopted need not be replaced to be stopped with grace.
      .map((change) =>
        change.property === "stopGraceMs" && change.kind === "add"
          ? { ...change, replace: false }
          : change,
      )
      .map((change) =>
        first && root(change) === "networks" ? { ...change, replace: true } : change,
      )
  );
}
