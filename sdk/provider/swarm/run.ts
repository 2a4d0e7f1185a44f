// Carries out the steps of a swarm's change. Each is observed before and waited for after, within a
// limit, so that a run that is tried again goes on where a killed one stopped. Join tokens are read
// from a manager when needed: they are in no state, no argument and no message.

import { setTimeout as sleep } from "node:timers/promises";
import { DockerApiError } from "../../docker/client.ts";
import type { NodeInspect, NodeSpec } from "../../docker/swarm-types.ts";
import { ErrorCode, SdkError } from "../../errors.ts";
import {
  describeSwarmStep,
  planSwarm,
  type SwarmStep,
  type WantedNode,
} from "../../fleet/swarm.ts";
import { labelsOfOwner } from "../owner.ts";
import type { Context } from "../resource.ts";
import type { SwarmInputs, SwarmOutputs } from "./fields.ts";
import { type Looked, type Machine, nodeLabel, wantedNodes } from "./sight.ts";

const stepTimeoutMs = 90_000;
const pollMs = 200;
const managementPort = 2377;
/** Another's change came between: look, and try again. */
const tries = 5;

const finished = new Set(["complete", "shutdown", "failed", "rejected", "remove", "orphaned"]);

export class SwarmRun {
  private readonly context: Context;
  private readonly inputs: SwarmInputs;
  private readonly wanted: readonly WantedNode[];
  private readonly machines: readonly Machine[];
  private manager: Machine | undefined;

  constructor(context: Context, inputs: SwarmInputs, looked: Looked) {
    this.context = context;
    this.inputs = inputs;
    this.wanted = wantedNodes(inputs);
    this.machines = looked.machines;
    this.manager = looked.manager;
  }

  /** Does all steps in their order. */
  async run(looked: Looked, known: SwarmOutputs | undefined): Promise<void> {
    const steps = planSwarm(this.wanted, looked.sight);
    for (const [index, step] of steps.entries()) {
      const words = `${index + 1} of ${steps.length}: ${describeSwarmStep(step)}`;
      this.context.log.progress(words);
      try {
        await this.step(step, known);
      } catch (error) {
        if (this.context.signal.aborted || !(error instanceof SdkError)) throw error;
        const { code, message, fix } = error;
        const where = `step ${words}: ${message}`;
        throw new SdkError(code, where, { cause: error, ...(fix ? { fix } : {}) });
      }
    }
    this.context.log.done(
      steps.length === 0 ? "the swarm is as declared" : steps.map(describeSwarmStep).join("; "),
    );
  }

  private async step(step: SwarmStep, known: SwarmOutputs | undefined): Promise<void> {
    switch (step.kind) {
      case "init":
        return await this.init(step.name);
      case "join":
        return await this.join(step.name, step.role, known);
      case "set":
        return await this.set(step.id, step.wanted);
      case "promote":
        return await this.promote(step.id, step.name);
      case "drain":
        return await this.drain(step.id, step.name);
      case "demote":
        return await this.demote(step.id, step.name);
      case "leave":
        return await this.leave(step.id, step.name);
      case "forget":
        return await this.forget(step.id, step.name);
    }
  }

  private machine(name: string): Machine {
    const found = this.machines.find((one) => one.name === name);
    if (found?.node !== undefined) {
      if (found.node.liveRestore) throw liveRestoreError(name);
      return found;
    }
    throw new SdkError(
      ErrorCode.Unreachable,
      `${name} cannot be reached: ${found?.why ?? "nothing says how"}`,
      { fix: "bring it back, or mark its host as lost" },
    );
  }

  private get control(): Machine {
    if (this.manager) return this.manager;
    throw new SdkError(ErrorCode.Refused, "the swarm has no manager that can be reached");
  }

  private addresses(name: string) {
    const node = this.inputs.nodes[name];
    const address = node?.address ?? "";
    return {
      ListenAddr: node?.listenAddress ?? `0.0.0.0:${managementPort}`,
      AdvertiseAddr: address,
      ...(node?.dataPathAddress === undefined ? {} : { DataPathAddr: node.dataPathAddress }),
    };
  }

  private wantedOf(name: string): WantedNode {
    const found = this.wanted.find((one) => one.name === name);
    if (!found) throw new Error(`no node ${name} is declared`);
    return found;
  }

  private async init(name: string): Promise<void> {
    const { context, inputs } = this;
    const machine = this.machine(name);
    const { addressPools, subnetPrefix, dataPathPort } = inputs;
    const id = await machine.client.swarm.init(
      {
        ...this.addresses(name),
        ...(addressPools === undefined ? {} : { DefaultAddrPool: addressPools }),
        // Docker takes pools without it, and then never gives a network its subnet.
        SubnetSize: subnetPrefix ?? 24,
        ...(dataPathPort === undefined ? {} : { DataPathPort: dataPathPort }),
        Spec: { Name: "default", Labels: labelsOfOwner(context) },
      },
      { signal: context.signal },
    );
    this.manager = machine;
    await this.set(id, this.wantedOf(name));
  }

  /** The addresses at which the managers are reached by the other nodes. */
  private async remotes(): Promise<readonly string[]> {
    const nodes = await this.control.client.nodes.list({ signal: this.context.signal });
    return nodes.flatMap(({ ManagerStatus }) =>
      ManagerStatus?.Reachability === "reachable" ? [ManagerStatus.Addr] : [],
    );
  }

  private async join(
    name: string,
    role: WantedNode["role"],
    known: SwarmOutputs | undefined,
  ): Promise<void> {
    const { signal } = this.context;
    const machine = this.machine(name);
    const { client, node } = machine;
    if (node && node.LocalNodeState !== "inactive") {
      // Its entry was taken off the list; what it still believes is of no use.
      if (known?.nodeIds[name] !== node.NodeID) throw otherSwarm(name);
      await client.swarm.leave({ force: true, signal });
    }
    const swarm = await this.control.client.swarm.inspect({ signal });
    const token = role === "manager" ? swarm?.JoinTokens.Manager : swarm?.JoinTokens.Worker;
    const body = {
      ...this.addresses(name),
      RemoteAddrs: await this.remotes(),
      JoinToken: token ?? "",
    };
    try {
      await client.swarm.join(body, { signal });
    } catch (error) {
      // 503 or 504: it goes on in the background.
      const later = error instanceof DockerApiError && error.status >= 503;
      if (!later) throw this.withoutToken(error, token);
    }
    const id = await this.until<string>(`${name} is in the swarm`, async () => {
      const now = await client.swarm.localNode({ signal });
      const why = now.Error === "" ? now.LocalNodeState : `${now.LocalNodeState}, ${now.Error}`;
      return now.LocalNodeState === "active" ? { done: now.NodeID } : { seen: `it is ${why}` };
    });
    await this.ready(id, name, role);
    await this.set(id, this.wantedOf(name));
  }

  /** The daemon's words, without the token, should they ever hold it. */
  private withoutToken(error: unknown, token: string | undefined): unknown {
    if (!(error instanceof SdkError) || !token || !error.message.includes(token)) return error;
    return new SdkError(error.code, error.message.replaceAll(token, "[secret]"));
  }

  private async ready(id: string, name: string, role: WantedNode["role"]): Promise<void> {
    await this.until(`${name} is ready as a ${role}`, async () => {
      const node = await this.inspect(id);
      const manager = node?.ManagerStatus?.Reachability;
      const well = role === "worker" || manager === "reachable";
      if (node?.Status.State === "ready" && well) return { done: true };
      return { seen: `it is ${node?.Status.State ?? "not listed"}, ${manager ?? "no manager"}` };
    });
  }

  private inspect(id: string): Promise<NodeInspect | undefined> {
    return this.control.client.nodes.inspect(id, { signal: this.context.signal });
  }

  /** Changes a node's spec as it is now; a change of the managers' own may come between. */
  private async change(id: string, to: (spec: NodeSpec) => NodeSpec): Promise<void> {
    for (let left = tries; ; left -= 1) {
      const node = await this.inspect(id);
      if (!node) return;
      const next = to(node.Spec);
      if (JSON.stringify(next) === JSON.stringify(node.Spec)) return;
      try {
        const { signal } = this.context;
        await this.control.client.nodes.update(id, node.Version.Index, next, { signal });
        return;
      } catch (error) {
        const now = await this.inspect(id);
        if (left === 0 || now?.Version.Index === node.Version.Index) throw error;
      }
    }
  }

  private async set(id: string, wanted: WantedNode): Promise<void> {
    await this.change(id, (spec) => ({
      ...spec,
      Availability: wanted.availability,
      Labels: { ...wanted.labels, ...labelsOfOwner(this.context), [nodeLabel]: wanted.name },
    }));
  }

  private async promote(id: string, name: string): Promise<void> {
    await this.change(id, (spec) => ({ ...spec, Role: "manager" }));
    await this.ready(id, name, "manager");
  }

  private async demote(id: string, name: string): Promise<void> {
    await this.change(id, (spec) => ({ ...spec, Role: "worker" }));
    const machine = this.machines.find((one) => one.name === name);
    await this.until(`${name} is no manager any more`, async () => {
      const node = await this.inspect(id);
      if (node?.ManagerStatus) return { seen: "it still is" };
      if (machine?.node === undefined) return { done: true };
      const { ControlAvailable } = await machine.client.swarm.localNode();
      return ControlAvailable ? { seen: "it does not know yet" } : { done: true };
    });
  }

  private async drain(id: string, name: string): Promise<void> {
    await this.change(id, (spec) => ({ ...spec, Availability: "drain" }));
    const { drainTimeoutMs = 60_000 } = this.inputs;
    try {
      await this.until(
        `no task is left on ${name}`,
        async () => {
          const tasks = await this.control.client.services.tasks({ node: [id] });
          const left = tasks.filter(({ Status }) => !finished.has(Status.State));
          return left.length === 0 ? { done: true } : { seen: `${left.length} are` };
        },
        drainTimeoutMs,
      );
    } catch (error) {
      if (!(error instanceof SdkError) || error.code !== ErrorCode.Timeout) throw error;
      this.context.log.warn(`${error.message}; ${name} leaves nevertheless`);
    }
  }

  private async leave(id: string, name: string): Promise<void> {
    await this.machine(name).client.swarm.leave({ signal: this.context.signal });
    await this.takeOff(id);
  }

  private async forget(id: string, name: string): Promise<void> {
    const node = await this.inspect(id);
    if (node?.Status.State === "ready") {
      this.context.log.warn(
        `${name} is taken off the swarm, though it cannot be reached to leave: run \`docker swarm leave --force\` there`,
      );
    }
    if (node?.ManagerStatus || node?.Spec.Role === "manager") {
      await this.change(id, (spec) => ({ ...spec, Role: "worker" }));
      await this.until(`${name} is no manager any more`, async () =>
        (await this.inspect(id))?.ManagerStatus ? { seen: "it still is" } : { done: true },
      );
    }
    await this.takeOff(id);
  }

  private async takeOff(id: string): Promise<void> {
    const { nodes } = this.control.client;
    await this.until("it is off the list", async () => {
      try {
        await nodes.remove(id, { force: true });
        return { done: true };
      } catch (error) {
        // 500: a demotion that is not through yet.
        if (!(error instanceof DockerApiError)) throw error;
        return { seen: error.message };
      }
    });
  }

  private async until<T>(
    what: string,
    look: () => Promise<{ readonly done: T } | { readonly seen: string }>,
    timeoutMs = stepTimeoutMs,
  ): Promise<T> {
    const { signal } = this.context;
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const seen = await look();
      if ("done" in seen) return seen.done;
      if (performance.now() > deadline) {
        const words = `${what} was not reached after ${timeoutMs} ms: ${seen.seen}`;
        throw new SdkError(ErrorCode.Timeout, words);
      }
      await sleep(pollMs, undefined, { signal });
    }
  }
}

export function liveRestoreError(name: string): SdkError {
  return new SdkError(
    ErrorCode.BadInput,
    `the daemon of ${name} has liveRestore on, and Docker has no swarm with it`,
    { fix: "give its Daemon `options: { liveRestore: false }`" },
  );
}

function otherSwarm(name: string): SdkError {
  return new SdkError(ErrorCode.Foreign, `${name} is in another swarm`, {
    fix: "run `docker swarm leave --force` there if it may leave that one, or take another host",
  });
}

/** All of a swarm goes: workers first, the leader last. Gives who could not be reached. */
export async function leaveAll(
  context: Context,
  { machines, nodes }: Looked,
  { nodeIds }: SwarmOutputs,
): Promise<readonly string[]> {
  const rank = ({ node, name }: Machine) => {
    if (node?.ControlAvailable !== true) return 0;
    const leads = nodes.find(({ ID }) => ID === nodeIds[name])?.ManagerStatus?.Leader === true;
    return leads ? 2 : 1;
  };
  const there = machines.filter(
    ({ name, node }) => node && node.LocalNodeState !== "inactive" && node.NodeID === nodeIds[name],
  );
  for (const wave of [0, 1, 2]) {
    const going = there.filter((machine) => rank(machine) === wave);
    await Promise.all(
      going.map(async ({ name, client }) => {
        context.log.progress(`${name} leaves`);
        await client.swarm.leave({ force: true });
      }),
    );
  }
  return machines.filter(({ node }) => node === undefined).map(({ name }) => name);
}
