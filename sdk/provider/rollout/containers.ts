// The containers of a rollout: looked at, started, waited for, stopped. Each on its own host.

import type { ContainerInspect } from "../../docker/types.ts";
import { ErrorCode, SdkError } from "../../errors.ts";
import type { Member } from "../../fleet/rollout.ts";
import { lastLines } from "../container/giveup.ts";
import { passGate } from "../container/ready.ts";
import { defaultGraceMs } from "../container/remove.ts";
import { urnLabel } from "../names.ts";
import type { RolloutInputs } from "./fields.ts";
import type { RolloutHosts } from "./hosts.ts";

export type Found = ReadonlyMap<string, ContainerInspect>;

export const placeWords = ({ name, host }: Member): string =>
  host === "" ? `"${name}"` : `"${name}" on ${host}`;

/** Those of the members that are there, by name. */
export async function findMembers(hosts: RolloutHosts, members: readonly Member[]): Promise<Found> {
  const found = await Promise.all(
    members.map(async ({ name, host }) => {
      const { docker, signal } = hosts.on(host);
      return [name, await docker.containers.inspect(name, { signal })] as const;
    }),
  );
  return new Map(found.flatMap(([name, one]) => (one === undefined ? [] : [[name, one] as const])));
}

export function namesOfRunning(found: Found): ReadonlySet<string> {
  return new Set([...found].filter(([, one]) => one.State.Running).map(([name]) => name));
}

async function sure(hosts: RolloutHosts, member: Member): Promise<ContainerInspect> {
  const { docker } = hosts.on(member.host);
  const found = await docker.containers.inspect(member.name);
  if (found !== undefined) return found;
  throw new SdkError(ErrorCode.Missing, `the container ${placeWords(member)} is not there`, {
    fix: "run `pulumi up --refresh`: it makes the container again",
  });
}

export async function startMembers(hosts: RolloutHosts, members: readonly Member[]): Promise<void> {
  await Promise.all(
    members.map(async (member) => {
      const { docker, signal } = hosts.on(member.host);
      await docker.containers.start((await sure(hosts, member)).Id, { signal });
    }),
  );
}

/** Waits until all are ready; the error has the reason, the host and the last log lines of each. */
export async function gateMembers(
  hosts: RolloutHosts,
  members: readonly Member[],
  inputs: RolloutInputs,
): Promise<void> {
  const outcomes = await Promise.allSettled(
    members.map((member) => gateMember(hosts, member, inputs)),
  );
  const errors = outcomes.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
  if (errors.length === 0) return;
  const words = errors.map((error) => (error instanceof Error ? error.message : String(error)));
  throw new SdkError(ErrorCode.GateFailed, words.join("\n"), { cause: errors[0] });
}

async function gateMember(
  hosts: RolloutHosts,
  member: Member,
  { ready }: RolloutInputs,
): Promise<void> {
  const context = hosts.on(member.host);
  const { docker, machine, overSsh, signal } = context;
  const container = await sure(hosts, member);
  try {
    await passGate(docker, container, ready, {
      machine,
      overSsh,
      signal,
      onProgress: (text) => {
        context.log.progress(`${member.name}: ${text}`);
      },
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const log = await lastLines(context, container.Id);
    throw new SdkError(
      ErrorCode.GateFailed,
      `the container ${placeWords(member)} did not get ready: ${reason}; ${log}`,
      { cause: error },
    );
  }
}

/** Stops them with grace. One that now belongs to another resource is left alone. */
export async function stopMembers(
  hosts: RolloutHosts,
  members: readonly Member[],
  graceMs: number = defaultGraceMs,
): Promise<void> {
  await Promise.all(
    members.map(async ({ name, host }) => {
      const context = hosts.on(host);
      const found = await context.docker.containers.inspect(name);
      if (found?.State.Running !== true) return;
      if (!isOfStack(context.urn, found)) return;
      await context.docker.containers.stop(found.Id, { graceMs });
    }),
  );
}

/** Whether a container is of the rollout's stack: its label names a resource of its own. */
function isOfStack(urn: string, { Config }: ContainerInspect): boolean {
  const [, stack = "", project = ""] = /^urn:pulumi:([^:]+)::([^:]+)::/.exec(urn) ?? [];
  return Config.Labels?.[urnLabel]?.startsWith(`urn:pulumi:${stack}::${project}::`) === true;
}
