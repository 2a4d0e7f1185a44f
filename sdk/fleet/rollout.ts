// In which order a service's containers are exchanged, and the way back. Pure: what runs is handed
// in, so that a second run finishes what a killed one began, from wherever that one stopped.

/** How a service changes. */
export const Strategy = {
  BlueGreen: "blueGreen",
  Rolling: "rolling",
  Recreate: "recreate",
} as const;
export type Strategy = (typeof Strategy)[keyof typeof Strategy];

/** One container of a service, as far as its place in the order goes. */
export interface Member {
  /** The container's name. */
  readonly name: string;
  /** Which of the replicas it is: `shop-1`. The old and the new container of one have the same. */
  readonly replica: string;
  /** The host that it is on. */
  readonly host: string;
}

/** What is there before a change. */
export interface RolloutState {
  /** The containers that the service has had so far and that are still there. */
  readonly former: readonly Member[];
  /** The names of all containers that run. */
  readonly running: ReadonlySet<string>;
  /** The names of those that requests are sent to. */
  readonly routed: ReadonlySet<string>;
}

export interface RolloutRequest {
  readonly strategy: Strategy;
  /** The containers that there shall be. */
  readonly wanted: readonly Member[];
  /** Of `rolling`: how many at once. */
  readonly batch: number;
}

export type RolloutStep =
  /** Starts them. */
  | { readonly kind: "start"; readonly members: readonly Member[] }
  /** Waits until each is ready. */
  | { readonly kind: "gate"; readonly members: readonly Member[] }
  /** Sends the requests to exactly these, on all proxies at once, and waits for those on others. */
  | { readonly kind: "route"; readonly members: readonly Member[] }
  /** Stops them, with grace. */
  | { readonly kind: "stop"; readonly members: readonly Member[] };

const without = (members: readonly Member[], others: readonly Member[]): readonly Member[] =>
  members.filter(({ name }) => !others.some((other) => other.name === name));

/** Leaves out steps that have nobody to act on; a route to nobody is a step. */
const filled = (steps: readonly RolloutStep[]): readonly RolloutStep[] =>
  steps.filter(({ kind, members }) => kind === "route" || members.length > 0);

/** All new ones at once, beside the old ones, which their own deletion stops. */
function blueGreen(wanted: readonly Member[], { running }: RolloutState): readonly RolloutStep[] {
  return filled([
    { kind: "start", members: wanted.filter(({ name }) => !running.has(name)) },
    { kind: "gate", members: wanted },
    { kind: "route", members: wanted },
  ]);
}

/**
 * Batch by batch, the old ones of a batch being drained and stopped before the next begins. An old
 * container goes with the new one of its replica, one whose replica is gone with the last batch.
 */
function rolling(
  wanted: readonly Member[],
  state: RolloutState,
  batch: number,
): readonly RolloutStep[] {
  const { former, running, routed } = state;
  const isDone = ({ name }: Member) => running.has(name) && routed.has(name);
  let left: readonly Member[] = without(former, wanted).filter(({ name }) => running.has(name));
  let serving: readonly Member[] = wanted.filter(isDone);
  const coming = wanted.filter((member) => !isDone(member));
  const steps: RolloutStep[] = [];
  const leave = (old: readonly Member[]) => {
    left = without(left, old);
    steps.push({ kind: "route", members: [...serving, ...left] }, { kind: "stop", members: old });
  };
  for (let at = 0; at < coming.length; at += batch) {
    const members = coming.slice(at, at + batch);
    const isLast = at + batch >= coming.length;
    const replaced = ({ replica }: Member) => members.some((one) => one.replica === replica);
    steps.push({ kind: "start", members: members.filter(({ name }) => !running.has(name)) });
    steps.push({ kind: "gate", members });
    serving = [...serving, ...members];
    leave(isLast ? left : left.filter(replaced));
  }
  if (coming.length === 0) leave(left);
  return filled(steps);
}

/** The old ones first: nobody answers until the new ones do. */
function recreate(wanted: readonly Member[], state: RolloutState): readonly RolloutStep[] {
  const { former, running } = state;
  const leaving = without(former, wanted).filter(({ name }) => running.has(name));
  const staying = wanted.filter(({ name }) => running.has(name));
  const coming = without(wanted, staying);
  const away: readonly RolloutStep[] =
    leaving.length > 0 ? [{ kind: "route", members: staying }] : [];
  return filled([
    ...away,
    { kind: "stop", members: leaving },
    { kind: "start", members: coming },
    { kind: "gate", members: wanted },
    { kind: "route", members: wanted },
  ]);
}

/** The steps from what is there to what is wanted. */
export function planRollout(
  { strategy, wanted, batch }: RolloutRequest,
  state: RolloutState,
): readonly RolloutStep[] {
  switch (strategy) {
    case Strategy.BlueGreen:
      return blueGreen(wanted, state);
    case Strategy.Rolling:
      return rolling(wanted, state, Math.max(1, batch));
    case Strategy.Recreate:
      return recreate(wanted, state);
  }
}

/**
 * The steps back to the containers that were there before, after some step failed. `state` is that
 * from before the change, `running` what runs now. Without former ones there is no way back: then
 * nothing is sent to the new ones that were not sent to before.
 */
export function planBack(
  { wanted }: RolloutRequest,
  state: RolloutState,
  running: ReadonlySet<string>,
): readonly RolloutStep[] {
  const { former } = state;
  const served = former.filter(({ name }) => state.routed.has(name) || state.running.has(name));
  const back = served.length > 0 ? served : former;
  const added = without(wanted, former).filter(({ name }) => running.has(name));
  return filled([
    { kind: "start", members: back.filter(({ name }) => !running.has(name)) },
    { kind: "gate", members: back },
    { kind: "route", members: back },
    { kind: "stop", members: added },
  ]);
}

const byHost = (members: readonly Member[]): string => {
  const hosts = [...new Set(members.map(({ host }) => host))];
  const named = (host: string) =>
    members
      .filter((member) => member.host === host)
      .map(({ name }) => name)
      .join(", ");
  if (hosts.length === 1 && hosts[0] === "") return named("");
  return hosts.map((host) => `${named(host)} on ${host}`).join("; ");
};

/** The words of a step, for previews and logs. */
export function describeRolloutStep({ kind, members }: RolloutStep): string {
  if (kind === "route" && members.length === 0) return "send requests to none of them";
  const words = {
    start: "start",
    gate: "wait until ready:",
    route: "send requests to",
    stop: "stop",
  } as const;
  return `${words[kind]} ${byHost(members)}`;
}
