// Gives a resource its physical name in Check. The name stays what it was while nothing else changes,
// and is otherwise made from owner and inputs (see names.ts), so that equal inputs find each other.
// Inputs that are changed in place have no part in it: the object keeps its name through them.

import { type Change, judgedChanges, unlessDefault } from "./diff.ts";
import { type Fields, OnChange } from "./fields.ts";
import type { KeptObjects } from "./kept.ts";
import { type Identity, readableName, specHash } from "./names.ts";
import type { AnyResource } from "./resource.ts";
import { hasUnknown, unknown, type Value, type ValueMap } from "./values.ts";
import type { Properties } from "./wire.ts";

/** The inputs that an object is replaced for, without its name, and as if no default were spelt out. */
function identifying(fields: Fields, values: ValueMap): ValueMap {
  const kept = Object.entries(values).filter(([name, value]) => {
    const field = fields[name];
    const onChange = field?.options.onChange ?? OnChange.Replace;
    const told = field ? unlessDefault(field, value) : value;
    return name !== "name" && told !== undefined && onChange === OnChange.Replace;
  });
  return Object.fromEntries(kept);
}

/** The inputs with `name` filled in, unless the program gave one or the resource has none. */
export function nameInputs(
  resource: Pick<AnyResource, "naming" | "inputs" | "judge">,
  identity: Identity,
  olds: Properties,
  news: Properties,
  kept: KeptObjects,
): Properties {
  const given = news.values["name"];
  if (resource.naming === undefined || (given !== undefined && given !== null)) return news;
  const name = chooseName(resource, identity, olds.values, news, kept);
  return { values: { ...news.values, name }, secrets: news.secrets };
}

function chooseName(
  resource: Pick<AnyResource, "naming" | "inputs" | "judge">,
  identity: Identity,
  olds: ValueMap,
  news: Properties,
  kept: KeptObjects,
): Value {
  const { naming, inputs: fields } = resource;
  const inputs = identifying(fields, news.values);
  const oldName = olds["name"];
  if (typeof oldName === "string") kept.remember(identity.urn, oldName);
  const changes = judgedChanges(resource, olds, news.values);
  const stays =
    naming === "urn" || !changes.some(({ property, replace }) => replace && property !== "name");
  if (typeof oldName === "string" && stays) return oldName;
  if (naming === "urn") return physicalName(identity, { values: {}, secrets: new Set() });
  if (hasUnknown(inputs)) return unknown;
  const name = physicalName(identity, { values: inputs, secrets: news.secrets });
  if (name !== kept.formerName(identity.urn)) return name;
  // The very object that is to be replaced has that name: it has left its declaration, or the engine
  // replaces it for a reason of its own. Made from the former name, so that a run that is tried again
  // comes to the same one. (`--replace` and `taint` show no old inputs: they look like a first create.)
  const values = { ...inputs, replaces: name };
  return physicalName(identity, { values, secrets: news.secrets });
}

function physicalName(identity: Identity, inputs: Properties): string {
  return `${readableName(identity.logicalName)}-${specHash(identity.urn, inputs)}`;
}

/** A name follows from the rest: it is named as a change only where it is the only one. */
export function withoutName(changes: readonly Change[]): readonly Change[] {
  const rest = changes.filter((change) => change.property !== "name");
  return rest.some((change) => change.replace) ? rest : changes;
}
