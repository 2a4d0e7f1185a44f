// A container. Create observes what is there, ensures what is missing, and returns only once the
// container is ready: a gate that fails leaves nothing behind. A change of what it runs replaces it.
// Engine API 1.41 to 1.45, /containers.

import type { ContainerInspect } from "../../docker/types.ts";
import {
  type Ensured,
  ensureCreated,
  ensureFilled,
  ensureStarted,
  inspectSure,
} from "../container/ensure.ts";
import { readFiles } from "../container/files.ts";
import { giveUp } from "../container/giveup.ts";
import { imageById } from "../container/images.ts";
import { ensureInPlace, judgeContainer } from "../container/inplace.ts";
import { observeInputs } from "../container/observe.ts";
import { type ContainerInputs, containerInputs } from "../container/options.ts";
import { bindingsOf, publishedPlaces } from "../container/ports.ts";
import { addressOf, passGate } from "../container/ready.ts";
import { removeContainer } from "../container/remove.ts";
import { checkTogether } from "../container/rules.ts";
import { readSecrets } from "../container/secrets.ts";
import { checkVersions } from "../container/versions.ts";
import { leftAt } from "../diff.ts";
import { element, f, type Plain } from "../fields.ts";
import { type Context, defineResource } from "../resource.ts";
import type { ValueMap } from "../values.ts";

export const containerOutputs = {
  containerId: f.string({ doc: "The container's id.", required: true }),
  imageId: f.string({ doc: "The id of the image it runs.", required: true }),
  running: f.boolean({ doc: "Whether it ran when it was last looked at.", required: true }),
  paused: f.boolean({
    doc: "Whether it was held by `docker pause` when it was last looked at. An update lets it go on.",
    required: true,
  }),
  address: f.string({
    doc: "Its address on its first network; empty without one.",
    required: true,
  }),
  addresses: f.map(f.string(element), {
    doc: "Its address on each network, by the network's name.",
    required: true,
  }),
  published: f.map(f.string(element), {
    doc: "Where its ports are published, as ADDRESS:PORT, by the container's port, such as `8080/tcp`. Those that the daemon chooses at each start are there only while it runs.",
    required: true,
  }),
} as const;

type ContainerOutputs = Plain<typeof containerOutputs>;

function outputsOf(container: ContainerInspect): ContainerOutputs {
  const endpoints = Object.entries(container.NetworkSettings.Networks);
  return {
    containerId: container.Id,
    imageId: container.Image,
    running: container.State.Running,
    paused: container.State.Paused,
    address: addressOf(container) ?? "",
    addresses: Object.fromEntries(endpoints.map(([name, end]) => [name, end.IPAddress ?? ""])),
    published: publishedPlaces(container),
  };
}

/** Starts it and waits until it is ready. */
async function bringUp(
  context: Context,
  name: string,
  ensured: Ensured,
  inputs: ContainerInputs,
): Promise<ContainerOutputs> {
  const started = performance.now();
  const { container } = ensured;
  if (inputs.start === false && !container.State.Running) {
    await ensureInPlace(context, container, inputs);
    await ensureFilled(context, ensured, inputs);
    context.log.done(`${name}: made`);
    return outputsOf(await inspectSure(context, container.Id));
  }
  await ensureStarted(context, ensured, inputs);
  const running = await inspectSure(context, container.Id);
  const ready = context.timeoutMs
    ? { ...inputs.ready, timeoutMs: context.timeoutMs }
    : inputs.ready;
  await passGate(context.docker, running, ready, {
    machine: context.machine,
    overSsh: context.overSsh,
    signal: context.signal,
    onProgress: (text) => {
      context.log.progress(`${name}: ${text}`);
    },
  });
  context.log.done(`${name}: ready after ${((performance.now() - started) / 1000).toFixed(1)} s`);
  return outputsOf(await inspectSure(context, container.Id));
}

async function createContainer(context: Context, inputs: ContainerInputs) {
  const name = inputs.name ?? context.logicalName;
  const ensured = await ensureCreated(context, name, inputs);
  const { container } = ensured;
  const ranBefore = container.State.Running;
  if (ranBefore) {
    const how = "change a label to have a new one";
    context.log.info(`took over the container "${name}", which runs with these inputs (${how})`);
  }
  try {
    const outputs = await bringUp(context, name, ensured, inputs);
    return { id: container.Id, outputs };
  } catch (error) {
    throw await giveUp(context, name, container.Id, error, ranBefore);
  }
}

/** What only one container at a time can have: a name, and of those that run, ports and addresses. */
function exclusives(inputs: ContainerInputs): readonly string[] {
  const name = inputs.name === undefined ? [] : [`name ${inputs.name}`];
  // Whoever starts it sees to it that the other one does not run then.
  return inputs.start === false ? name : [...name, ...runningExclusives(inputs)];
}

function runningExclusives(inputs: ContainerInputs): readonly string[] {
  const ports = bindingsOf(inputs as unknown as ValueMap)
    .filter(({ hostPort }) => /^\d+$/.test(hostPort))
    .map(({ hostPort, port }) => `port ${hostPort}/${port.split("/")[1] ?? ""}`);
  const addresses = (inputs.networks ?? []).flatMap(({ network, ...fixed }) =>
    [fixed.ipv4Address, fixed.ipv6Address, fixed.macAddress]
      .filter((address) => address !== undefined)
      .map((address) => `${network} ${address}`),
  );
  return [
    ...ports,
    ...addresses,
    ...(inputs.macAddress === undefined ? [] : [`mac ${inputs.macAddress}`]),
  ];
}

/** What two containers with these inputs would fight over. */
function contested(olds: ContainerInputs, news: ContainerInputs): readonly string[] {
  const before = new Set(exclusives(olds));
  return exclusives(news).filter((one) => before.has(one));
}

const portsOf = (inputs: ContainerInputs): readonly string[] =>
  exclusives(inputs).filter((one) => one.startsWith("port "));

/** What a replacement interrupts, in words: a preview says so. */
function interrupts(olds: ContainerInputs, news: ContainerInputs): string | undefined {
  const both = contested(olds, news);
  if (both.length > 0) {
    return `is stopped before the new one starts, since both want ${both.join(", ")}: what it serves is interrupted until the new one is ready`;
  }
  const gone = portsOf(olds).filter((port) => !portsOf(news).includes(port));
  if (gone.length === 0) return undefined;
  return `stops answering on ${gone.join(", ")} of the host, which the new one does not publish`;
}

/** What is in it: read where it was declared, and of an import what can be found. */
async function readContent(
  { docker, signal }: Context,
  found: ContainerInspect,
  known: ContainerInputs | undefined,
): Promise<Partial<ContainerInputs>> {
  const { files, secrets } = known ?? {};
  // Those of one that does not run may be gone with a reboot, and are put back before its start.
  const look = found.State.Running && (known === undefined || isFilled(secrets));
  const seen = look ? ((await readSecrets({ docker, signal }, found)) ?? {}) : {};
  return {
    ...(isFilled(files) ? { files: await readFiles(docker, found.Id, files, signal) } : {}),
    ...(look && (known !== undefined || isFilled(seen)) ? { secrets: seen } : {}),
  };
}

function isFilled<T extends object>(map: T | undefined): map is T {
  return map !== undefined && Object.keys(map).length > 0;
}

export const container = defineResource({
  name: "Container",
  doc: "A container that is ready: a create returns once its gate is passed, and a container that does not pass is removed. Any change of what it runs makes a new container beside the old one, which is stopped with grace only after everything that depends on it has moved on.",
  inputs: containerInputs,
  outputs: containerOutputs,
  onDaemon: true,
  uniqueId: true,
  naming: "inputs",
  check: checkTogether,
  checkThere: checkVersions,
  judge: judgeContainer,
  preview: ({ start = true }, old) => ({
    ...old?.outputs,
    running: start || (old?.outputs.running ?? false),
    paused: false,
  }),
  drift: ({ running, paused }, { start = true }) => {
    const property = running ? (paused ? "paused" : undefined) : start ? "running" : undefined;
    return property ? leftAt(property) : [];
  },
  deleteBeforeReplace: (olds, news) => contested(olds, news).length > 0,
  interrupts,
  create: createContainer,

  async read(context, id, known) {
    const { docker, signal } = context;
    const found = await docker.containers.inspect(id, { signal });
    if (!found) return undefined;
    const image = await imageById(docker, found.Image, signal);
    const info = known ? undefined : await docker.system.info({ signal });
    const seen = observeInputs(found, image, known?.inputs, info);
    const content = await readContent(context, found, known?.inputs);
    const inputs = { ...seen, ...content };
    return { id: found.Id, inputs, outputs: outputsOf(found) };
  },

  async update(context, id, _old, inputs) {
    const name = inputs.name ?? context.logicalName;
    const found = await inspectSure(context, id);
    try {
      return await bringUp(context, name, { container: found, fresh: false }, inputs);
    } catch (error) {
      throw await giveUp(context, name, id, error, true);
    }
  },

  async delete(context, id, old) {
    const { stopGraceMs: graceMs, removeVolumes: volumes } = old.inputs;
    await removeContainer(context, id, { graceMs, volumes });
  },
});
