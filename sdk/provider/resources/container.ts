// A container. Create observes what is there, ensures what is missing, and returns only once the
// container is ready: a gate that fails leaves nothing behind. A change of what it runs replaces it.
// Engine API 1.41 to 1.45, /containers.

import { packFiles } from "../../docker/archive.ts";
import { DockerApiError } from "../../docker/client.ts";
import type { ContainerInspect } from "../../docker/types.ts";
import { ErrorCode, SdkError } from "../../errors.ts";
import type { Failure } from "../check.ts";
import { fileVolumes, planUploads } from "../container/files.ts";
import { endpointSettings } from "../container/network.ts";
import { observeInputs } from "../container/observe.ts";
import { type Body, fieldsOf, writeOptions } from "../container/option.ts";
import { containerOptions } from "../container/options.ts";
import { addressOf, passGate } from "../container/ready.ts";
import { element, f, type Plain } from "../fields.ts";
import { urnLabel } from "../names.ts";
import { type Context, defineResource } from "../resource.ts";
import { formatPath } from "../values.ts";

const defaultGraceMs = 10_000;
/** How many of its last log lines a container that failed its gate is given in the error. */
const logLines = 20;

export const containerInputs = fieldsOf(containerOptions);

export const containerOutputs = {
  containerId: f.string({ doc: "The container's id.", required: true }),
  imageId: f.string({ doc: "The id of the image it runs.", required: true }),
  running: f.boolean({ doc: "Whether it ran when it was last looked at.", required: true }),
  address: f.string({
    doc: "Its address on its first network; empty without one.",
    required: true,
  }),
  addresses: f.map(f.string(element), {
    doc: "Its address on each network, by the network's name.",
    required: true,
  }),
} as const;

export type ContainerInputs = Plain<typeof containerInputs>;
type ContainerOutputs = Plain<typeof containerOutputs>;

function createBody(context: Context, inputs: ContainerInputs): Body {
  const body: Body = { HostConfig: {} };
  writeOptions(containerOptions, body, inputs);
  if (inputs.readOnly === true && inputs.files) {
    const mounted = (inputs.mounts ?? []).map((mount) => mount.target);
    const mounts = [...(body.HostConfig.Mounts ?? []), ...fileVolumes(inputs.files, mounted)];
    body.HostConfig.Mounts = mounts;
  }
  body.Labels = { ...body.Labels, [urnLabel]: context.urn };
  return body;
}

function outputsOf(container: ContainerInspect): ContainerOutputs {
  const endpoints = Object.entries(container.NetworkSettings.Networks);
  return {
    containerId: container.Id,
    imageId: container.Image,
    running: container.State.Running,
    address: addressOf(container) ?? "",
    addresses: Object.fromEntries(endpoints.map(([name, end]) => [name, end.IPAddress ?? ""])),
  };
}

function isOurs(context: Context, container: ContainerInspect): boolean {
  return container.Config.Labels?.[urnLabel] === context.urn;
}

/** The container of that name, made now or left by an earlier run. What is not ours is refused. */
async function ensureCreated(
  context: Context,
  name: string,
  inputs: ContainerInputs,
): Promise<{ readonly container: ContainerInspect; readonly made: boolean }> {
  const { docker, signal } = context;
  const found = await inspectNamed(context, name);
  if (found) return { container: found, made: false };
  signal.throwIfAborted();
  try {
    // Without the signal of the call: one that is cut off may have made the container all the same.
    const id = await docker.containers.create(name, createBody(context, inputs));
    return { container: await inspectSure(context, id), made: true };
  } catch (error) {
    // Another writer was quicker, or the answer to a first try was lost.
    if (!(error instanceof DockerApiError) || error.status !== 409) throw error;
    const raced = await inspectNamed(context, name);
    if (!raced) throw error;
    return { container: raced, made: false };
  }
}

/** Our container of exactly that name: the Engine also finds an id that begins so. */
async function inspectNamed(context: Context, name: string): Promise<ContainerInspect | undefined> {
  const found = await context.docker.containers.inspect(name, { signal: context.signal });
  if (found?.Name !== `/${name}`) return undefined;
  if (!isOurs(context, found)) throw foreign(name);
  return found;
}

function foreign(name: string): SdkError {
  return new SdkError(
    ErrorCode.Foreign,
    `the container "${name}" exists and was not made by this resource`,
    {
      fix: `adopt it with the import option (id "${name}"), give this one another name, or remove it`,
    },
  );
}

async function inspectSure(context: Context, id: string): Promise<ContainerInspect> {
  // Without the signal: whoever asks has to do something with it, or to take it away.
  const container = await context.docker.containers.inspect(id);
  if (container) return container;
  throw new SdkError(
    ErrorCode.GateFailed,
    `the container ${id.slice(0, 12)} went away while it was being made`,
  );
}

/** Everything between "created" and "started"; each step finds out whether it was done before. */
async function ensureStarted(
  context: Context,
  container: ContainerInspect,
  inputs: ContainerInputs,
): Promise<void> {
  const { docker, signal } = context;
  if (container.State.Running) return;
  const joined = container.NetworkSettings.Networks;
  for (const attachment of (inputs.networks ?? []).slice(1)) {
    if (attachment.network in joined) continue;
    await docker.networks.connect(attachment.network, container.Id, endpointSettings(attachment), {
      signal,
    });
  }
  const neverRan = container.State.Status === "created";
  if (inputs.files && neverRan) {
    const mounted = (container.HostConfig.Mounts ?? []).map((mount) => mount.Target ?? "/");
    for (const { folder, files } of planUploads(inputs.files, mounted)) {
      const tar = await packFiles(files);
      await docker.containers.putArchive(container.Id, folder, tar, { signal });
    }
  }
  await docker.containers.start(container.Id, { signal });
}

/** What can be changed in place, of a container that was made before: by an earlier run, perhaps. */
async function ensurePolicy(
  { docker, signal }: Context,
  container: ContainerInspect,
  inputs: ContainerInputs,
): Promise<void> {
  const wanted = inputs.restart ?? "no";
  if ((container.HostConfig.RestartPolicy?.Name || "no") === wanted) return;
  const body = { RestartPolicy: { Name: wanted } };
  await docker.containers.update(container.Id, body, { signal });
}

/** Starts it and waits until it is ready. */
async function bringUp(
  context: Context,
  name: string,
  container: ContainerInspect,
  inputs: ContainerInputs,
): Promise<ContainerOutputs> {
  const started = performance.now();
  await ensurePolicy(context, container, inputs);
  await ensureStarted(context, container, inputs);
  const running = await inspectSure(context, container.Id);
  const ready = context.timeoutMs
    ? { ...inputs.ready, timeoutMs: context.timeoutMs }
    : inputs.ready;
  await passGate(context.docker, running, ready, {
    signal: context.signal,
    onProgress: (text) => {
      context.log.progress(`${name}: ${text}`);
    },
  });
  context.log.done(`${name}: ready after ${((performance.now() - started) / 1000).toFixed(1)} s`);
  return outputsOf(await inspectSure(context, container.Id));
}

const fates = {
  removed: "it was removed; what ran before it is untouched",
  left: "it ran before this update and was left as it is",
} as const;

async function lastLines({ docker }: Context, id: string): Promise<string> {
  const log = await docker.containers
    .logs(id, { tail: logLines }, { timeoutMs: 5000 })
    .catch(() => "");
  return log.trim() === "" ? "it wrote no log" : `its last log lines:\n${log.trimEnd()}`;
}

/** The error of a container that did not get ready: why, what became of it, and its last words. */
function gateError(
  context: Context,
  name: string,
  cause: unknown,
  log: string,
  fate: string,
): SdkError {
  const fix = cause instanceof SdkError && cause.fix ? { fix: cause.fix } : {};
  if (context.signal.aborted) {
    const words = `the container "${name}" was stopped on request before it was ready; ${fate}`;
    return new SdkError(ErrorCode.Cancelled, words, { cause, ...fix });
  }
  const reason = cause instanceof Error ? cause.message : String(cause);
  const words = `the container "${name}" did not get ready: ${reason}\n${fate}; ${log}`;
  return new SdkError(ErrorCode.GateFailed, words, { cause, ...fix });
}

/** Takes a container that did not get ready away, unless it ran before; gives the error to throw. */
async function giveUp(
  context: Context,
  name: string,
  id: string,
  cause: unknown,
  ranBefore: boolean,
): Promise<SdkError> {
  // Its log first. Nothing here goes by the signal of the call: it must happen after a cancel too.
  const log = await lastLines(context, id);
  if (ranBefore) return gateError(context, name, cause, log, fates.left);
  const options = { force: true, volumes: true };
  const why = await context.docker.containers.remove(id, options).then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  const fate = why === undefined ? fates.removed : `it could not be removed: ${why}`;
  return gateError(context, name, cause, log, fate);
}

async function createContainer(context: Context, inputs: ContainerInputs) {
  const name = inputs.name ?? context.logicalName;
  const { container } = await ensureCreated(context, name, inputs);
  const ranBefore = container.State.Running;
  if (ranBefore) {
    const how = "change a label to have a new one";
    context.log.info(`took over the container "${name}", which runs with these inputs (${how})`);
  }
  try {
    const outputs = await bringUp(context, name, container, inputs);
    return { id: container.Id, outputs };
  } catch (error) {
    throw await giveUp(context, name, container.Id, error, ranBefore);
  }
}

function checkContainer(inputs: ContainerInputs): readonly Failure[] {
  const failures: Failure[] = [];
  if (inputs.networkMode !== undefined && (inputs.networks?.length ?? 0) > 0) {
    failures.push({
      property: "networkMode",
      reason: `is ${JSON.stringify(inputs.networkMode)}, and networks are given too; leave one of them out`,
    });
  }
  if (inputs.networkMode?.startsWith("container:") === true && (inputs.ports?.length ?? 0) > 0) {
    failures.push({
      property: "ports",
      reason: "belong to the container whose network is shared; publish them there",
    });
  }
  return [...failures, ...checkFiles(inputs)];
}

/** Files cannot be put where only the start makes a place for them, nor into a read-only `/`. */
function checkFiles({ files = {}, tmpfs = {}, readOnly }: ContainerInputs): readonly Failure[] {
  return Object.keys(files).flatMap((path) => {
    const property = formatPath(["files", path]);
    const memory = Object.keys(tmpfs).find((folder) => path.startsWith(`${folder}/`));
    if (memory !== undefined) {
      return [
        {
          property,
          reason: `lies in tmpfs ${memory}, which is empty at the start; choose another place`,
        },
      ];
    }
    if (readOnly === true && path.lastIndexOf("/") === 0) {
      return [
        { property, reason: "lies in / itself, which is read-only; choose a folder below it" },
      ];
    }
    return [];
  });
}

/** Whether two containers with these inputs would fight over a host port or a name. */
function cannotCoexist(olds: ContainerInputs, news: ContainerInputs): boolean {
  const fixed = (inputs: ContainerInputs) =>
    new Set(
      (inputs.ports ?? [])
        .filter((port) => port.hostPort !== undefined)
        .map((port) => `${port.hostPort ?? 0}/${port.protocol ?? "tcp"}`),
    );
  const before = fixed(olds);
  return olds.name === news.name || [...fixed(news)].some((port) => before.has(port));
}

export const container = defineResource({
  name: "Container",
  doc: "A container that is ready: a create returns once its gate is passed, and a container that does not pass is removed. Any change of what it runs makes a new container beside the old one, which is stopped with grace only after everything that depends on it has moved on.",
  inputs: containerInputs,
  outputs: containerOutputs,
  naming: "inputs",
  check: checkContainer,
  preview: (_inputs, old) => (old ? { ...old.outputs, running: true } : { running: true }),
  drift: (outputs) =>
    outputs.running
      ? []
      : [{ property: "running", kind: "update", replace: false, inputDiff: false }],
  deleteBeforeReplace: cannotCoexist,
  create: createContainer,

  async read({ docker, signal }, id, known) {
    const found = await docker.containers.inspect(id, { signal });
    if (!found) return undefined;
    const image = await docker.images.inspect(found.Image, { signal });
    return {
      id: found.Id,
      inputs: observeInputs(found, image, known?.inputs),
      outputs: outputsOf(found),
    };
  },

  async update(context, id, _old, inputs) {
    const name = inputs.name ?? context.logicalName;
    const found = await inspectSure(context, id);
    try {
      return await bringUp(context, name, found, inputs);
    } catch (error) {
      throw await giveUp(context, name, id, error, true);
    }
  },

  async delete({ docker, urn, log }, id, old) {
    const found = await docker.containers.inspect(id);
    if (!found) return;
    const name = found.Name.slice(1);
    if (found.Config.Labels?.[urnLabel] !== urn && found.Config.Labels?.[urnLabel] !== undefined) {
      log.warn(`the container ${name} now belongs to another resource; it was left alone`);
      return;
    }
    if (found.State.Running) {
      const graceMs = old.inputs.stopGraceMs ?? defaultGraceMs;
      log.progress(`${name}: asked to end, with ${graceMs / 1000} s of grace`);
      await docker.containers.stop(id, { graceMs });
    }
    await docker.containers.remove(id, { force: true, volumes: true });
    log.done(`${name}: removed`);
  },
});
