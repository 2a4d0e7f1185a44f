// Carries a rollout out: what is there is observed, the steps are planned, each is done. When one
// fails, the containers that served before serve again, on all hosts, and the error says so. At the
// end it is looked whether what runs is what was planned.

import { describeError, ErrorCode, SdkError } from "../../errors.ts";
import {
  describeRolloutStep,
  type Member,
  planBack,
  planRollout,
  type RolloutState,
  type RolloutStep,
  Strategy,
} from "../../fleet/rollout.ts";
import { moveTimeoutMs } from "../../haproxy/apply.ts";
import type { ApplyOptions } from "../../haproxy/types.ts";
import type { Context } from "../resource.ts";
import {
  findMembers,
  gateMembers,
  namesOfRunning,
  startMembers,
  stopMembers,
} from "./containers.ts";
import { differencesOf, lastLook } from "./drift.ts";
import { membersOf, type RolloutInputs, type RolloutOutputs, requestOf } from "./fields.ts";
import type { RolloutHosts } from "./hosts.ts";
import { type OpenProxy, openProxies, routedNames, routeTo } from "./routes.ts";

interface Run {
  readonly context: Context;
  readonly hosts: RolloutHosts;
  readonly key: string;
  readonly inputs: RolloutInputs;
  readonly opened: readonly OpenProxy[];
  readonly counts: { drained: number; cut: number; moved: number };
  readonly done: string[];
}

export function routeOptions(context: Context, inputs: RolloutInputs): ApplyOptions {
  const { drainTimeoutMs, gateTimeoutMs } = inputs;
  return {
    signal: context.signal,
    log: (line) => {
      context.log.progress(`${inputs.service}: ${line}`);
    },
    ...(drainTimeoutMs === undefined ? {} : { drainTimeoutMs }),
    ...(gateTimeoutMs === undefined ? {} : { gateTimeoutMs }),
  };
}

async function observe(run: Run, former: readonly Member[]): Promise<RolloutState> {
  const all = [...former, ...membersOf(run.inputs)];
  const [found, routed] = await Promise.all([
    findMembers(run.hosts, all),
    routedNames(run.opened, run.key),
  ]);
  const running = namesOfRunning(found);
  return {
    former: former.filter(({ name }) => found.has(name)),
    running,
    routed: run.opened.length === 0 ? running : routed,
  };
}

async function perform(run: Run, { kind, members }: RolloutStep): Promise<void> {
  const { context, hosts, key, inputs, opened, counts } = run;
  switch (kind) {
    case "start":
      return await startMembers(hosts, members);
    case "gate":
      return await gateMembers(hosts, members, inputs);
    case "stop":
      return await stopMembers(hosts, members, inputs.stopGraceMs);
    case "route": {
      const options = routeOptions(context, inputs);
      for (const result of await routeTo(hosts, opened, members, { key, inputs, options })) {
        counts.drained += result.drained;
        counts.cut += result.cut;
        counts.moved += result.moved;
      }
    }
  }
}

async function performAll(run: Run, steps: readonly RolloutStep[]): Promise<void> {
  for (const step of steps) {
    const words = describeRolloutStep(step);
    run.context.log.progress(`${run.inputs.service}: ${words}`);
    await perform(run, step);
    run.done.push(words);
  }
}

/** The way back. It is gone to the end after a cancel too: whoever served before must serve again. */
async function goBack(run: Run, state: RolloutState, error: unknown): Promise<never> {
  const { inputs, context } = run;
  const code = error instanceof SdkError ? error.code : ErrorCode.Refused;
  const fix = error instanceof SdkError ? error.fix : undefined;
  const message = error instanceof Error ? error.message : String(error);
  const fail = (words: string) =>
    new SdkError(code, `${inputs.service}: ${message}; ${words}`, { fix, cause: error });
  const request = requestOf(inputs);
  // Of blue and green, the change of the routes takes itself back, and the old ones have never left.
  if (request.strategy === Strategy.BlueGreen) throw fail(fateOf(state));
  const patient = Object.create(context, { signal: { value: new AbortController().signal } });
  const back: Run = {
    ...run,
    context: patient as Context,
    hosts: run.hosts.as(patient as Context),
  };
  try {
    const found = await findMembers(back.hosts, [...state.former, ...request.wanted]);
    await performAll(back, planBack(request, state, namesOfRunning(found)));
  } catch (second) {
    throw fail(`and the former containers could not be brought back: ${describeError(second)}`);
  }
  throw fail(fateOf(state));
}

const fateOf = ({ former }: RolloutState): string =>
  former.length === 0
    ? "no requests are sent to its containers"
    : `what served before serves on: ${former.map(({ name }) => name).join(", ")}`;

/** What runs is what was planned, or the update fails. */
async function confirm(run: Run): Promise<void> {
  const { context, hosts, key, inputs, opened } = run;
  const wrong = await lastLook(() => differencesOf(hosts, opened, key, inputs), {
    timeoutMs: moveTimeoutMs,
    signal: context.signal,
  });
  if (wrong.length === 0) return;
  throw new SdkError(
    ErrorCode.GateFailed,
    `${inputs.service}: what runs after the rollout is not what was planned: ${wrong.join("; ")}`,
    { fix: "run the update again" },
  );
}

/** Makes what runs what is wanted, from whatever is there. `former`: the recorded containers. */
export async function rollOut(
  context: Context,
  hosts: RolloutHosts,
  key: string,
  inputs: RolloutInputs,
  former: readonly Member[],
): Promise<RolloutOutputs> {
  const startedAt = performance.now();
  const opened = await openProxies(hosts, inputs.proxies ?? []);
  const counts = { drained: 0, cut: 0, moved: 0 };
  const run: Run = { context, hosts, key, inputs, opened, counts, done: [] };
  try {
    const state = await observe(run, former);
    try {
      await performAll(run, planRollout(requestOf(inputs), state));
    } catch (error) {
      return await goBack(run, state, error);
    }
    await confirm(run);
  } finally {
    await Promise.all(opened.map(({ agent }) => agent.close()));
  }
  const durationMs = Math.round(performance.now() - startedAt);
  return { key, ...counts, durationMs, steps: run.done, drift: [] };
}
