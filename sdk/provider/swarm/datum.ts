// Secrets and configs of a swarm. They cannot be changed: another content is another object under
// another name, which services take before the former one goes.

import type { SwarmDataApi } from "../../docker/swarm-data.ts";
import type { SwarmDatum } from "../../docker/swarm-types.ts";
import { ErrorCode, SdkError } from "../../errors.ts";
import { element, f, type Plain } from "../fields.ts";
import { belonging, labelsOfOwner, mayDelete } from "../owner.ts";
import { type AnyResource, type Context, defineResource } from "../resource.ts";

/** What Swarm takes, in bytes. */
const limits = { secret: 500 * 1024, config: 1000 * 1024 } as const;

const checkLabels = (labels: { readonly [name: string]: string }) =>
  Object.keys(labels).some((name) => name.startsWith("dockwright."))
    ? 'has a name that begins with "dockwright."; such are this provider\'s own'
    : undefined;

function inputsOf(kind: keyof typeof limits) {
  return {
    name: f.string({
      doc: `The ${kind}'s name in the swarm.`,
      default: "the resource's name and a hash of its content",
    }),
    data: f.string({
      doc: `Its content, at most ${limits[kind] / 1024} KiB.`,
      required: true,
      secret: kind === "secret",
      check: (value) => {
        const size = Buffer.byteLength(value);
        return size > 0 && size <= limits[kind]
          ? undefined
          : `has ${size} bytes; Swarm takes 1 to ${limits[kind]}`;
      },
    }),
    labels: f.map(f.string(element), {
      doc: "Labels by name.",
      default: "none",
      check: checkLabels,
    }),
  } as const;
}
type Inputs = Plain<ReturnType<typeof inputsOf>>;

function refuseForeign(context: Context, kind: string, { Spec }: SwarmDatum): void {
  if (belonging(context, Spec.Labels) === "ours") return;
  throw new SdkError(
    ErrorCode.Foreign,
    `the ${kind} "${Spec.Name ?? ""}" exists and was not made by this resource`,
    { fix: "give this one another name, or remove that one" },
  );
}

function own(labels: SwarmDatum["Spec"]["Labels"]): Record<string, string> {
  const all = Object.entries(labels ?? {});
  return Object.fromEntries(all.filter(([name]) => !name.startsWith("dockwright.")));
}

function observed(kind: string, found: SwarmDatum, known: Inputs | undefined): Inputs {
  const { Name = "", Data, Labels } = found.Spec;
  const labels = own(Labels);
  const data = kind === "config" && Data ? Buffer.from(Data, "base64").toString() : known?.data;
  const named = known?.labels !== undefined || Object.keys(labels).length > 0;
  return { name: Name, data: data ?? "", ...(named ? { labels } : {}) };
}

/** The resource of one of the two kinds. */
export function datumResource(kind: "secret" | "config", doc: string): AnyResource {
  const inputs = inputsOf(kind);
  const api = ({ docker }: Pick<Context, "docker">): SwarmDataApi =>
    kind === "secret" ? docker.secrets : docker.configs;
  const outputs = {
    objectId: f.string({ doc: `The ${kind}'s id.`, required: true }),
    objectName: f.string({ doc: `The ${kind}'s name in the swarm.`, required: true }),
  } as const;
  return defineResource({
    name: kind === "secret" ? "SwarmSecret" : "SwarmConfig",
    doc,
    inputs,
    outputs,
    naming: "inputs",
    deleteBeforeReplace: (olds, news) => olds.name === news.name,
    preview: (values, old) => ({
      ...(values.name === undefined ? {} : { objectName: values.name }),
      ...(old && old.inputs.name === values.name ? { objectId: old.outputs.objectId } : {}),
    }),

    async create(context, values) {
      const { signal, logicalName } = context;
      const name = values.name ?? logicalName;
      const found = await api(context).inspect(name, { signal });
      if (found) refuseForeign(context, kind, found);
      const Labels = { ...values.labels, ...labelsOfOwner(context) };
      const body = { Name: name, Labels, Data: Buffer.from(values.data).toString("base64") };
      const id = found?.ID ?? (await api(context).create(body, { signal }));
      return { id, outputs: { objectId: id, objectName: name } };
    },

    async read(context, id, known) {
      const found = await api(context).inspect(id, { signal: context.signal });
      if (!found) return undefined;
      const name = found.Spec.Name ?? "";
      return {
        id: found.ID,
        inputs: observed(kind, found, known?.inputs),
        outputs: { objectId: found.ID, objectName: name },
      };
    },

    async delete(context, id) {
      const found = await api(context).inspect(id);
      if (found && mayDelete(context, found.Spec.Labels)) await api(context).remove(found.ID);
    },
  });
}
