// A swarm over several daemons. It is one resource, since who may join or leave, and when, depends on
// all of them: managers need a majority at every moment. What is done in which order is sdk/fleet's.

import { ErrorCode, SdkError } from "../../errors.ts";
import {
  describeSwarmStep,
  type LocalSight,
  planSwarm,
  quorumWarnings,
  type SwarmSight,
} from "../../fleet/swarm.ts";
import type { Failure } from "../check.ts";
import { type Context, defineResource, type Recorded } from "../resource.ts";
import { RolloutHosts } from "../rollout/hosts.ts";
import {
  fixedFields,
  type SwarmInputs,
  type SwarmOutputs,
  swarmInputs,
  swarmOutputs,
} from "../swarm/fields.ts";
import { leaveAll, SwarmRun } from "../swarm/run.ts";
import { driftOfSwarm, type Looked, look, wantedNodes } from "../swarm/sight.ts";
import { equalValues, isMap, type Value, type ValueMap } from "../values.ts";

type Old = Recorded<typeof swarmInputs, typeof swarmOutputs>;

/** Looks at the machines that are declared, and at those that were; and then works on them. */
async function withSwarm<T>(
  context: Context,
  inputs: SwarmInputs,
  old: Old | undefined,
  work: (looked: Looked, again: () => Promise<Looked>) => Promise<T>,
  tolerant = false,
): Promise<T> {
  const connections = { ...old?.inputs.connections, ...inputs.connections } as ValueMap;
  const hosts = new RolloutHosts(context, connections);
  const names = Object.keys(connections).sort();
  const known = old?.outputs;
  const seen = () => look(context, hosts, names, { wanted: inputs, known, tolerant });
  try {
    return await work(await seen(), seen);
  } finally {
    hosts.close();
  }
}

function outputsOf(inputs: SwarmInputs, looked: Looked): SwarmOutputs {
  const { swarm, sight } = looked;
  if (swarm === undefined) throw new SdkError(ErrorCode.Refused, "the swarm went away meanwhile");
  const ids = sight.listed.flatMap(({ id, name }) =>
    name !== undefined && name in inputs.nodes ? [[name, id] as const] : [],
  );
  return {
    swarmId: swarm.ID,
    nodeIds: Object.fromEntries(ids),
    drift: driftOfSwarm(wantedNodes(inputs), looked),
  };
}

async function ensure(
  context: Context,
  inputs: SwarmInputs,
  old: Old | undefined,
): Promise<SwarmOutputs> {
  return await withSwarm(context, inputs, old, async (looked, again) => {
    for (const words of warningsOf(inputs as unknown as ValueMap, old)) context.log.warn(words);
    await new SwarmRun(context, inputs, looked).run(looked, old?.outputs);
    return outputsOf(inputs, await again());
  });
}

/** Roles by name, as far as a preview knows them. */
function rolesOf(nodes: Value | undefined) {
  if (!isMap(nodes)) return [];
  return Object.entries(nodes).map(([name, node]) => {
    const role = isMap(node) && node["role"] === "manager" ? "manager" : "worker";
    return { name, role } as const;
  });
}

function warningsOf(inputs: ValueMap, old: Old | undefined): readonly string[] {
  const before = rolesOf(old?.inputs.nodes as unknown as Value | undefined);
  return quorumWarnings(rolesOf(inputs["nodes"]), before);
}

/** As if everything were as it is recorded. */
function recordedSight({ connections }: ValueMap, old: Old | undefined): SwarmSight {
  const ids = old?.outputs.nodeIds ?? {};
  const reached = new Set([
    ...Object.keys(isMap(connections) ? connections : {}),
    ...Object.keys(old?.inputs.connections ?? {}),
  ]);
  const machines = [...reached].map((name): [string, LocalSight] => {
    const id = ids[name];
    return [name, id === undefined ? { kind: "out" } : { kind: "in", id }];
  });
  const listed = wantedNodes(old?.inputs ?? { nodes: {} }).flatMap((node) => {
    const id = ids[node.name];
    return id === undefined ? [] : [{ ...node, id, up: true }];
  });
  return { machines: Object.fromEntries(machines), listed };
}

/** What a preview says: only names, roles, availability and labels enter. */
function announced(inputs: ValueMap, old: Old | undefined): string | undefined {
  const { nodes } = inputs;
  if (!isMap(nodes) || !Object.values(nodes).every(isMap)) return undefined;
  const wanted = wantedNodes({ nodes } as unknown as SwarmInputs);
  const steps = planSwarm(wanted, recordedSight(inputs, old));
  const words = steps.map((step, index) => `${index + 1}. ${describeSwarmStep(step)}`);
  return words.length === 0 ? undefined : words.join("; ");
}

function checkNodes({ nodes, connections }: SwarmInputs): readonly Failure[] {
  const entries = Object.entries(nodes);
  const failures: Failure[] = entries.flatMap(([name]) =>
    connections[name] === undefined
      ? [
          {
            property: `connections[${JSON.stringify(name)}]`,
            reason: "is missing; say how it is reached",
          },
        ]
      : [],
  );
  if (!entries.some(([, { role }]) => role === "manager")) {
    failures.push({
      property: "nodes",
      reason: 'has no manager; give one node the role "manager"',
    });
  }
  return failures;
}

/** The address of a node, and what is fixed for all of them, cannot change while it is in. */
function refuseFixed(inputs: SwarmInputs, old: Old): void {
  const changed: string[] = fixedFields.filter(
    (name) =>
      !equalValues(inputs[name] as Value | undefined, old.inputs[name] as Value | undefined),
  );
  for (const [name, { address, dataPathAddress, listenAddress }] of Object.entries(inputs.nodes)) {
    const former = old.inputs.nodes[name];
    if (former === undefined || old.outputs.nodeIds[name] === undefined) continue;
    if (former.address !== address) changed.push(`nodes.${name}.address`);
    if (former.dataPathAddress !== dataPathAddress) changed.push(`nodes.${name}.dataPathAddress`);
    if (former.listenAddress !== listenAddress) changed.push(`nodes.${name}.listenAddress`);
  }
  if (changed.length === 0) return;
  throw new SdkError(
    ErrorCode.BadInput,
    `${changed.join(", ")} cannot change: it is fixed when the swarm is made, or the node joins`,
    {
      fix: "put it back; a node gets another address by leaving (an update without it) and joining again, pools by another cluster",
    },
  );
}

export const swarm = defineResource({
  name: "Swarm",
  doc: "A swarm over several daemons: made, joined, changed and left in an order that keeps a majority of the managers. Join tokens are read from a manager when they are needed, and kept nowhere.",
  inputs: swarmInputs,
  outputs: swarmOutputs,
  check: checkNodes,
  drift: ({ drift }) =>
    drift.length > 0
      ? [{ property: "drift", kind: "update", replace: false, inputDiff: false }]
      : [],
  preview: (_values, old) => (old ? { swarmId: old.outputs.swarmId, drift: [] } : {}),
  announce: announced,
  caution: (inputs, old) => {
    const words = warningsOf(inputs, old);
    return words.length === 0 ? undefined : words.join("\n");
  },

  async create(context, inputs) {
    const outputs = await ensure(context, inputs, undefined);
    return { id: outputs.swarmId, outputs };
  },

  async read(context, id, known) {
    if (!known) {
      throw new SdkError(ErrorCode.BadInput, "a swarm cannot be imported", {
        fix: "make one of hosts that are in none",
      });
    }
    return await withSwarm(context, known.inputs, known, (looked) => {
      if (looked.swarm === undefined) {
        const all = looked.machines.every(({ node }) => node !== undefined);
        if (all) return Promise.resolve(undefined);
        const why = looked.machines.find(({ node }) => node === undefined)?.why ?? "";
        throw new SdkError(ErrorCode.Unreachable, `no manager of the swarm can be asked: ${why}`);
      }
      const { drift } = outputsOf(known.inputs, looked);
      for (const words of drift) context.log.warn(words);
      return Promise.resolve({ id, inputs: known.inputs, outputs: { ...known.outputs, drift } });
    });
  },

  async update(context, _id, old, inputs) {
    refuseFixed(inputs, old);
    return await ensure(context, inputs, old);
  },

  async delete(context, _id, old) {
    const takeDown = async (looked: Looked) => {
      const missed = await leaveAll(context, looked, old.outputs);
      if (missed.length === 0) return;
      context.log.warn(
        `${missed.join(", ")} could not be reached, and may believe to be in the swarm still: run \`docker swarm leave --force\` there`,
      );
    };
    await withSwarm(context, old.inputs, old, takeDown, true);
  },
});
