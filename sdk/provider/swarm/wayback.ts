// Helps Swarm where its way back from a release waits for itself (`waitsForItsTwin`), by letting it look
// at the service anew: an update that changes no task, and so ends none but the one too many.

import { DockerApiError } from "../../docker/client.ts";
import type { Context } from "../resource.ts";
import { releaseOf } from "./service-spec.ts";
import { type ServiceSight, waitsForItsTwin } from "./tasks.ts";

/** How long it may look stuck before it counts as that. */
const usualStuckMs = 3000;
/** A label of the service that means nothing: with another value Swarm looks again. */
const lookAgainLabel = "dockwright.again";

/** One way back. */
export class WayBack {
  private readonly context: Pick<Context, "docker" | "signal">;
  private readonly stuckMs: number;
  private stuck: { readonly task: string; readonly sinceMs: number } | undefined;
  /** The release that it leads to, once it was helped: Swarm then says no more that it went back. */
  helpedTo: string | undefined;

  constructor(context: Pick<Context, "docker" | "signal">, stuckMs = usualStuckMs) {
    this.context = context;
    this.stuckMs = stuckMs;
  }

  /** To be called at every look. */
  async help(sight: ServiceSight): Promise<void> {
    const nowMs = performance.now();
    const task = waitsForItsTwin(sight)?.ID;
    if (task !== this.stuck?.task) {
      this.stuck = task === undefined ? undefined : { task, sinceMs: nowMs };
    }
    if (this.stuck === undefined || nowMs - this.stuck.sinceMs < this.stuckMs) return;
    const { ID, Version, Spec } = sight.service;
    const spec = { ...Spec, Labels: { ...Spec.Labels, [lookAgainLabel]: String(Version.Index) } };
    const { docker, signal } = this.context;
    this.stuck = undefined;
    try {
      await docker.services.update(ID, Version.Index, spec, { signal });
      this.helpedTo = releaseOf(Spec.TaskTemplate);
    } catch (error) {
      // Swarm's own change came between: the next look tells whether it is needed still.
      if (!(error instanceof DockerApiError)) throw error;
    }
  }
}
