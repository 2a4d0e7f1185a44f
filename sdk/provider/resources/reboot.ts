// A host's reboot: once when the resource is made, and again when its triggers change.

import { createHash } from "node:crypto";
import { ensureReboot, forgetReboot, type RebootSpec } from "../../host/operations/reboot.ts";
import { element, f, type Plain } from "../fields.ts";
import { workOf } from "../hosts.ts";
import { type Context, defineResource } from "../resource.ts";

const defaultTimeoutMs = 10 * 60_000;

const inputs = {
  triggers: f.list(f.string(element), {
    doc: "Values that make it reboot again when they change.",
    default: "none",
    onChange: "update",
  }),
  onlyIfRequired: f.boolean({
    doc: "Whether it reboots only where the system asks for it (/run/reboot-required).",
    default: "false",
    onChange: "ignore",
  }),
  timeoutMs: f.integer({
    doc: "How long its return is waited for.",
    default: String(defaultTimeoutMs),
    onChange: "ignore",
    check: (value) => (value > 0 ? undefined : "write a number of milliseconds above 0"),
  }),
} as const;
type RebootInputs = Plain<typeof inputs>;

function specOf(context: Context, values: RebootInputs): RebootSpec {
  const wish = JSON.stringify([context.urn, values.triggers ?? []]);
  return {
    key: createHash("sha256").update(wish).digest("hex").slice(0, 32),
    onlyIfRequired: values.onlyIfRequired ?? false,
    timeoutMs: values.timeoutMs ?? defaultTimeoutMs,
  };
}

async function run(context: Context, values: RebootInputs) {
  const result = await ensureReboot(workOf(context), specOf(context, values));
  context.log.done(result.rebooted ? "it is back" : "not needed");
  return result;
}

export const reboot = defineResource({
  name: "Reboot",
  doc: "Reboots a host once, and again when its triggers change; waits until it is back, by its boot id. A machine that cannot reboot (a container, namespaces) is refused. Deleting the resource does nothing to the host.",
  inputs,
  outputs: {
    bootId: f.string({ doc: "The kernel's boot id afterwards.", required: true }),
    rebooted: f.boolean({ doc: "Whether a reboot was needed.", required: true }),
  },
  async create(context, values) {
    return { id: context.logicalName, outputs: await run(context, values) };
  },
  read: (_context, id, known) =>
    Promise.resolve(known && { id, inputs: known.inputs, outputs: known.outputs }),
  async update(context, _id, old, values) {
    const outputs = await run(context, values);
    const before = specOf(context, old.inputs);
    if (before.key !== specOf(context, values).key) {
      await forgetReboot(workOf(context, "finishing"), before.key);
    }
    return outputs;
  },
  async delete(context, _id, old) {
    await forgetReboot(workOf(context, "finishing"), specOf(context, old.inputs).key);
  },
});
