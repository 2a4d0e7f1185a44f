// A supervised process of a host: a systemd unit, or a runit service where there is no systemd.

import { ensureUnit, observeUnit, undoUnit } from "../../host/operations/unit.ts";
import type { UnitSpec } from "../../host/operations/unit-files.ts";
import { element, f, type Plain } from "../fields.ts";
import { checkAccount, tellInputs, workOf } from "../hosts.ts";
import { type Context, defineResource } from "../resource.ts";

const update = { onChange: "update" } as const;

const inputs = {
  name: f.string({
    doc: "The unit's name; without a kind it is a service.",
    required: true,
    check: (value) =>
      /^[A-Za-z0-9][\w.@-]*$/.test(value) ? undefined : "write a name such as shop or shop.timer",
  }),
  content: f.string({
    doc: "A whole systemd unit. For hosts without systemd give `command`.",
    default: "made from command; without that, a unit that is there already",
    ...update,
  }),
  command: f.string({
    doc: "A shell command line that stays in the foreground. It is started again when it ends.",
    default: "none",
    ...update,
  }),
  user: f.string({
    doc: "The user that `command` runs as.",
    default: "root",
    check: checkAccount,
    ...update,
  }),
  environment: f.map(f.string(element), {
    doc: "The environment of `command`, by name. In a file that only root can read.",
    default: "none",
    secret: true,
    ...update,
  }),
  enabled: f.boolean({
    doc: "Whether it starts with the machine.",
    default: "true",
    ...update,
  }),
  running: f.boolean({ doc: "Whether it runs.", default: "true", ...update }),
  onChange: f.choice(["restart", "reload"], {
    doc: "What a running one is told when its files or triggers change.",
    default: "restart",
    onChange: "ignore",
  }),
  triggers: f.list(f.string(element), {
    doc: "Values that restart or reload it when they change, such as a file's fingerprint.",
    default: "none",
    ...update,
  }),
} as const;
type UnitInputs = Plain<typeof inputs>;

function specOf({ triggers: _, ...values }: UnitInputs): UnitSpec {
  return {
    ...values,
    enabled: values.enabled ?? true,
    running: values.running ?? true,
    onChange: values.onChange ?? "restart",
  };
}

async function ensure(context: Context, values: UnitInputs, triggered: boolean) {
  const { steps } = await ensureUnit(workOf(context), specOf(values), triggered);
  context.log.done(steps.length === 0 ? "as declared" : steps.join(", "));
}

export const unit = defineResource({
  name: "Unit",
  doc: "A supervised process of a host: a systemd unit, or a runit service where there is no systemd. It is started, enabled, and restarted or reloaded when its files or triggers change; a process that does not stay up is an error with its last lines. Deleting the resource removes a unit that was made here, and puts back one that was there before.",
  inputs,
  outputs: {},
  check(values) {
    const without = (name: "user" | "environment") =>
      values[name] !== undefined && values.command === undefined
        ? [{ property: name, reason: "is for command, which is not given" }]
        : [];
    const both =
      values.content !== undefined && values.command !== undefined
        ? [{ property: "command", reason: "is given, and content is given; give one" }]
        : [];
    return [...both, ...without("user"), ...without("environment")];
  },
  // The two would claim the same ports and files.
  deleteBeforeReplace: () => true,
  async create(context, values) {
    await ensure(context, values, false);
    return { id: values.name, outputs: {} };
  },
  async read(context, id, known) {
    const seen = await observeUnit(workOf(context), id);
    const declared = known?.inputs;
    const made = declared?.command !== undefined || declared?.content !== undefined;
    if (!seen.exists || (made && seen.definition.command === undefined)) return undefined;
    const { content, command, user, environment } = seen.definition;
    // Fields that follow from others are told only where the declaration has the other.
    const ours =
      declared?.command === undefined
        ? { content }
        : { command, user, environment: environment ?? {} };
    const live = {
      ...ours,
      enabled: seen.enabled,
      running: seen.running,
      onChange: declared?.onChange,
      triggers: declared?.triggers,
    };
    const usual = {
      enabled: true,
      running: true,
      ...(declared?.command === undefined ? {} : { user: "root", environment: {} }),
    };
    const told = tellInputs<UnitInputs>(declared, live, usual);
    return { id, inputs: { ...told, name: id }, outputs: {} };
  },
  async update(context, _id, old, values) {
    const same = JSON.stringify(old.inputs.triggers) === JSON.stringify(values.triggers);
    await ensure(context, values, !same);
    return {};
  },
  async delete(context, id) {
    await undoUnit(workOf(context, "finishing"), id);
  },
});
