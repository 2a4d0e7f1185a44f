// Waits until a service's release has come up, and tells why where it has not: what its tasks say, and
// their last log lines. What Swarm took back, or stopped halfway, is a failure.

import { setTimeout as sleep } from "node:timers/promises";
import type { TaskInspect } from "../../docker/swarm-types.ts";
import { ErrorCode, SdkError } from "../../errors.ts";
import type { Context } from "../resource.ts";
import { releaseOf } from "./service-spec.ts";
import {
  describeTask,
  hasFailed,
  isEndedBySwarm,
  isOver,
  judgeService,
  nodeNames,
  type ServiceSight,
} from "./tasks.ts";
import { WayBack } from "./wayback.ts";

/** What an update of a service may take, unless `customTimeouts` says otherwise. */
const defaultTimeoutMs = 10 * 60_000;
const goneTimeoutMs = 120_000;
const pollMs = 300;
const logLines = 20;
/** So many tasks that failed are told of. */
const told = 2;

/** The service and its tasks now; undefined when it is gone. */
export async function lookAtService(
  { docker, signal }: Pick<Context, "docker" | "signal">,
  id: string,
): Promise<ServiceSight | undefined> {
  const service = await docker.services.inspect(id, { signal });
  if (!service) return undefined;
  const [tasks, nodes] = await Promise.all([
    docker.services.tasks({ service: [service.ID] }, { signal }),
    docker.nodes.list({ signal }),
  ]);
  const ready = nodes.filter(
    ({ Status, Spec }) => Status.State === "ready" && Spec.Availability === "active",
  );
  const names = nodeNames(nodes);
  const down = nodes.flatMap(({ ID, Status }) =>
    Status.State === "ready" ? [] : [names[ID] ?? ID],
  );
  return { service, tasks, ready: ready.length, names, down, nowMs: Date.now() };
}

export type Outcome =
  | { readonly kind: "passed"; readonly sight: ServiceSight }
  | {
      readonly kind: "failed" | "late";
      readonly why: string;
      readonly sight: ServiceSight;
      /** Whether the former release serves. */
      readonly isBack: boolean;
    };

/** Waits for the release; `first`: the service is being made. */
export async function converge(
  context: Context,
  id: string,
  release: string,
  first: boolean,
): Promise<Outcome> {
  const { signal, log } = context;
  const timeoutMs = context.timeoutMs ?? defaultTimeoutMs;
  const deadline = performance.now() + timeoutMs;
  const sinceMs = Date.now();
  // Once it has gone back, Swarm says no more why it did.
  let cause = "";
  const wayBack = new WayBack(context);
  for (;;) {
    const sight = await lookAtService(context, id);
    if (!sight) {
      throw new SdkError(ErrorCode.Refused, "the service went away while it was waited for");
    }
    const { State, Message = "" } = sight.service.UpdateStatus ?? {};
    if (State === "rollback_started") cause = `; ${Message}`;
    await wayBack.help(sight);
    const aim = wayBack.helpedTo ?? release;
    const judged = judgeService(sight, aim, first, sinceMs);
    if (judged.kind === "passed") {
      if (aim === release) return { kind: "passed", sight };
      const why = `Swarm went back to the former release${cause}`;
      return { kind: "failed", why, sight, isBack: true };
    }
    if (judged.kind === "failed") {
      // What Swarm takes for good is for us to take back.
      const kind = first || isEndedBySwarm(sight) ? "failed" : "late";
      const isBack = State === "rollback_completed";
      return { kind, why: judged.why + cause, sight, isBack };
    }
    log.progress(judged.seen);
    if (performance.now() > deadline) {
      const why = `it had not come up after ${timeoutMs} ms: ${judged.seen}`;
      return { kind: "late", why, sight, isBack: false };
    }
    await sleep(pollMs, undefined, { signal });
  }
}

/** The tasks of a release that failed, the last ones first, or that never began. */
function culprits({ tasks }: ServiceSight, release: string): readonly TaskInspect[] {
  const mine = tasks.filter((task) => releaseOf(task.Spec) === release);
  const bad = mine.filter((task) => hasFailed(task) || (task.Status.Err && !isOver(task)));
  return bad
    .sort((a, b) => Date.parse(b.Status.Timestamp) - Date.parse(a.Status.Timestamp))
    .slice(0, told);
}

/** What the tasks of a release that did not come up say. */
export async function report(
  { docker }: Pick<Context, "docker">,
  sight: ServiceSight,
  release: string,
): Promise<string> {
  const lines = await Promise.all(
    culprits(sight, release).map(async (task) => {
      const log = await docker.services
        .taskLog(task.ID, logLines, { timeoutMs: 10_000 })
        .catch(() => "");
      const words = log.trim() === "" ? "it wrote no log" : `its last log lines:\n${log.trimEnd()}`;
      return `the task ${describeTask(task, sight.names)}; ${words}`;
    }),
  );
  return lines.join("\n");
}

/** Waits until none of these tasks runs any more, but for those on nodes that do not answer. */
export async function untilGone(
  { docker }: Pick<Context, "docker">,
  tasks: readonly TaskInspect[],
): Promise<void> {
  const ids = tasks.filter((task) => !isOver(task)).map(({ ID }) => ID);
  if (ids.length === 0) return;
  const deadline = performance.now() + goneTimeoutMs;
  for (;;) {
    const [left, nodes] = await Promise.all([
      docker.services.tasks({ id: ids }),
      docker.nodes.list(),
    ]);
    const there = new Set(
      nodes.filter(({ Status }) => Status.State === "ready").map(({ ID }) => ID),
    );
    const running = left.filter((task) => !isOver(task) && there.has(task.NodeID ?? ""));
    if (running.length === 0) return;
    if (performance.now() > deadline) {
      const words = running.map((task) => describeTask(task, nodeNames(nodes))).join("; ");
      throw new SdkError(
        ErrorCode.Timeout,
        `tasks of the service still ran ${goneTimeoutMs} ms after it was removed: ${words}`,
      );
    }
    await sleep(pollMs);
  }
}
