// A folder on a host. When the resource goes, what was made here goes too, as far as it is empty.

import {
  type DirectorySpec,
  ensureDirectory,
  observeDirectory,
  undoDirectory,
} from "../../host/operations/directory.ts";
import { describeDifferences } from "../../host/operations/operation.ts";
import { f, type Plain } from "../fields.ts";
import { accountText, checkMode, checkPath, modeText, tellInputs, workOf } from "../hosts.ts";
import { type Context, defineResource } from "../resource.ts";

const usual = { mode: "0755", owner: "root", group: "root" } as const;

const inputs = {
  path: f.string({
    doc: "The absolute path. Folders above it are made where they are missing.",
    required: true,
    check: checkPath,
  }),
  mode: f.string({
    doc: "As in chmod, in octal digits.",
    default: usual.mode,
    onChange: "update",
    check: checkMode,
  }),
  owner: f.string({ doc: "A user's name or number.", default: usual.owner, onChange: "update" }),
  group: f.string({ doc: "A group's name or number.", default: usual.group, onChange: "update" }),
} as const;
type DirectoryInputs = Plain<typeof inputs>;

function specOf(values: DirectoryInputs): DirectorySpec {
  return {
    path: values.path,
    mode: Number.parseInt(values.mode ?? usual.mode, 8),
    owner: values.owner ?? usual.owner,
    group: values.group ?? usual.group,
  };
}

async function ensure(context: Context, values: DirectoryInputs): Promise<void> {
  const differences = await ensureDirectory(workOf(context), specOf(values));
  context.log.done(differences.length === 0 ? "as declared" : describeDifferences(differences));
}

export const directory = defineResource({
  name: "Directory",
  doc: "A folder on a host: its mode and owners. Deleting the resource removes a folder that was made here, where it is empty by then; one that was there before gets its former mode and owners.",
  inputs,
  outputs: {},
  async create(context, values) {
    await ensure(context, values);
    return { id: values.path, outputs: {} };
  },
  async read(context, id, known) {
    const seen = await observeDirectory(workOf(context), id);
    if (seen.kind !== "folder") return undefined;
    const declared = known?.inputs;
    const live = {
      mode: modeText(declared?.mode, usual.mode, seen.mode),
      owner: accountText(declared?.owner, usual.owner, seen.owner, seen.ownerId),
      group: accountText(declared?.group, usual.group, seen.group, seen.groupId),
    };
    const told = tellInputs<DirectoryInputs>(declared, live, usual);
    return { id, inputs: { ...told, path: id }, outputs: {} };
  },
  async update(context, _id, _old, values) {
    await ensure(context, values);
    return {};
  },
  async delete(context, id) {
    const undone = await undoDirectory(workOf(context, "finishing"), id);
    if (undone === "kept") context.log.info(`kept the folder ${id}: it is not empty, or not ours`);
  },
});
