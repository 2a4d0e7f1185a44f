// What the tasks of a service say of it: whether a release has come up everywhere, failed, or is on its
// way. Pure judgement; the waiting is in converge.ts.

import type { NodeInspect, ServiceInspect, TaskInspect } from "../../docker/swarm-types.ts";
import type { Judgement } from "../../docker/wait-until.ts";
import { releaseOf } from "./service-spec.ts";
import { nodeLabel } from "./sight.ts";

/** How long a task without a health check has to run before it counts. */
export const settledMs = 1000;
/** So many failures of one place, which Swarm itself does not take for a failed update, are enough. */
const failuresToGiveUp = 3;

const ended = new Set(["complete", "shutdown", "failed", "rejected", "remove", "orphaned"]);
const failed = new Set(["failed", "rejected", "orphaned"]);

export const isOver = ({ Status }: TaskInspect): boolean => ended.has(Status.State);
export const hasFailed = ({ Status }: TaskInspect): boolean => failed.has(Status.State);
export const isMeant = ({ DesiredState }: TaskInspect): boolean => DesiredState === "running";

/** What a node is called: as the declaration has it, else its host name. */
export function nodeNames(nodes: readonly NodeInspect[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    nodes.map(({ ID, Spec, Description }) => [
      ID,
      Spec.Labels?.[nodeLabel] ?? Description.Hostname,
    ]),
  );
}

/** The place of a task: its number, or of a global service its node. */
export function placeOf(task: TaskInspect, names: Readonly<Record<string, string>>): string {
  const { Slot, NodeID = "" } = task;
  return Slot ? String(Slot) : (names[NodeID] ?? NodeID);
}

/** A task in words: `2 on w1: starting, "..."`. */
export function describeTask(task: TaskInspect, names: Readonly<Record<string, string>>): string {
  const { State, Err = "", Message = "", ContainerStatus } = task.Status;
  const node = task.NodeID === undefined || task.NodeID === "" ? "no node" : names[task.NodeID];
  const place = task.Slot
    ? `${task.Slot} on ${node ?? "a node that is gone"}`
    : `on ${node ?? "?"}`;
  const code = ContainerStatus?.ExitCode ? `, exit code ${ContainerStatus.ExitCode}` : "";
  const words = Err === "" ? (State === "running" ? "" : Message) : Err;
  return `${place}: ${State}${code}${words === "" ? "" : `, ${JSON.stringify(words)}`}`;
}

export interface ServiceSight {
  readonly service: ServiceInspect;
  readonly tasks: readonly TaskInspect[];
  /** Nodes that take tasks. */
  readonly ready: number;
  readonly names: Readonly<Record<string, string>>;
  /** The names of nodes that do not answer the managers. */
  readonly down: readonly string[];
  readonly nowMs: number;
}

/** How many tasks there have to be. */
function expected({ service: { Spec }, ready, tasks }: ServiceSight): number {
  if (Spec.Mode.Replicated) return Spec.Mode.Replicated.Replicas ?? 1;
  const free = (Spec.TaskTemplate.Placement?.Constraints ?? []).length === 0;
  // With constraints Swarm alone knows: it has made one task for each node that fits.
  return free ? ready : Math.max(1, tasks.filter(isMeant).length);
}

function isSettled(task: TaskInspect, nowMs: number): boolean {
  if (task.Status.State !== "running") return false;
  if (task.Spec.ContainerSpec.Healthcheck) return true;
  return nowMs - Date.parse(task.Status.Timestamp) >= settledMs;
}

/** The place that has failed too often since then to go on. */
function hopeless(sight: ServiceSight, release: string, sinceMs: number): TaskInspect | undefined {
  const failures = new Map<string, TaskInspect[]>();
  for (const task of sight.tasks) {
    if (!hasFailed(task) || releaseOf(task.Spec) !== release) continue;
    if (Date.parse(task.Status.Timestamp) < sinceMs) continue;
    const place = placeOf(task, sight.names);
    failures.set(place, [...(failures.get(place) ?? []), task]);
  }
  return [...failures.values()].find((all) => all.length >= failuresToGiveUp)?.[0];
}

/** Whether Swarm itself has ended the update. */
export const isEndedBySwarm = ({ service: { UpdateStatus } }: ServiceSight): boolean =>
  ["paused", "rollback_paused", "rollback_completed"].includes(UpdateStatus?.State ?? "");

/**
 * Whether the release of the service's spec has come up. `first`: the service is being made. `sinceMs`:
 * failures from then on count, where Swarm takes the update for a good one: it looks at each task for
 * `monitorMs` only.
 */
export function judgeService(
  sight: ServiceSight,
  release: string,
  first: boolean,
  sinceMs = Number.POSITIVE_INFINITY,
): Judgement {
  const { service, tasks, names, nowMs } = sight;
  const { State, Message = "" } = service.UpdateStatus ?? {};
  if (State === "paused" || State === "rollback_paused") {
    return { kind: "failed", why: `Swarm paused: ${Message}` };
  }
  if (State === "rollback_completed") {
    return { kind: "failed", why: `Swarm went back to the former release: ${Message}` };
  }
  const meant = tasks.filter(isMeant);
  const mine = meant.filter((task) => releaseOf(task.Spec) === release);
  const well = mine.filter((task) => isSettled(task, nowMs));
  const wanted = expected(sight);
  const stuck = mine.find((task) => task.Status.Err && !isOver(task));
  const words = `${well.length} of ${wanted} tasks run${stuck ? `; ${describeTask(stuck, names)}` : ""}`;
  if (State === "rollback_started") return { kind: "waiting", seen: "Swarm goes back" };
  if (State === "updating") return { kind: "waiting", seen: words };
  const bad = hopeless(sight, release, first ? 0 : sinceMs);
  if (bad) return { kind: "failed", why: describeTask(bad, names) };
  const left = tasks.filter((task) => !isMeant(task) && task.Status.State === "running");
  if (well.length < wanted || meant.length > well.length) return { kind: "waiting", seen: words };
  if (left.length > 0) return { kind: "waiting", seen: `${left.length} former tasks are ending` };
  return { kind: "passed" };
}

/**
 * Going back, Swarm may start what failed again beside the task of its own way back: both are of the
 * release that it goes back to, one runs, and the other waits for the port of that one (Docker 20.10).
 * Swarm then waits for it for ever. Gives that one.
 */
export function waitsForItsTwin({ service, tasks, names }: ServiceSight): TaskInspect | undefined {
  if (service.UpdateStatus?.State !== "rollback_started") return undefined;
  const release = releaseOf(service.Spec.TaskTemplate);
  const mine = tasks.filter((task) => isMeant(task) && releaseOf(task.Spec) === release);
  const running = mine.filter(({ Status }) => Status.State === "running");
  const served = new Set(running.map((task) => placeOf(task, names)));
  return mine.find((task) => task.Status.State === "pending" && served.has(placeOf(task, names)));
}

/** How many tasks there have to be, and how many of them nothing is tried for. */
export function missingTasks(sight: ServiceSight): {
  readonly wanted: number;
  readonly missing: number;
} {
  const wanted = expected(sight);
  return { wanted, missing: Math.max(0, wanted - sight.tasks.filter(isMeant).length) };
}

/** Tasks that should run and do not, and replicas that are missing, in words. */
export function driftOfService(sight: ServiceSight): readonly string[] {
  const meant = sight.tasks.filter(isMeant);
  const idle = meant.filter(({ Status }) => Status.State !== "running");
  const { wanted, missing } = missingTasks(sight);
  return [
    ...idle.map((task) => `the task ${describeTask(task, sight.names)}`).sort(),
    ...(missing > 0 ? [`${missing} of ${wanted} tasks are missing`] : []),
  ];
}

/** What became of tasks since they were last looked at: moved, or gone with their node. */
export function describeMoves(
  before: Readonly<Record<string, string>>,
  sight: ServiceSight,
): readonly string[] {
  const now = nodesOfTasks(sight);
  const known = new Set(Object.values(sight.names));
  return Object.entries(before).flatMap(([place, node]) => {
    const at = now[place];
    if (at === node) return [];
    const down = sight.down.includes(node) ? " (down)" : "";
    const why = known.has(node) ? down : " (no node any more)";
    const task = place === node ? "the task" : `the task ${place}`;
    if (at === undefined) return [`${task} on ${node}${why} runs no more`];
    return [`${task} moved from ${node}${why} to ${at}`];
  });
}

/** Where tasks run, by their place. */
export function nodesOfTasks({ tasks, names }: ServiceSight): Record<string, string> {
  const running = tasks.filter((task) => isMeant(task) && task.Status.State === "running");
  const places = running.map((task) => {
    const { NodeID = "" } = task;
    return [placeOf(task, names), names[NodeID] ?? NodeID] as const;
  });
  return Object.fromEntries(places.sort(([a], [b]) => (a < b ? -1 : 1)));
}
