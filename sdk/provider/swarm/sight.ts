// Looks at a swarm: each machine says whether it is in one, and a manager lists the nodes. A machine
// that does not answer is no error here: the managers know what became of it.

import type { DockerClient } from "../../docker/client.ts";
import type { LocalNode, NodeInspect, SwarmInspect } from "../../docker/swarm-types.ts";
import { describeError, ErrorCode, SdkError } from "../../errors.ts";
import type { ListedNode, LocalSight, SwarmSight, WantedNode } from "../../fleet/swarm.ts";
import { belonging } from "../owner.ts";
import type { Context } from "../resource.ts";
import type { RolloutHosts } from "../rollout/hosts.ts";
import type { SwarmInputs, SwarmOutputs } from "./fields.ts";

/** The label of a node that says what the declaration calls it. */
export const nodeLabel = "dockwright.node";
/** How long a machine may take to answer before it counts as not reached. */
const askTimeoutMs = 20_000;

export interface Machine {
  readonly name: string;
  readonly client: DockerClient;
  /** Undefined where it does not answer; `why` says why. */
  readonly node: (LocalNode & { readonly liveRestore: boolean }) | undefined;
  readonly why?: string;
}

/** All that was seen, with the manager that told it. */
export interface Looked {
  readonly sight: SwarmSight;
  readonly machines: readonly Machine[];
  readonly manager: Machine | undefined;
  readonly swarm: SwarmInspect | undefined;
  readonly nodes: readonly NodeInspect[];
}

export function wantedNodes({ nodes }: Pick<SwarmInputs, "nodes">): readonly WantedNode[] {
  return Object.entries(nodes).map(([name, { role, availability, labels }]) => ({
    name,
    role: role ?? "worker",
    availability: availability ?? "active",
    labels: labels ?? {},
  }));
}

async function ask(context: Context, hosts: RolloutHosts, name: string): Promise<Machine> {
  const { docker: client } = hosts.on(name);
  try {
    const options = { signal: context.signal, timeoutMs: askTimeoutMs };
    return { name, client, node: await client.swarm.localNode(options) };
  } catch (error) {
    if (context.signal.aborted) throw error;
    return { name, client, node: undefined, why: describeError(error) };
  }
}

const isIn = ({ node }: Machine) => node !== undefined && node.LocalNodeState !== "inactive";

function localSight(machine: Machine): LocalSight {
  if (machine.node === undefined) return { kind: "unreached" };
  return isIn(machine) ? { kind: "in", id: machine.node.NodeID } : { kind: "out" };
}

/** Labels as a declaration has them. */
export function ownLabels(node: NodeInspect): Record<string, string> {
  const labels = Object.entries(node.Spec.Labels ?? {});
  return Object.fromEntries(labels.filter(([name]) => !name.startsWith("dockwright.")));
}

function listedNode(node: NodeInspect, names: ReadonlyMap<string, string>): ListedNode {
  const { Role, Availability, Labels } = node.Spec;
  return {
    id: node.ID,
    name: names.get(node.ID) ?? Labels?.[nodeLabel],
    role: Role,
    availability: Availability,
    labels: ownLabels(node),
    up: node.Status.State === "ready",
  };
}

/** Refuses a swarm that this resource did not make. */
function refuseForeign(context: Context, name: string, swarm: SwarmInspect): void {
  if (belonging(context, swarm.Spec.Labels) === "ours") return;
  throw new SdkError(
    ErrorCode.Foreign,
    `${name} is in a swarm that was not made by this resource`,
    { fix: "run `docker swarm leave --force` there if that swarm may go, or take another host" },
  );
}

/** The managers that answer and can manage, staying ones first. */
function managersOf(machines: readonly Machine[], wanted: SwarmInputs["nodes"]) {
  const stays = ({ name }: Machine) => (wanted[name]?.role === "manager" ? 0 : 1);
  return machines
    .filter(({ node }) => node?.ControlAvailable === true)
    .sort((a, b) => stays(a) - stays(b) || (a.name < b.name ? -1 : 1));
}

async function firstManager(
  context: Context,
  machines: readonly Machine[],
  wanted: SwarmInputs["nodes"],
  tolerant: boolean,
) {
  let failure: Error | undefined;
  for (const manager of managersOf(machines, wanted)) {
    try {
      const swarm = await manager.client.swarm.inspect({ signal: context.signal });
      if (swarm === undefined) continue;
      refuseForeign(context, manager.name, swarm);
      const nodes = await manager.client.nodes.list({ signal: context.signal });
      return { manager, swarm, nodes };
    } catch (error) {
      // Without a majority a manager answers with an error; another may have one.
      if (context.signal.aborted || (error instanceof SdkError && error.code === ErrorCode.Foreign))
        throw error;
      failure = error instanceof Error ? error : new Error(String(error));
    }
  }
  if (failure !== undefined && !tolerant) throw failure;
  return { manager: undefined, swarm: undefined, nodes: [] };
}

/** A node that is in a swarm of which no manager is ours, or that has no majority. */
function refuseStray(machines: readonly Machine[], known: SwarmOutputs | undefined): void {
  const stray = machines.find(isIn);
  if (stray?.node === undefined) return;
  const { NodeID, Error: why } = stray.node;
  if (known !== undefined && known.nodeIds[stray.name] === NodeID) {
    const words = why === "" ? "" : `: ${why}`;
    throw new SdkError(ErrorCode.Refused, `no manager of the swarm can manage${words}`, {
      fix: "bring managers back until more than half of them run; where they are lost for good, run `docker swarm init --force-new-cluster` on one that runs, and this again",
    });
  }
  throw new SdkError(
    ErrorCode.Foreign,
    `${stray.name} is in a swarm that was not made by this resource`,
    { fix: "run `docker swarm leave --force` there if that swarm may go, or take another host" },
  );
}

export interface LookOptions {
  readonly wanted: SwarmInputs;
  readonly known?: SwarmOutputs | undefined;
  /** Whether a swarm that cannot be managed any more is no error: it goes anyway. */
  readonly tolerant?: boolean;
}

/** Looks at all machines at once. `names`: those of the declaration, of now and of before. */
export async function look(
  context: Context,
  hosts: RolloutHosts,
  names: readonly string[],
  { wanted, known, tolerant = false }: LookOptions,
): Promise<Looked> {
  const machines = await Promise.all(names.map((name) => ask(context, hosts, name)));
  const found = await firstManager(context, machines, wanted.nodes, tolerant);
  if (found.manager === undefined && !tolerant) refuseStray(machines, known);
  const ids = new Map(Object.entries(known?.nodeIds ?? {}).map(([name, id]) => [id, name]));
  for (const { name, node } of machines) if (node && node.NodeID !== "") ids.set(node.NodeID, name);
  return {
    ...found,
    machines,
    sight: {
      machines: Object.fromEntries(machines.map((one) => [one.name, localSight(one)])),
      listed: found.nodes.map((node) => listedNode(node, ids)),
    },
  };
}

/** How the nodes differ from what is declared, in words. */
export function driftOfSwarm(wanted: readonly WantedNode[], { sight }: Looked): readonly string[] {
  return wanted.flatMap((node) => {
    const machine = sight.machines[node.name];
    const entry = sight.listed.find(({ id, name }) =>
      machine?.kind === "in" ? id === machine.id : name === node.name && machine?.kind !== "out",
    );
    if (entry === undefined) return [`${node.name} is not in the swarm`];
    const words: string[] = [];
    if (!entry.up) words.push(`${node.name} is down`);
    if (entry.role !== node.role) words.push(`${node.name} is a ${entry.role}, not a ${node.role}`);
    if (entry.availability !== node.availability)
      words.push(
        `${node.name} has the availability ${entry.availability}, not ${node.availability}`,
      );
    const text = (labels: ListedNode["labels"]) => JSON.stringify(Object.entries(labels).sort());
    if (text(entry.labels) !== text(node.labels)) words.push(`${node.name} has other labels`);
    return words;
  });
}
