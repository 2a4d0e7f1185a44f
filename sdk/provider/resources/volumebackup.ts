// A backup of a volume, as a file of the machine that runs the update. Taken once, and again when a
// trigger says so or the file is gone; kept when the resource goes. See docker/volume-backup.ts.

import { rm, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { element, f } from "../fields.ts";
import { defineResource } from "../resource.ts";

export const volumeBackup = defineResource({
  name: "VolumeBackup",
  doc: "A backup of a volume: a tar with all that is in it, modes and owners, in a file of the machine that runs the update. Volume's `restoreFrom` makes a volume of it. It is taken again when a trigger changes or the file is gone; the file stays when the resource goes, unless `delete` says otherwise.",
  inputs: {
    volume: f.string({ doc: "The volume's name on the daemon.", required: true }),
    path: f.string({
      doc: "The file, relative to the program. Its folder must be there. With a name that ends in `.gz` it is compressed. Readable by its owner alone.",
      required: true,
    }),
    consistency: f.choice(["pause", "stop", "none"], {
      doc: "What happens to running containers that use the volume: they are paused meanwhile (what a power cut would leave: enough for a database that recovers), or stopped and started again, or nothing.",
      default: "pause",
      onChange: "ignore",
    }),
    triggers: f.map(f.string(element), {
      doc: "Values whose change takes the backup again, in place of the former file.",
      default: "none",
    }),
    delete: f.boolean({
      doc: "Whether deleting the resource deletes the file.",
      default: "false",
      onChange: "update",
    }),
  },
  outputs: {
    sizeBytes: f.integer({ doc: "The file's size, in bytes.", required: true }),
    sha256: f.string({ doc: "The file's SHA-256, in hexadecimal.", required: true }),
    takenAt: f.string({ doc: "When it was taken, as ISO 8601.", required: true }),
  },

  async create(context, inputs) {
    const { backupVolume } = await import("../../docker/volume-backup.ts");
    const { docker, signal, log, now } = context;
    const { volume, path, consistency } = inputs;
    const takenAt = now().toISOString();
    const backup = await backupVolume(docker, volume, resolve(path), {
      signal,
      onProgress: log.progress,
      ...(consistency === undefined ? {} : { consistency }),
    });
    log.done(`${path}: ${backup.sizeBytes} bytes`);
    return { id: resolve(path), outputs: { ...backup, takenAt } };
  },

  async read(_context, id, known) {
    const found = await stat(id).catch(() => undefined);
    // A file of another size is not what was written.
    if (!known || found?.size !== known.outputs.sizeBytes) return undefined;
    return { id, ...known };
  },

  update: (_context, _id, old) => Promise.resolve(old.outputs),

  whenLost({ inputs: { volume, path }, outputs: { takenAt } }) {
    const stays = `the last backup of the volume "${volume}", whose host is lost, is ${path}, taken at ${takenAt}`;
    return { stays, goes: `${stays}: the file is kept` };
  },

  async delete({ log }, id, old) {
    if (old.inputs.delete === true) await rm(id, { force: true });
    else log.info(`kept the backup ${id}`);
  },
});
