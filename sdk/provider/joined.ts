// A resource's properties as the state has them: what was declared, and what only the real object tells.

import type { Fields } from "./fields.ts";
import type { AnyResource } from "./resource.ts";
import { withSecrets } from "./secret-places.ts";
import type { Value, ValueMap } from "./values.ts";
import type { Properties } from "./wire.ts";

/** A value for each field that has one. */
export function mapFields(
  fields: Fields,
  value: (field: Fields[string], name: string) => Value | undefined,
): ValueMap {
  const entries = Object.entries(fields).map(
    ([name, field]) => [name, value(field, name)] as const,
  );
  return Object.fromEntries(
    entries.filter((entry): entry is [string, Value] => entry[1] !== undefined),
  );
}

/** A resource's outputs: its inputs, and what only the real object could tell. */
export function joinOutputs(
  resource: AnyResource,
  inputs: Properties,
  outputs: ValueMap,
): Properties {
  // What a resource gives back may be a whole earlier record: of that, only its outputs count here.
  const told = mapFields(resource.outputs, (_field, name) => outputs[name]);
  const values = { ...inputs.values, ...told };
  const fields = { ...resource.inputs, ...resource.outputs };
  return withSecrets(fields, { values, secrets: inputs.secrets });
}
