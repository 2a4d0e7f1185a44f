// A user of a host. Only what is declared is compared and changed; one that was made here goes with
// the resource, its home only when asked.

import {
  ensureUser,
  observeUser,
  type UserSpec,
  undoUser,
} from "../../host/operations/accounts.ts";
import { describeDifferences } from "../../host/operations/operation.ts";
import { element, f, type Plain } from "../fields.ts";
import { checkAccount, checkPath, listText, tellInputs, workOf } from "../hosts.ts";
import { type Context, defineResource } from "../resource.ts";
import type { ValueMap } from "../values.ts";

const update = { onChange: "update" } as const;
const oneLine = (value: string) =>
  /[\n:]/.test(value) ? "write one line without colons" : undefined;

const inputs = {
  name: f.string({ doc: "The user's name.", required: true, check: checkAccount }),
  uid: f.integer({ doc: "The user's number.", default: "a free one", ...update }),
  group: f.string({
    doc: "The primary group, by name. It must be there.",
    default: "one of the user's name",
    check: checkAccount,
    ...update,
  }),
  groups: f.list(f.string({ ...element, check: checkAccount }), {
    doc: "All further groups, by name: the user is taken out of others.",
    default: "left as they are",
    ...update,
  }),
  home: f.string({
    doc: "The home folder.",
    default: "the system's choice, /home/NAME",
    check: checkPath,
    ...update,
  }),
  shell: f.string({
    doc: "The login shell.",
    default: "/bin/bash; of a system user /usr/sbin/nologin",
    check: checkPath,
    ...update,
  }),
  comment: f.string({ doc: "The full name.", default: "none", check: oneLine, ...update }),
  authorizedKeys: f.list(f.string(element), {
    doc: "All public keys that open a session as the user, in the form of authorized_keys: others are removed.",
    default: "left as they are",
    ...update,
  }),
  system: f.boolean({
    doc: "Whether it is an account of the system: a low number, no home.",
    default: "false",
    onChange: "ignore",
  }),
  deleteHome: f.boolean({
    doc: "Whether deleting the resource deletes the home folder of a user that was made here.",
    default: "false",
    ...update,
  }),
} as const;
type UserInputs = Plain<typeof inputs>;

function specOf({ deleteHome: _, ...values }: UserInputs): UserSpec {
  return values;
}

async function ensure(context: Context, values: UserInputs) {
  const work = workOf(context);
  const differences = await ensureUser(work, specOf(values));
  context.log.done(differences.length === 0 ? "as declared" : describeDifferences(differences));
  const { uid, home } = await observeUser(work, values.name);
  return { usedUid: uid, usedHome: home };
}

export const user = defineResource({
  name: "User",
  doc: "A user of a host. Only what is declared is compared and changed. Deleting the resource removes a user that was made here; one that was there before stays, and gets its former authorized keys back.",
  inputs,
  outputs: {
    usedUid: f.integer({ doc: "The user's number.", required: true }),
    usedHome: f.string({ doc: "The user's home folder.", required: true }),
  },
  preview: (_values, old) => ({ ...old?.outputs }),
  // The two would claim one number, or one home.
  deleteBeforeReplace: () => true,
  async create(context, values) {
    return { id: values.name, outputs: await ensure(context, values) };
  },
  async read(context, id, known) {
    const seen = await observeUser(workOf(context), id);
    if (!seen.exists) return undefined;
    const declared = known?.inputs;
    const live = {
      uid: seen.uid,
      group: seen.group,
      groups: listText(declared?.groups, seen.groups),
      home: seen.home,
      shell: seen.shell,
      comment: seen.comment,
      authorizedKeys: listText(declared?.authorizedKeys, seen.authorizedKeys),
      system: declared?.system,
      deleteHome: declared?.deleteHome,
    };
    // For an import: what a program would have to say.
    const usual: ValueMap = declared ? {} : { groups: [], authorizedKeys: [], comment: "" };
    const told = tellInputs<UserInputs>(declared, live, usual);
    const outputs = { usedUid: seen.uid, usedHome: seen.home };
    return { id, inputs: { ...told, name: id }, outputs };
  },
  update: (context, _id, _old, values) => ensure(context, values),
  async delete(context, id, old) {
    await undoUser(workOf(context, "finishing"), id, old.inputs.deleteHome ?? false);
  },
});
