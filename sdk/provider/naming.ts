// Gives a resource its physical name in Check. The name stays what it was while nothing else changes,
// and is otherwise made from owner and inputs (see names.ts), so that equal inputs find each other.

import type { Change } from "./diff.ts";
import type { KeptObjects } from "./kept.ts";
import { type Identity, readableName, specHash } from "./names.ts";
import type { AnyResource } from "./resource.ts";
import { equalValues, hasUnknown, unknown, type Value, type ValueMap } from "./values.ts";
import type { Properties } from "./wire.ts";

function omitName(values: ValueMap): ValueMap {
  const { name: _, ...rest } = values;
  return rest;
}

/** The inputs with `name` filled in, unless the program gave one or the resource has none. */
export function nameInputs(
  resource: Pick<AnyResource, "naming">,
  identity: Identity,
  olds: Properties,
  news: Properties,
  kept: KeptObjects,
  randomSeed: Uint8Array,
): Properties {
  const given = news.values["name"];
  if (resource.naming === undefined || (given !== undefined && given !== null)) return news;
  const name = chooseName(resource.naming, identity, olds.values, news, kept, randomSeed);
  return { values: { ...omitName(news.values), name }, secrets: news.secrets };
}

function chooseName(
  naming: "inputs" | "urn",
  identity: Identity,
  olds: ValueMap,
  news: Properties,
  kept: KeptObjects,
  randomSeed: Uint8Array,
): Value {
  const inputs = omitName(news.values);
  const oldName = olds["name"];
  const stays = naming === "urn" || equalValues(omitName(olds), inputs);
  if (typeof oldName === "string" && stays) return oldName;
  if (naming === "urn") return physicalName(identity, { values: {}, secrets: new Set() });
  if (hasUnknown(inputs)) return unknown;
  const name = physicalName(identity, { values: inputs, secrets: news.secrets });
  // Asked for anew although nothing changed (`--replace`, `taint`): the name of the object that is
  // to be replaced would only find that object again.
  const asked = Object.keys(olds).length === 0 && kept.nameOf(identity.urn) === name;
  if (!asked) return name;
  kept.release(identity.urn);
  return `${name}-${Buffer.from(randomSeed).toString("hex").slice(0, 4)}`;
}

function physicalName(identity: Identity, inputs: Properties): string {
  return `${readableName(identity.logicalName)}-${specHash(identity.urn, inputs)}`;
}

/** A name follows from the rest: it is named as a change only where it is the only one. */
export function withoutName(changes: readonly Change[]): readonly Change[] {
  const rest = changes.filter((change) => change.property !== "name");
  return rest.some((change) => change.replace) ? rest : changes;
}
