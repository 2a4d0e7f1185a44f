// A package of a host, by apt. What was not there before goes with the resource, unless something else
// needs it by then.

import { describeDifferences } from "../../host/operations/operation.ts";
import { ensurePackage, observePackage, undoPackage } from "../../host/operations/package.ts";
import { f, type Plain } from "../fields.ts";
import { tellInputs, workOf } from "../hosts.ts";
import { type Context, defineResource } from "../resource.ts";

const update = { onChange: "update" } as const;

const inputs = {
  name: f.string({
    doc: "The package's name.",
    required: true,
    check: (value) =>
      /^[a-z0-9][a-z0-9+.-]+(:[a-z0-9]+)?$/.test(value)
        ? undefined
        : "write a package's name, such as haproxy",
  }),
  version: f.string({
    doc: "Exactly this version, as `apt-cache madison` writes it. An older one is installed too.",
    default: "the newest when it is installed, and any from then on",
    check: (value) =>
      /^[A-Za-z0-9][\w.+:~-]*$/.test(value) ? undefined : "write a version, such as 2.6.12-1",
    ...update,
  }),
  hold: f.boolean({
    doc: "Whether upgrades of the system leave it at its version.",
    default: "left as it is",
    ...update,
  }),
  recommends: f.boolean({
    doc: "Whether what it recommends is installed with it.",
    default: "false",
    onChange: "ignore",
  }),
} as const;
type PackageInputs = Plain<typeof inputs>;

async function ensure(context: Context, values: PackageInputs) {
  const { differences, version } = await ensurePackage(workOf(context), values);
  context.log.done(
    differences.length === 0 ? `${version} is there` : describeDifferences(differences),
  );
  return { installedVersion: version };
}

export const package_ = defineResource({
  name: "Package",
  doc: "A package of a host of the Debian family, installed by apt. Deleting the resource removes a package that was installed here, with what came along and nothing needs any more; one that something else needs by then is kept, and said to be.",
  inputs,
  outputs: {
    installedVersion: f.string({ doc: "The version that is installed.", required: true }),
  },
  preview: (values, old) => ({
    ...old?.outputs,
    ...(values.version === undefined ? {} : { installedVersion: values.version }),
  }),
  async create(context, values) {
    return { id: values.name, outputs: await ensure(context, values) };
  },
  async read(context, id, known) {
    const seen = await observePackage(workOf(context), id);
    if (!seen.installed) return undefined;
    const declared = known?.inputs;
    const live = { version: seen.version, hold: seen.held, recommends: declared?.recommends };
    // For an import: a package that is held is meant to be.
    const told = tellInputs<PackageInputs>(declared, live, declared ? {} : { hold: false });
    return {
      id,
      inputs: { ...told, name: id },
      outputs: { installedVersion: seen.version },
    };
  },
  update: (context, _id, _old, values) => ensure(context, values),
  async delete(context, id) {
    const { neededBy } = await undoPackage(workOf(context, "finishing"), id);
    if (neededBy !== undefined) {
      context.log.info(`kept the package ${id}: ${neededBy}, which is not ours, needs it`);
    }
  },
});
