// Makes a container be there and run: observe, create what is missing, put in what belongs inside,
// start. Each step finds out whether an earlier run did it. What is not ours is refused.
// Engine API 1.41 to 1.45: POST /containers/create, /containers/{id}/start, /unpause; PUT .../archive.

import { packFiles } from "../../docker/archive.ts";
import { DockerApiError } from "../../docker/client.ts";
import type { ContainerInspect } from "../../docker/types.ts";
import { ErrorCode, SdkError } from "../../errors.ts";
import { diffFields } from "../diff.ts";
import { belonging, labelsOfOwner } from "../owner.ts";
import type { Context } from "../resource.ts";
import type { ValueMap } from "../values.ts";
import { fileVolumes, planUploads } from "./files.ts";
import { ensureInPlace } from "./inplace.ts";
import { observeInputs } from "./observe.ts";
import { type Body, writeOptions } from "./option.ts";
import { type ContainerInputs, containerInputs, containerOptions } from "./options.ts";
import { keptCandidates, keptPort } from "./ports.ts";
import { placeSecrets, secretsMount } from "./secrets.ts";

function hasSecrets({ secrets }: ContainerInputs): boolean {
  return Object.keys(secrets ?? {}).length > 0;
}

async function createBody(context: Context, name: string, inputs: ContainerInputs): Promise<Body> {
  const body: Body = { HostConfig: {} };
  writeOptions(containerOptions, body, inputs);
  const mounts = [...(body.HostConfig.Mounts ?? [])];
  if (inputs.readOnly === true && inputs.files) {
    const binds = (inputs.binds ?? []).map((bind) => bind.split(":")[1] ?? "");
    const mounted = [...mounts.map(({ Target = "/" }) => Target), ...binds];
    mounts.push(...fileVolumes(inputs.files, [...mounted, ...(inputs.anonymousVolumes ?? [])]));
  }
  await choosePorts(context, name, body);
  if (hasSecrets(inputs)) mounts.push(await secretsMount(context, name));
  if (mounts.length > 0) body.HostConfig.Mounts = mounts;
  body.Labels = { ...body.Labels, ...labelsOfOwner(context) };
  return body;
}

/** Ports that are chosen once and kept: of the container's own candidates the first that none has. */
async function choosePorts({ docker, signal }: Context, name: string, body: Body): Promise<void> {
  const bindings = Object.values(body.HostConfig.PortBindings ?? {}).flatMap((list) => list ?? []);
  const open = bindings.filter(({ HostPort }) => HostPort === keptPort);
  if (open.length === 0) return;
  const all = await docker.containers.list({ all: true }, { signal });
  const taken = new Set(all.flatMap(({ Ports = [] }) => Ports.map(({ PublicPort }) => PublicPort)));
  const free = keptCandidates(name, 200).filter((port) => !taken.has(port));
  open.forEach((binding, index) => {
    (binding as { HostPort: string }).HostPort = String(free[index]);
  });
}

/** Whose container it is: of the two, only one can be imported. */
export type Kind = "Container" | "Task";

function foreign({ logicalName, urn, owner }: Context, found: ContainerInspect, kind: Kind) {
  const name = found.Name.slice(1);
  const command =
    kind === "Container"
      ? `pulumi import dockwright:index:Container ${logicalName} ${name}`
      : undefined;
  if (belonging({ urn, owner }, found.Config.Labels) === "other stack") {
    const last =
      command === undefined
        ? "or, when that stack is gone for good, remove it"
        : `or, when that stack is gone for good, adopt it: ${command}`;
    return new SdkError(
      ErrorCode.Foreign,
      `the container "${name}" exists and belongs to a stack of the same project and name in another backend, or to another provider of this one`,
      {
        fix: `use the backend that made it, give this stack or this resource another name, ${last}`,
      },
    );
  }
  const adopt =
    command === undefined
      ? ""
      : `adopt it with the import option (id "${name}") or with \`${command}\`, `;
  return new SdkError(
    ErrorCode.Foreign,
    `the container "${name}" exists and was not made by this resource`,
    { fix: `${adopt}give this one another name, or remove it` },
  );
}

/** Our container of exactly that name: the Engine also finds an id that begins so. */
async function inspectNamed(
  context: Context,
  name: string,
  kind: Kind,
): Promise<ContainerInspect | undefined> {
  const found = await context.docker.containers.inspect(name, { signal: context.signal });
  if (found?.Name !== `/${name}`) return undefined;
  if (belonging(context, found.Config.Labels) !== "ours") throw foreign(context, found, kind);
  return found;
}

export async function inspectSure(context: Context, id: string): Promise<ContainerInspect> {
  // Without the signal: whoever asks has to do something with it, or to take it away.
  const container = await context.docker.containers.inspect(id);
  if (container) return container;
  throw new SdkError(
    ErrorCode.GateFailed,
    `the container ${id.slice(0, 12)} went away while it was being made`,
  );
}

/**
 * A daemon takes an option that its kernel lacks, says so in a warning, and drops it. What is then not
 * as it was declared would be a change in every later preview: it is refused now.
 */
async function refuseDropped(
  context: Context,
  container: ContainerInspect,
  inputs: ContainerInputs,
  warnings: readonly string[],
): Promise<void> {
  if (warnings.length === 0) return;
  const image = await context.docker.images.inspect(container.Image);
  const seen = observeInputs(container, image, inputs) as ValueMap;
  const dropped = diffFields(containerInputs, seen, inputs as ValueMap).map((c) => c.property);
  if (dropped.length === 0) {
    for (const warning of warnings) context.log.warn(warning);
    return;
  }
  await context.docker.containers.remove(container.Id, { force: true, volumes: true });
  throw new SdkError(
    ErrorCode.Refused,
    `the daemon does not take ${dropped.join(", ")}: ${warnings.join("; ")}`,
    { fix: "leave that out, or use a host that can do it" },
  );
}

/** A container, and whether this very call made it. */
export interface Ensured {
  readonly container: ContainerInspect;
  readonly fresh: boolean;
}

/** The container of that name, made now or left by an earlier run. */
export async function ensureCreated(
  context: Context,
  name: string,
  inputs: ContainerInputs,
  kind: Kind = "Container",
): Promise<Ensured> {
  const { docker, signal } = context;
  const found = await inspectNamed(context, name, kind);
  if (found) return { container: found, fresh: false };
  signal.throwIfAborted();
  if (hasSecrets(inputs)) await placeSecrets(context, inputs.image, name, inputs.secrets ?? {});
  let warnings: readonly string[] = [];
  try {
    // Without the signal of the call: one that is cut off may have made the container all the same.
    const id = await docker.containers.create(name, await createBody(context, name, inputs), {
      ...(inputs.platform === undefined ? {} : { platform: inputs.platform }),
      onWarnings: (list) => {
        warnings = list;
      },
    });
    const container = await inspectSure(context, id);
    await refuseDropped(context, container, inputs, warnings);
    return { container, fresh: true };
  } catch (error) {
    // Another writer was quicker, or the answer to a first try was lost.
    if (!(error instanceof DockerApiError) || error.status !== 409) throw error;
    const raced = await inspectNamed(context, name, kind);
    if (!raced) throw error;
    return { container: raced, fresh: false };
  }
}

/** Everything between "created" and "started"; each step finds out whether it was done before. */
export async function ensureStarted(
  context: Context,
  ensured: Ensured,
  inputs: ContainerInputs,
): Promise<void> {
  const { docker, signal } = context;
  const { Id: id, State: state } = ensured.container;
  if (state.Paused) await docker.containers.unpause(id, { signal });
  await ensureInPlace(context, ensured.container, inputs);
  if (state.Running) return;
  await ensureFilled(context, ensured, inputs);
  await docker.containers.start(id, { signal });
}

/** Puts in what belongs inside before the start. */
export async function ensureFilled(
  context: Context,
  { container, fresh }: Ensured,
  inputs: ContainerInputs,
): Promise<void> {
  const { docker, signal } = context;
  if (hasSecrets(inputs) && !fresh) {
    // Also of one that ran before: a reboot of the host has taken them.
    const name = container.Name.slice(1);
    await placeSecrets(context, container.Image, name, inputs.secrets ?? {});
  }
  const neverRan = container.State.Status === "created";
  if (inputs.files && neverRan) {
    const mounted = (container.HostConfig.Mounts ?? []).map((mount) => mount.Target ?? "/");
    for (const { folder, files } of planUploads(inputs.files, mounted)) {
      const tar = await packFiles(files);
      await docker.containers.putArchive(container.Id, folder, tar, { signal });
    }
  }
}
