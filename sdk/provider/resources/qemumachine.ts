// A virtual machine on the machine that runs the plugin. Create makes it and starts it; that it can be
// worked on is the business of whoever connects (its keys are outputs). It outlives the plugin, and is
// shut down and taken away with its disk when the resource is deleted. An image, user or key that
// changes makes a new machine: what a first boot did cannot be done again.

import { isDeepStrictEqual } from "node:util";
import { leftAt } from "../diff.ts";
import { type Context, defineResource } from "../resource.ts";
import { qemuMachineInputs, qemuMachineOutputs } from "../vm/fields.ts";
import {
  checkMachine,
  observedInputs,
  outputsOf,
  type QemuInputs,
  type QemuOutputs,
  specOf,
} from "../vm/spec.ts";

/** What a machine that was started again may take to answer. */
const returnTimeoutMs = 10 * 60_000;

const optionsOf = ({ signal, log }: Context) => ({ signal, progress: log.progress });

async function ensure(context: Context, inputs: QemuInputs) {
  const { ensureVm } = await import("../../host/vm/vm.ts");
  const spec = specOf(context, inputs);
  const vm = await ensureVm(spec, optionsOf(context));
  const outputs = outputsOf(vm, spec);
  context.log.done(`runs by ${outputs.acceleration}, SSH on ${outputs.host}:${outputs.sshPort}`);
  return { id: spec.name, outputs };
}

/** Until a machine that was started again can be worked on: what lies on it comes next. */
async function waitForReturn({ signal, log, timeoutMs }: Context, outputs: QemuOutputs) {
  const { waitForHost } = await import("../../ssh/wait.ts");
  const { host, sshPort, loginUser, hostKey, privateKey } = outputs;
  const target = { host, port: sshPort, user: loginUser, hostKey, privateKey };
  await waitForHost(target, {
    timeoutMs: timeoutMs ?? returnTimeoutMs,
    signal,
    onProgress: log.progress,
    // What it was at the first boot was judged then.
    onCloudInitError: "continue",
  });
}

export const qemuMachine = defineResource({
  name: "QemuMachine",
  doc: "A virtual machine on the machine that runs the plugin, by qemu: made of a cloud image or of Debian packages, with a user, a key and a host key that are known before its first boot. It lives on between updates; deleting the resource shuts it down and takes it away with its disk.",
  inputs: qemuMachineInputs,
  outputs: qemuMachineOutputs,
  naming: "urn",
  check: checkMachine,
  preview: (inputs, old) => {
    if (!old) return { loginUser: inputs.user ?? "admin", running: true };
    const { forwards, sshPort, host, acceleration, ...certain } = old.outputs;
    const moved = !isDeepStrictEqual(inputs.ports, old.inputs.ports);
    return { ...certain, running: true, ...(moved ? {} : { forwards, sshPort, host }) };
  },
  drift: (outputs) => (outputs.running ? [] : leftAt("running")),
  // Its name, and with it its folder, stays.
  deleteBeforeReplace: (olds, news) => olds.name === news.name,

  create: ensure,

  async read(context, id, known) {
    // Who made it is in its record, and what it was made from is not.
    if (!known) return undefined;
    const { readVm } = await import("../../host/vm/vm.ts");
    const vm = await readVm(id, context.urn);
    if (!vm) return undefined;
    const spec = specOf(context, known.inputs);
    return { id, inputs: observedInputs(vm, known.inputs, spec), outputs: outputsOf(vm, spec) };
  },

  async update(context, _id, _old, inputs) {
    const { readVm } = await import("../../host/vm/vm.ts");
    const spec = specOf(context, inputs);
    const before = await readVm(spec.name, context.urn);
    const { outputs } = await ensure(context, inputs);
    const after = await readVm(spec.name, context.urn);
    if (before?.running?.pid !== after?.running?.pid) await waitForReturn(context, outputs);
    return outputs;
  },

  async delete(context, id) {
    const { removeVm } = await import("../../host/vm/vm.ts");
    await removeVm(id, context.urn, optionsOf(context));
  },
});
