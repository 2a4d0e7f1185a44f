// A service of a swarm. Swarm exchanges its tasks by itself; this waits until it has, and fails where
// Swarm took the change back, stopped halfway, or never gets there. A service that does not come up when
// it is made is removed again.

import type { ServiceInspect, ServiceSpec } from "../../docker/swarm-types.ts";
import { ErrorCode, SdkError } from "../../errors.ts";
import type { Failure } from "../check.ts";
import { belonging, labelsOfOwner, mayDelete } from "../owner.ts";
import { type Context, defineResource, type Recorded } from "../resource.ts";
import { converge, lookAtService, type Outcome, report, untilGone } from "../swarm/converge.ts";
import {
  type ServiceInputs,
  type ServiceOutputs,
  serviceInputs,
  serviceOutputs,
} from "../swarm/service-fields.ts";
import { type References, readSpec, releaseOf, serviceSpec } from "../swarm/service-spec.ts";
import { describeMoves, driftOfService, nodesOfTasks, type ServiceSight } from "../swarm/tasks.ts";
import { equalValues, type Value } from "../values.ts";

type Old = Recorded<typeof serviceInputs, typeof serviceOutputs>;

function checkService(values: ServiceInputs): readonly Failure[] {
  const { mode, replicas, placement, ports = [], endpointMode, update, image } = values;
  const failures: Failure[] = [];
  const fail = (property: string, reason: string) => failures.push({ property, reason });
  if (mode === "global" && replicas !== undefined)
    fail("replicas", "is for the mode replicated: a global service has one task on every node");
  if (mode === "global" && placement?.maxPerNode !== undefined)
    fail("placement.maxPerNode", "is for the mode replicated");
  for (const [index, port] of ports.entries()) {
    if (endpointMode === "dnsrr" && port.mode !== "host")
      fail(
        `ports[${index}].mode`,
        'is ingress, which endpointMode dnsrr does not have; write "host"',
      );
    const fixed = port.mode === "host" && port.publishedPort !== undefined;
    if (fixed && mode === "global" && update?.order === "start-first")
      fail(
        "update.order",
        `is start-first, and the nodes' port ${port.publishedPort ?? ""} is taken until the old task ends; write "stop-first"`,
      );
  }
  if (!image.includes("@sha256:") && !image.startsWith("sha256:"))
    fail(
      "image",
      `is ${image}; write a digest (NAME@sha256:...) or an id (sha256:...), so that every node runs the same`,
    );
  return failures;
}

async function idsOf(
  names: readonly string[],
  what: string,
  find: (name: string) => Promise<string | undefined>,
): Promise<Record<string, string>> {
  const pairs = names.map(async (name) => {
    const id = await find(name);
    if (id !== undefined) return [name, id] as const;
    throw new SdkError(ErrorCode.Missing, `there is no ${what} "${name}" in the swarm`);
  });
  return Object.fromEntries(await Promise.all(pairs));
}

async function resolve({ docker, signal }: Context, values: ServiceInputs): Promise<References> {
  const options = { signal };
  const named = (list: readonly { readonly name: string }[] = []) => list.map(({ name }) => name);
  const networks = (values.networks ?? []).map(({ network }) => network);
  const [n, s, c] = await Promise.all([
    idsOf(networks, "network", async (name) => (await docker.networks.inspect(name, options))?.Id),
    idsOf(
      named(values.secrets),
      "secret",
      async (name) => (await docker.secrets.inspect(name, options))?.ID,
    ),
    idsOf(
      named(values.configs),
      "config",
      async (name) => (await docker.configs.inspect(name, options))?.ID,
    ),
  ]);
  return { networks: n, secrets: s, configs: c };
}

async function specOf(context: Context, values: ServiceInputs): Promise<ServiceSpec> {
  return serviceSpec(values, await resolve(context, values), labelsOfOwner(context));
}

/** Networks by id, for people. */
async function networkNames({ docker, signal }: Context, { TaskTemplate }: ServiceSpec) {
  const pairs = (TaskTemplate.Networks ?? []).map(async ({ Target }) => {
    const found = await docker.networks.inspect(Target, { signal });
    return [Target, found?.Name ?? Target] as const;
  });
  return Object.fromEntries(await Promise.all(pairs)) as Record<string, string>;
}

/** Whether the real service is what is declared; its hash alone would not see a change by hand. */
function sameSpec(live: ServiceSpec, wanted: ServiceSpec): boolean {
  const words = (spec: ServiceSpec) => readSpec(spec, {}) as unknown as Value;
  const release = releaseOf(live.TaskTemplate) === releaseOf(wanted.TaskTemplate);
  return release && equalValues(words(live), words(wanted));
}

function outputsOf(sight: ServiceSight): ServiceOutputs {
  return {
    serviceId: sight.service.ID,
    serviceName: sight.service.Spec.Name ?? "",
    taskNodes: nodesOfTasks(sight),
    drift: driftOfService(sight),
  };
}

function refuseForeign(context: Context, { Spec }: ServiceInspect): void {
  if (belonging(context, Spec.Labels) === "ours") return;
  throw new SdkError(
    ErrorCode.Foreign,
    `the service "${Spec.Name ?? ""}" exists and was not made by this resource`,
    { fix: "give this one another name, or remove that one" },
  );
}

async function remove(context: Pick<Context, "docker">, id: string): Promise<void> {
  const tasks = await context.docker.services.tasks({ service: [id] }).catch(() => []);
  await context.docker.services.remove(id);
  await untilGone(context, tasks);
}

/** Makes it, or goes on with what a killed run made; removes it where it does not come up. */
async function make(context: Context, values: ServiceInputs): Promise<ServiceSight> {
  const { docker, signal } = context;
  const spec = await specOf(context, values);
  const release = releaseOf(spec.TaskTemplate);
  const found = await docker.services.inspect(spec.Name ?? "", { signal });
  if (found) {
    refuseForeign(context, found);
    return await change(context, values, found);
  }
  const auth = values.auth === undefined ? {} : { auth: authOf(values.auth) };
  const id = await docker.services.create(spec, { signal, ...auth });
  let outcome: Outcome;
  try {
    outcome = await converge(context, id, release, true);
  } catch (error) {
    await docker.services.remove(id).catch(() => undefined);
    throw error;
  }
  if (outcome.kind === "passed") return outcome.sight;
  const words = await report(context, outcome.sight, release);
  await remove(context, id);
  throw failure(spec, outcome.why, `it was removed\n${words}`);
}

function authOf({ username, password, identityToken }: NonNullable<ServiceInputs["auth"]>) {
  return {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(identityToken === undefined ? {} : { identitytoken: identityToken }),
  };
}

function failure({ Name = "" }: ServiceSpec, why: string, rest: string): SdkError {
  const words = `the service "${Name}" did not come up: ${why}\n${rest}`;
  return new SdkError(ErrorCode.GateFailed, words.trimEnd());
}

/** Changes it where it differs, and waits. What does not come up in time is taken back. */
async function change(
  context: Context,
  values: ServiceInputs,
  live: ServiceInspect,
): Promise<ServiceSight> {
  const { docker, signal, log } = context;
  const spec = await specOf(context, values);
  const release = releaseOf(spec.TaskTemplate);
  // Sent anew, a spec would count as the former one too, and there would be no way back.
  const halted = ["paused", "rollback_paused"].includes(live.UpdateStatus?.State ?? "");
  if (halted || !sameSpec(live.Spec, spec)) {
    const auth = values.auth === undefined ? {} : { auth: authOf(values.auth) };
    await docker.services.update(live.ID, live.Version.Index, spec, { signal, ...auth });
  }
  const outcome = await converge(context, live.ID, release, false);
  if (outcome.kind === "passed") {
    const { length } = Object.keys(nodesOfTasks(outcome.sight));
    log.done(`${spec.Name ?? ""}: ${length} tasks run`);
    return outcome.sight;
  }
  const words = await report(context, outcome.sight, release);
  const fate =
    outcome.kind === "late" ? await goBack(context, outcome.sight) : fateOf(outcome.isBack);
  throw failure(spec, outcome.why, `${fate}\n${words}`);
}

function fateOf(isBack: boolean): string {
  return isBack
    ? "the former release serves"
    : "its tasks are left as they are: look at them, then update again, or bring the former arguments back and run `pulumi up --refresh`";
}

/** Swarm itself waits for ever, such as for a node that fits: this does not. */
async function goBack(context: Context, { service }: ServiceSight): Promise<string> {
  const { docker } = context;
  const { PreviousSpec: former, ID } = service;
  if (!former) return "there is no former release to go back to";
  const now = await docker.services.inspect(ID);
  if (!now) return "it is gone";
  await docker.services.update(ID, now.Version.Index, former, { rollback: true });
  const patient = { ...context, docker, log: context.log, signal: new AbortController().signal };
  const back = await converge(patient, ID, releaseOf(former.TaskTemplate), false);
  return back.kind === "passed" || back.isBack
    ? "it was taken back: the former release serves"
    : `it was to be taken back, which failed too: ${back.why}`;
}

/** What is there, where it differs from what is declared. */
async function observe(context: Context, live: ServiceSpec, declared: ServiceInputs | undefined) {
  const names = await networkNames(context, live);
  const seen = readSpec(live, names) as unknown as Readonly<Record<string, Value>>;
  if (!declared) return seen as unknown as ServiceInputs;
  const none = { networks: {}, secrets: {}, configs: {} };
  const meant = readSpec(serviceSpec(declared, none, {}), {}) as unknown as typeof seen;
  const entries = Object.entries(seen).flatMap(([name, value]): [string, Value][] => {
    const told = (declared as unknown as Record<string, Value>)[name];
    if (!equalValues(value, meant[name])) return [[name, value]];
    return told === undefined ? [] : [[name, told]];
  });
  const { auth } = declared;
  return { ...Object.fromEntries(entries), ...(auth ? { auth } : {}) } as unknown as ServiceInputs;
}

export const swarmService = defineResource({
  name: "SwarmService",
  doc: "A service of a swarm. An update waits until Swarm has exchanged the tasks. One that Swarm took back or stopped, or that does not come up within `customTimeouts` (10 minutes), fails, and says what the tasks and their logs say.",
  inputs: serviceInputs,
  outputs: serviceOutputs,
  naming: "urn",
  check: checkService,
  deleteBeforeReplace: () => true,
  drift: ({ drift }) =>
    drift.length > 0
      ? [{ property: "drift", kind: "update", replace: false, inputDiff: false }]
      : [],
  preview: (values, old) => ({
    ...(values.name === undefined ? {} : { serviceName: values.name }),
    ...(old ? { serviceId: old.outputs.serviceId } : {}),
    drift: [],
  }),

  async create(context, values) {
    const outputs = outputsOf(await make(context, values));
    return { id: outputs.serviceId, outputs };
  },

  async read(context, id, known) {
    const sight = await lookAtService(context, id);
    if (!sight) return undefined;
    const inputs = await observe(context, sight.service.Spec, known?.inputs);
    const outputs = outputsOf(sight);
    for (const words of outputs.drift) context.log.warn(`${outputs.serviceName}: ${words}`);
    const moves = known ? describeMoves(known.outputs.taskNodes, sight) : [];
    for (const words of moves) context.log.info(`${outputs.serviceName}: ${words}`);
    return { id: sight.service.ID, inputs, outputs };
  },

  async update(context, id, _old: Old, values) {
    const live = await context.docker.services.inspect(id, { signal: context.signal });
    if (!live) {
      throw new SdkError(ErrorCode.Missing, "the service is gone", {
        fix: "run `pulumi refresh`, then the update makes it anew",
      });
    }
    refuseForeign(context, live);
    return outputsOf(await change(context, values, live));
  },

  async delete(context, id) {
    const found = await context.docker.services.inspect(id);
    if (found && mayDelete(context, found.Spec.Labels)) await remove(context, found.ID);
  },
});
