// A volume. Data outlives containers and stacks: a destroy leaves the volume, and the next update of
// the same stack takes it back, unless `delete` says otherwise. Engine API, /volumes.

import { resolve } from "node:path";
import type { VolumeCreateBody, VolumeInspect } from "../../docker/types.ts";
import { ErrorCode, SdkError } from "../../errors.ts";
import { element, f } from "../fields.ts";
import { belonging, labelsOfOwner, mayDelete } from "../owner.ts";
import { type Context, defineResource } from "../resource.ts";

function ownLabels(volume: VolumeInspect): { readonly [name: string]: string } {
  const labels = Object.entries(volume.Labels ?? {});
  return Object.fromEntries(labels.filter(([name]) => !name.startsWith("dockwright.")));
}

function outputsOf(volume: VolumeInspect) {
  return { volumeName: volume.Name, mountpoint: volume.Mountpoint };
}

function refuseForeign(context: Context, volume: VolumeInspect): void {
  const whose = belonging(context, volume.Labels);
  if (whose === "ours") return;
  const maker = whose === "foreign" ? "this resource" : "this stack, but by one of another backend";
  throw new SdkError(
    ErrorCode.Foreign,
    `the volume "${volume.Name}" exists and was not made by ${maker}`,
    { fix: `adopt it with the import option (id "${volume.Name}"), or give this one another name` },
  );
}

/** The answer to a create has no labels of a volume that was there when the daemon started. */
async function refuseForeignSure(context: Context, made: VolumeInspect): Promise<void> {
  if (belonging(context, made.Labels) === "ours") return;
  const { docker, signal } = context;
  refuseForeign(context, (await docker.volumes.inspect(made.Name, { signal })) ?? made);
}

/** Data does not move from one driver to another by itself. */
function refuseOtherDriver(volume: VolumeInspect, driver: string): void {
  if (volume.Driver === driver) return;
  throw new SdkError(
    ErrorCode.Refused,
    `the volume "${volume.Name}" with its data is of the driver "${volume.Driver}", not "${driver}"`,
    { fix: "give the new one a name of its own, and move the data" },
  );
}

async function clearCut(context: Context, name: string): Promise<boolean> {
  const { clearCutRestore } = await import("../../docker/volume-backup.ts");
  const found = await context.docker.volumes.inspect(name, { signal: context.signal });
  if (!found || belonging(context, found.Labels) !== "ours") return false;
  return clearCutRestore(context.docker, name, { signal: context.signal });
}

async function restored(
  context: Context,
  body: VolumeCreateBody & { readonly Name: string },
  path: string,
): Promise<VolumeInspect> {
  const { restoreVolume } = await import("../../docker/volume-backup.ts");
  const { docker, signal, log } = context;
  await restoreVolume(docker, body, resolve(path), { signal, onProgress: log.progress });
  const made = await docker.volumes.inspect(body.Name, { signal });
  if (made) return made;
  throw new SdkError(ErrorCode.Refused, `the volume "${body.Name}" went away after its restore`);
}

export const volume = defineResource({
  name: "Volume",
  doc: "A volume of the daemon. It is kept when the resource is deleted: destroy succeeds and says its name, and the next update of the same stack takes it back with its data. `delete: true` removes it.",
  inputs: {
    name: f.string({
      doc: "The volume's name on the daemon.",
      default: "the resource's name and a hash of its URN",
    }),
    driver: f.string({ doc: "The volume driver.", default: "local" }),
    driverOptions: f.map(f.string(element), {
      doc: "Options of the driver, by name.",
      default: "none",
    }),
    labels: f.map(f.string(element), { doc: "Labels by name.", default: "none" }),
    restoreFrom: f.string({
      doc: "A file that a VolumeBackup wrote, relative to the program: a volume that is made is filled from it. One that is there already is left as it is.",
      default: "none: a new volume is empty",
      onChange: "ignore",
    }),
    delete: f.boolean({
      doc: "Whether deleting the resource deletes the data.",
      default: "false",
      onChange: "update",
    }),
  },
  outputs: {
    volumeName: f.string({ doc: "The volume's name on the daemon.", required: true }),
    mountpoint: f.string({ doc: "Where its data lies on the daemon's host.", required: true }),
  },
  onDaemon: true,
  naming: "urn",
  preview: (inputs, old) => ({
    ...old?.outputs,
    ...(inputs.name === undefined ? {} : { volumeName: inputs.name }),
  }),
  deleteBeforeReplace: (olds, news) => olds.name === news.name,

  async create(context, inputs) {
    const { docker, signal } = context;
    const name = inputs.name ?? context.logicalName;
    if (inputs.restoreFrom !== undefined && (await clearCut(context, name))) {
      context.log.info(`a restore of the volume "${name}" was cut, and is done anew`);
    }
    const found = await docker.volumes.inspect(name, { signal });
    if (found) {
      refuseForeign(context, found);
      refuseOtherDriver(found, inputs.driver ?? "local");
      context.log.info(`took back the volume "${name}" with its data`);
      return { id: name, outputs: outputsOf(found) };
    }
    const body = {
      Name: name,
      Driver: inputs.driver ?? "local",
      ...(inputs.driverOptions ? { DriverOpts: inputs.driverOptions } : {}),
      Labels: { ...inputs.labels, ...labelsOfOwner(context) },
    };
    const made =
      inputs.restoreFrom === undefined
        ? await docker.volumes.create(body, { signal })
        : await restored(context, body, inputs.restoreFrom);
    await refuseForeignSure(context, made);
    return { id: made.Name, outputs: outputsOf(made) };
  },

  async read({ docker, signal }, id, known) {
    const found = await docker.volumes.inspect(id, { signal });
    if (!found) return undefined;
    const declared = known?.inputs;
    const labels = ownLabels(found);
    const options = found.Options ?? {};
    return {
      id: found.Name,
      inputs: {
        name: found.Name,
        ...(declared?.driver !== undefined || found.Driver !== "local"
          ? { driver: found.Driver }
          : {}),
        ...(declared?.driverOptions || (!declared && Object.keys(options).length > 0)
          ? { driverOptions: options }
          : {}),
        ...(declared?.labels || (!declared && Object.keys(labels).length > 0) ? { labels } : {}),
        ...(declared?.delete !== undefined ? { delete: declared.delete } : {}),
        ...(declared?.restoreFrom !== undefined ? { restoreFrom: declared.restoreFrom } : {}),
      },
      outputs: outputsOf(found),
    };
  },

  update: (_context, _id, old) => Promise.resolve(old.outputs),

  whenLost({ outputs: { volumeName } }) {
    const stays = `the volume "${volumeName}" and its data are on a host that is lost`;
    return { stays, goes: `${stays}: it is forgotten here, and the data stays there` };
  },

  async delete(context, id, old) {
    const { docker, log } = context;
    const found = await docker.volumes.inspect(id);
    if (!found) return;
    if (old.inputs.delete !== true) {
      log.info(
        `kept the volume "${id}" and its data; the next update takes it back (delete: true removes it)`,
      );
      return;
    }
    if (mayDelete(context, found.Labels)) await docker.volumes.remove(id);
  },
});
