// A group of a host's users. One that was made here goes with the resource.

import { ensureGroup, observeGroup, undoGroup } from "../../host/operations/accounts.ts";
import { f, type Plain } from "../fields.ts";
import { checkAccount, tellInputs, workOf } from "../hosts.ts";
import { defineResource } from "../resource.ts";

const inputs = {
  name: f.string({ doc: "The group's name.", required: true, check: checkAccount }),
  gid: f.integer({ doc: "Its number.", default: "a free one", onChange: "update" }),
  system: f.boolean({
    doc: "Whether its number is one of the system's.",
    default: "false",
    onChange: "ignore",
  }),
} as const;
type GroupInputs = Plain<typeof inputs>;

const specOf = ({ name, gid, system }: GroupInputs) => ({
  name,
  ...(gid === undefined ? {} : { gid }),
  ...(system === undefined ? {} : { system }),
});

export const group = defineResource({
  name: "Group",
  doc: "A group of a host's users. Deleting the resource removes a group that was made here.",
  inputs,
  outputs: { usedGid: f.integer({ doc: "The group's number.", required: true }) },
  preview: (values, old) => ({
    ...old?.outputs,
    ...(values.gid === undefined ? {} : { usedGid: values.gid }),
  }),
  // The two would claim one number.
  deleteBeforeReplace: () => true,
  async create(context, values) {
    await ensureGroup(workOf(context), specOf(values));
    const seen = await observeGroup(workOf(context), values.name);
    return { id: values.name, outputs: { usedGid: seen.gid } };
  },
  async read(context, id, known) {
    const seen = await observeGroup(workOf(context), id);
    if (!seen.exists) return undefined;
    const declared = known?.inputs;
    const live = { gid: seen.gid, system: declared?.system };
    const told = tellInputs<GroupInputs>(declared, live, {});
    return { id, inputs: { ...told, name: id }, outputs: { usedGid: seen.gid } };
  },
  async update(context, _id, _old, values) {
    await ensureGroup(workOf(context), specOf(values));
    const seen = await observeGroup(workOf(context), values.name);
    return { usedGid: seen.gid };
  },
  async delete(context, id) {
    await undoGroup(workOf(context, "finishing"), id);
  },
});
