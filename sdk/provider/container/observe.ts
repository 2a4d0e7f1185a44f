// A real container in the words of its declaration. Fields that were not declared are told only when
// there is no declaration to go by (an import): what the daemon fills in by itself is no drift.

import type { ContainerInspect, ImageInspect } from "../../docker/types.ts";
import type { ContainerInputs } from "../resources/container.ts";
import { equalValues, isMap, type Value, type ValueMap } from "../values.ts";
import type { Options } from "./option.ts";
import { containerOptions } from "./options.ts";

/** The inputs that the container shows, in the form in which they were declared. */
export function observeInputs(
  container: ContainerInspect,
  image: ImageInspect | undefined,
  declared: ContainerInputs | undefined,
): ContainerInputs {
  const known = declared as ValueMap | undefined;
  const inputs: Record<string, Value> = {};
  const rows: Options = containerOptions;
  for (const [name, row] of Object.entries(rows)) {
    const before = known?.[name];
    if (known && (before === undefined || before === null)) continue;
    const live = row.read ? (row.read(container, image, before) as Value | undefined) : before;
    const value = before !== undefined && equalValues(fill(before), fill(live)) ? before : live;
    if (value !== undefined) inputs[name] = value;
    // A value that the image gives by itself reads as nothing: declared, it is still as declared.
    else if (before !== undefined && givenByImage(name, before, container)) inputs[name] = before;
  }
  return inputs as unknown as ContainerInputs;
}

/** An empty list or map and nothing at all are the same to the Engine. */
function fill(value: Value | undefined): Value | undefined {
  if (Array.isArray(value) && value.length === 0) return undefined;
  if (isMap(value) && Object.keys(value).length === 0) return undefined;
  return value === false ? undefined : value;
}

function givenByImage(name: string, before: Value, container: ContainerInspect): boolean {
  const { Config } = container;
  const live: { [name: string]: Value | undefined } = {
    command: (Config.Cmd ?? undefined) as Value | undefined,
    entrypoint: (Config.Entrypoint ?? undefined) as Value | undefined,
    workingDir: Config.WorkingDir,
    user: Config.User,
    stopSignal: Config.StopSignal,
    hostname: Config.Hostname,
  };
  return (
    equalValues(fill(before), fill(live[name])) ||
    equalValues(before, live[name]) ||
    isNothing(before)
  );
}

function isNothing(value: Value): boolean {
  return fill(value) === undefined || value === "no";
}
