// Takes a container of ours away: asked to end with grace where it runs, its secrets with it. One that
// bears another's label is left alone. Engine API 1.41 to 1.45: POST /containers/{id}/stop,
// /unpause, DELETE.

import { mayDelete } from "../owner.ts";
import type { Context } from "../resource.ts";
import { removeSecrets } from "./secrets.ts";

export const defaultGraceMs = 10_000;

export async function removeContainer(
  context: Context,
  id: string,
  how: { readonly graceMs: number | undefined; readonly volumes: boolean | undefined },
): Promise<void> {
  const { docker, log } = context;
  const { graceMs = defaultGraceMs, volumes = true } = how;
  const found = await docker.containers.inspect(id);
  if (!found) return;
  const name = found.Name.slice(1);
  if (!mayDelete(context, found.Config.Labels)) {
    log.warn(`the container ${name} now belongs to another resource; it was left alone`);
    return;
  }
  // What is held cannot end with grace.
  if (found.State.Paused) await docker.containers.unpause(id);
  if (found.State.Running) {
    log.progress(`${name}: asked to end, with ${graceMs / 1000} s of grace`);
    await docker.containers.stop(id, { graceMs });
  }
  await removeSecrets(context, found);
  await docker.containers.remove(id, { force: true, volumes });
  log.done(`${name}: removed`);
}
