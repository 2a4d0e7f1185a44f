// Carries out a plan. Until requests have moved for good (the files say so too), any failure or
// abort puts the former state back, checks that it is, and says so. After that there is no way back
// and none is needed: what is left is waiting.
import { isIP } from "node:net";
import { describeError, ErrorCode, SdkError } from "../errors.ts";
import { proxyLock } from "./agent.ts";
import { ask, onWorker } from "./cli.ts";
import { describeStep } from "./describe.ts";
import { type Drained, drain, nothingDrained } from "./drain.ts";
import { confirmSlots, type Gate, gateServers, probeServers, until } from "./gate.ts";
import { holds, slotsOf } from "./observe.ts";
import { routeFile } from "./paths.ts";
import { loadRoute, type Undo } from "./reload.ts";
import { backendOf, mapLines, renderRoute, spareAddress, sparePort } from "./render.ts";
import type {
  Agent,
  ApplyOptions,
  ObservedRoute,
  ObservedSlot,
  Placed,
  ServerSpec,
  Stage,
  Step,
} from "./types.ts";

/** HAProxy reads a command line of at most one buffer, 16 KiB. */
const lineBytes = 12_000;
const defaultDrainMs = 30_000;
const gateTimeoutMs = 15_000;
/** They were well a moment ago: what takes longer now is taken back, on all proxies. */
export const moveTimeoutMs = 8_000;

export interface Applied extends Drained {
  readonly reloaded: boolean;
}

interface Work {
  readonly agent: Agent;
  readonly key: string;
  readonly observed: ObservedRoute;
  readonly options: ApplyOptions;
  readonly gate: Gate;
  readonly undo: Undo[];
}

function startWork(agent: Agent, observed: ObservedRoute, options: ApplyOptions): Work {
  const { key } = observed;
  const throwIfAborted = () => {
    if (options.signal?.aborted !== true) return;
    throw new SdkError(ErrorCode.Cancelled, `the change of route "${key}" was cancelled`);
  };
  const gate = { agent, key, timeoutMs: options.gateTimeoutMs ?? gateTimeoutMs, throwIfAborted };
  return { agent, key, observed, options, gate, undo: [] };
}

/** Commands in as few lines as the buffer allows, in their order. */
async function send({ agent }: Work, commands: readonly string[]): Promise<void> {
  let line: string[] = [];
  for (const command of commands) {
    if (line.length > 0 && onWorker([...line, command]).length > lineBytes) {
      await ask(agent, onWorker(line));
      line = [];
    }
    line.push(command);
  }
  if (line.length > 0) await ask(agent, onWorker(line));
}

const at = (key: string, slot: string): string => `set server ${backendOf(key)}/${slot}`;

const fillCommands = (key: string, { slot, server }: Placed): readonly string[] => [
  `${at(key, slot)} state maint`,
  ...(isIP(server.host) ? [] : [`${at(key, slot)} fqdn ${server.host}`]),
  `${at(key, slot)} addr ${server.address} port ${server.port}`,
];

/** `kept` is a name that is asked for anyway: a slot that once followed a name must follow one. */
function freeCommands(key: string, slots: readonly string[], kept?: string): readonly string[] {
  return slots.flatMap((slot) => [
    `${at(key, slot)} state maint`,
    ...(kept === undefined || isIP(kept) ? [] : [`${at(key, slot)} fqdn ${kept}`]),
    `${at(key, slot)} addr ${spareAddress} port ${sparePort}`,
  ]);
}

/**
 * Fills places while they take no traffic, until they hold their servers. HAProxy refuses an address
 * where a place's former name has left DNS, which may be just now, until it has resolved the new one.
 */
async function fill(work: Work, placed: readonly Placed[]): Promise<void> {
  let left = placed;
  if (left.length === 0) return;
  const timeoutMs = Math.min(work.gate.timeoutMs, moveTimeoutMs);
  await until({ ...work.gate, timeoutMs }, async () => {
    await send(
      work,
      left.flatMap((one) => fillCommands(work.key, one)),
    );
    const slots = (await slotsOf(work.agent, work.key)) ?? [];
    const isFilled = ({ slot, server }: Placed) =>
      slots.some(
        (one) =>
          one.slot === slot && holds(one, server) && one.address !== undefined && !one.unresolved,
      );
    left = left.filter((one) => !isFilled(one));
    return left.map(({ slot, server }) => `${server.name} is not in its place ${slot} yet`);
  });
}

/** The new ones come before the old ones go, in one line; it is checked, as answers tell little. */
async function switchOver(work: Work, step: Extract<Step, { kind: "switch" }>): Promise<void> {
  const { agent, key, observed } = work;
  const former = (observed.slots ?? []).filter((slot) => slot.state === "ready");
  const came = step.enable.filter(({ slot }) => !former.some((one) => one.slot === slot));
  work.undo.push(() =>
    send(work, [
      ...step.retire.map((slot) => `${at(key, slot)} state ready`),
      ...freeCommands(
        key,
        came.map(({ slot }) => slot),
        former.find((one) => one.host)?.host,
      ),
    ]),
  );
  const isIn = ({ slot, server }: Placed) =>
    (observed.slots ?? []).some((one) => one.slot === slot && holds(one, server));
  await fill(
    work,
    step.enable.filter((placed) => !isIn(placed)),
  );
  await send(work, [
    ...step.enable.filter(isIn).flatMap((placed) => fillCommands(key, placed)),
    ...step.enable.map(({ slot }) => `${at(key, slot)} state ready`),
    ...step.retire.map((slot) => `${at(key, slot)} state drain`),
  ]);
  const timeoutMs = Math.min(work.gate.timeoutMs, moveTimeoutMs);
  await until({ ...work.gate, timeoutMs }, async () => {
    const slots = (await slotsOf(agent, key)) ?? [];
    const takes = (slot: string) => slots.find((one) => one.slot === slot && one.state === "ready");
    return [
      ...step.enable
        .filter(({ slot }) => takes(slot)?.up !== true)
        .map(({ server }) => `${server.name} takes no traffic yet`),
      ...step.retire.filter(takes).map((slot) => `slot ${slot} still takes traffic`),
    ];
  });
}

const freeSlots = (work: Work, step: Extract<Step, { kind: "free" }>) =>
  send(work, freeCommands(work.key, step.slots, step.kept?.host));

async function writeServers(work: Work, text: string): Promise<void> {
  const { agent, key, observed } = work;
  const path = routeFile(agent.paths, key);
  const former = observed.file;
  if (former !== undefined) work.undo.push(() => agent.writeFile(path, former));
  await agent.writeFile(path, text);
}

async function reloadStep(work: Work, step: Extract<Step, { kind: "reload" }>): Promise<void> {
  const { agent, key } = work;
  const to =
    step.layout === undefined
      ? { file: undefined, lines: [] }
      : { file: renderRoute(step.layout), lines: mapLines(step.layout.spec) };
  await loadRoute(agent, key, { to, onUndo: (undo) => work.undo.push(undo) });
  if (step.confirm.length > 0) await confirmSlots(work.gate, step.confirm);
}

async function perform(work: Work, step: Exclude<Step, { kind: "drain" | "free" }>): Promise<void> {
  switch (step.kind) {
    case "gate":
      return await gateServers(work.gate, step.servers);
    case "probe":
      return await probeServers(work.gate, step.spec);
    case "switch":
      return await switchOver(work, step);
    case "write":
      return await writeServers(work, renderRoute(step.layout));
    case "reload":
      return await reloadStep(work, step);
  }
}

const isSame = (one: ObservedSlot, other: ObservedSlot): boolean =>
  one.port === other.port && (one.host ?? one.address) === (other.host ?? other.address);

/** What an error says where the way back failed as well. */
export const stuckWords = "and the former state could not be put back";

/** Takes back what was done, last first, and says with the error whether that came true. */
async function takeBack(work: Work, error: unknown): Promise<never> {
  const { agent, key, observed, undo } = work;
  const code = error instanceof SdkError ? error.code : ErrorCode.Refused;
  const fix = error instanceof SdkError ? error.fix : undefined;
  const message = error instanceof Error ? error.message : String(error);
  const say = (words: string) => new SdkError(code, `${message}; ${words}`, { fix, cause: error });
  if (undo.length === 0) throw say("nothing was changed");
  try {
    for (const back of undo.splice(0).reverse()) await back();
    const now = (await slotsOf(agent, key)) ?? [];
    const lost = (observed.slots ?? []).filter(
      (was) =>
        was.state === "ready" && !now.some((slot) => slot.state === "ready" && isSame(slot, was)),
    );
    if (lost.length > 0) throw new Error(`${lost.length} former servers take no traffic`);
  } catch (second) {
    throw say(`${stuckWords}: ${describeError(second)}`);
  }
  throw say("the former state is back");
}

/** What a step belongs to: what comes before the requests move, what moves them, what comes after. */
const phaseOf = {
  gate: 0,
  probe: 0,
  switch: 1,
  write: 1,
  reload: 1,
  drain: 2,
  free: 2,
} as const satisfies Record<Step["kind"], number>;
const stages: readonly Stage[] = ["gated", "moved"];

/** Carries out one step; whatever fails before the requests have moved for good is taken back. */
async function carryOut(
  work: Work,
  step: Exclude<Step, { kind: "drain" | "free" }>,
): Promise<void> {
  try {
    work.gate.throwIfAborted();
    await work.options.onStep?.(step);
    await perform(work, step);
  } catch (error) {
    await takeBack(work, error);
  }
}

/** Tells of the stages between two phases. */
async function reach(work: Work, from: number, to: number): Promise<void> {
  try {
    for (const stage of stages.slice(from, to)) await work.options.reached?.(stage, "the proxy");
  } catch (error) {
    await takeBack(work, error);
  }
}

async function waitForDrain(work: Work, keep: readonly ServerSpec[]): Promise<Drained> {
  // From here on other routes may be changed: only this one's own servers are touched.
  await work.agent.unlock(proxyLock);
  const { signal, log, drainTimeoutMs: timeoutMs = defaultDrainMs } = work.options;
  return await drain(work.agent, work.key, { keep, timeoutMs, signal, log });
}

/** Carries out the plan made from what was observed. */
export async function applyRoute(
  agent: Agent,
  observed: ObservedRoute,
  plan: readonly Step[],
  options: ApplyOptions = {},
): Promise<Applied> {
  const work = startWork(agent, observed, options);
  let drained = nothingDrained;
  let phase = 0;
  for (const step of plan) {
    await reach(work, phase, phaseOf[step.kind]);
    phase = phaseOf[step.kind];
    options.log?.(describeStep(step));
    if (step.kind === "drain" || step.kind === "free") {
      await options.onStep?.(step);
      if (step.kind === "drain") drained = await waitForDrain(work, step.keep);
      else await freeSlots(work, step);
    } else await carryOut(work, step);
  }
  await reach(work, phase, stages.length);
  return { ...drained, reloaded: plan.some((step) => step.kind === "reload") };
}
