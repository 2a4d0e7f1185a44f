// The containers of a stack as they are now, over all of its hosts, and the tasks of its swarms.
import { urnLabel } from "../../provider/names.ts";
import { answerTimeoutMs, type HostOutcome, type LiveHost, type LiveHosts } from "./ask.ts";
import { type Row, rowsOf } from "./states.ts";
import { type SwarmSight, servicesOn, taskRowsOf } from "./swarmtasks.ts";
import type { StackView } from "./view.ts";

export interface Looked {
  readonly rows: readonly Row[];
  readonly outcomes: readonly HostOutcome[];
}

const options = { timeoutMs: answerTimeoutMs };

/** What a host has of the stack: one call. */
export async function lookAtHost(view: StackView, host: LiveHost): Promise<readonly Row[]> {
  return rowsOf(view, host, await host.docker.containers.list({ all: true }, options));
}

/** The stack's services in a swarm, with their tasks, and its nodes. */
export async function lookAtSwarm(view: StackView, { docker, ...swarm }: LiveHost) {
  const [labelled, nodes] = await Promise.all([
    docker.services.list({ label: [urnLabel] }, options),
    docker.nodes.list(options),
  ]);
  const ids = new Set(servicesOn(view, swarm).map(({ id }) => id));
  const services = labelled.filter(
    ({ ID, Spec }) => ids.has(ID) || Spec.Labels?.[urnLabel]?.includes(`::${view.project}::`),
  );
  const tasks =
    services.length === 0
      ? []
      : await docker.services.tasks({ service: services.map(({ ID }) => ID) }, options);
  return { services, tasks, nodes } satisfies SwarmSight;
}

/** One call to each daemon, and three to a manager of each swarm. */
export async function lookAt(hosts: LiveHosts): Promise<Looked> {
  const { view } = hosts;
  const [machines, swarms] = await Promise.all([
    hosts.each((host) => lookAtHost(view, host)),
    hosts.eachSwarm(async (swarm) => taskRowsOf(view, swarm, await lookAtSwarm(view, swarm))),
  ]);
  const asked = [...machines, ...swarms];
  const seen = new Set<string>();
  const rows = asked
    .flatMap(({ answer = [] }) => answer)
    .filter(({ id, kind }) => {
      // A daemon to which two ways lead lists what is recorded nowhere twice.
      if (id === undefined || kind === "container" || kind === "task") return true;
      return !seen.has(id) && seen.add(id);
    });
  return {
    rows: rows.toSorted(
      (a, b) => a.service.localeCompare(b.service) || a.name.localeCompare(b.name),
    ),
    outcomes: asked.map(({ name, trouble }) => ({ name, trouble })),
  };
}
