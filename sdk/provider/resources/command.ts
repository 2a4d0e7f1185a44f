// A script that is run once on a host, and again when its script, environment or triggers change.

import {
  type CommandSpec,
  commandKey,
  ensureCommand,
  forgetCommand,
  observeGuards,
  undoCommand,
} from "../../host/operations/command.ts";
import { element, f, type Plain } from "../fields.ts";
import { checkPath, workOf } from "../hosts.ts";
import { type Context, defineResource } from "../resource.ts";

const update = { onChange: "update" } as const;
const defaultTimeoutMs = 30 * 60_000;
const checkNames = (values: { readonly [name: string]: string }) => {
  const wrong = Object.keys(values).find((name) => !/^[A-Za-z_]\w*$/.test(name));
  return wrong === undefined ? undefined : `${wrong} is no name of a variable`;
};

const inputs = {
  script: f.string({
    doc: "A POSIX shell script, run as root. `set -e` is not set by itself.",
    required: true,
    ...update,
  }),
  creates: f.string({
    doc: "A path that is there once the work is done: the command is not run where it is.",
    default: "none",
    check: checkPath,
    ...update,
  }),
  unless: f.string({
    doc: "A script that ends with 0 once the work is done.",
    default: "none",
    ...update,
  }),
  onlyIf: f.string({
    doc: "A script that must end with 0 for the command to be run.",
    default: "none",
    ...update,
  }),
  environment: f.map(f.string(element), {
    doc: "Variables of the script, by name. Removed from the host when it has ended.",
    default: "none",
    secret: true,
    check: checkNames,
    ...update,
  }),
  triggers: f.list(f.string(element), {
    doc: "Values that make it run again when they change.",
    default: "none",
    ...update,
  }),
  timeoutMs: f.integer({
    doc: "How long it may run; then it is ended with all that it started.",
    default: String(defaultTimeoutMs),
    onChange: "ignore",
    check: (value) => (value > 0 ? undefined : "write a number of milliseconds above 0"),
  }),
  undo: f.string({
    doc: "A script that is run when the resource is deleted.",
    default: "none",
    onChange: "update",
  }),
} as const;
type CommandInputs = Plain<typeof inputs>;

function specOf(values: CommandInputs): CommandSpec {
  return { ...values, timeoutMs: values.timeoutMs ?? defaultTimeoutMs };
}

async function run(context: Context, values: CommandInputs) {
  const { skipped, stdout } = await ensureCommand(workOf(context), specOf(values));
  context.log.done(skipped === "" ? "ended with exit code 0" : `not run: ${skipped}`);
  return { stdout, skipped };
}

export const command = defineResource({
  name: "Command",
  doc: "A script that is run once on a host, and again when its script, environment or triggers change. A run goes on when the connection is lost, and is found by the next update. A refresh asks `creates` and `unless`: where the work is not there any more, the next update does it again.",
  inputs,
  outputs: {
    stdout: f.string({
      doc: "The last 64 KiB of its output, without values of the environment.",
      required: true,
    }),
    skipped: f.string({ doc: "Why it was not run; empty when it was.", required: true }),
  },
  async create(context, values) {
    const outputs = await run(context, values);
    return {
      id: `${context.logicalName}-${commandKey(context.urn, { ...specOf(values), environment: {} }).slice(4, 12)}`,
      outputs,
    };
  },
  async read(context, id, known) {
    // There is nothing on a host that would tell what was run.
    if (!known) return undefined;
    const { creates, unless } = known.inputs;
    if (creates !== undefined || unless !== undefined) {
      const guard = await observeGuards(workOf(context), {
        ...(creates === undefined ? {} : { creates }),
        ...(unless === undefined ? {} : { unless }),
      });
      if (guard === "needed" && known.outputs.skipped === "") return undefined;
    }
    return { id, inputs: known.inputs, outputs: known.outputs };
  },
  async update(context, _id, old, values) {
    const before = specOf(old.inputs);
    const now = specOf(values);
    // Guards, the undo script and limits change nothing by themselves.
    if (commandKey(context.urn, before) === commandKey(context.urn, now)) return old.outputs;
    const outputs = await run(context, values);
    await forgetCommand(workOf(context, "finishing"), before);
    return outputs;
  },
  async delete(context, _id, old) {
    const work = workOf(context, "finishing");
    const { undo } = old.inputs;
    if (undo !== undefined) await undoCommand(work, undo, specOf(old.inputs));
    await forgetCommand(work, specOf(old.inputs));
  },
});
