// A kernel parameter of a host: its value now, and after the next start.

import {
  ensureSysctl,
  normalValue,
  observeSysctl,
  sysctlFile,
  undoSysctl,
} from "../../host/operations/sysctl.ts";
import { leftAt } from "../diff.ts";
import { f, type Plain } from "../fields.ts";
import { workOf } from "../hosts.ts";
import { type Context, defineResource } from "../resource.ts";

const inputs = {
  name: f.string({
    doc: "The parameter, as sysctl writes it: `net.ipv4.ip_forward`.",
    required: true,
    check: (value) =>
      /^[A-Za-z0-9_][\w./-]*$/.test(value) && !value.includes("..")
        ? undefined
        : "write a name such as net.ipv4.ip_forward",
  }),
  value: f.string({
    doc: "Its value; several numbers apart by spaces.",
    required: true,
    onChange: "update",
    check: (value) => (/^[^\n]+$/.test(value) ? undefined : "write one line"),
  }),
} as const;
type SysctlInputs = Plain<typeof inputs>;

async function ensure(context: Context, values: SysctlInputs) {
  await ensureSysctl(workOf(context), values);
  return { kept: normalValue(values.value) };
}

export const sysctl = defineResource({
  name: "Sysctl",
  doc: "A kernel parameter of a host: set now, and by a file in /etc/sysctl.d at each start. Deleting the resource puts the former value back.",
  inputs,
  outputs: {
    kept: f.string({ doc: "The value that the machine will start with.", required: true }),
  },
  preview: (values) => ({ kept: normalValue(values.value) }),
  // The file is not declared by a field of its own: that it was changed shows at the output.
  drift: (outputs, values) => (outputs.kept === normalValue(values.value) ? [] : leftAt("kept")),
  async create(context, values) {
    return { id: values.name, outputs: await ensure(context, values) };
  },
  async read(context, id, known) {
    const seen = await observeSysctl(workOf(context), id);
    if (seen.value === undefined) return undefined;
    const declared = known?.inputs.value;
    const same = declared !== undefined && normalValue(declared) === seen.value;
    return {
      id,
      inputs: { name: id, value: same ? declared : seen.value },
      outputs: { kept: seen.kept ?? `nothing in ${sysctlFile(id)}` },
    };
  },
  update: (context, _id, _old, values) => ensure(context, values),
  async delete(context, id) {
    await undoSysctl(workOf(context, "finishing"), id);
  },
});
