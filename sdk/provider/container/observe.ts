// A real container in the words of its declaration. Fields that were not declared are told only when
// there is no declaration to go by (an import): what the daemon fills in by itself is no drift.

import type { ContainerInspect, DaemonInfo } from "../../docker/types.ts";
import { equalValues, isMap, type Value, type ValueMap } from "../values.ts";
import type { ImageContent } from "./images.ts";
import type { Options } from "./option.ts";
import { type ContainerInputs, containerOptions } from "./options.ts";

/** The inputs that the container shows, in the form in which they were declared. */
export function observeInputs(
  container: ContainerInspect,
  image: ImageContent | undefined,
  declared: ContainerInputs | undefined,
  daemon?: DaemonInfo,
): ContainerInputs {
  const known = declared as ValueMap | undefined;
  const inputs: Record<string, Value> = {};
  const rows: Options = containerOptions;
  for (const [name, row] of Object.entries(rows)) {
    const before = known?.[name];
    if (known && (before === undefined || before === null)) continue;
    const live = row.read
      ? (row.read(container, image, before, known) as Value | undefined)
      : before;
    const value = before !== undefined && equalValues(fill(before), fill(live)) ? before : live;
    if (value !== undefined) inputs[name] = value;
    // A value that the image gives by itself reads as nothing: declared, it is still as declared.
    else if (before !== undefined && givenByImage(name, before, container)) inputs[name] = before;
  }
  return (daemon ? beyondDaemon(inputs, daemon) : inputs) as unknown as ContainerInputs;
}

/** Without what the daemon gives to every container: an import is not to tell it. */
function beyondDaemon(inputs: ValueMap, daemon: DaemonInfo): ValueMap {
  const given: ValueMap = {
    runtime: daemon.DefaultRuntime ?? "runc",
    logging: { driver: daemon.LoggingDriver ?? "json-file" },
    cgroupnsMode: daemon.CgroupVersion === "2" ? "private" : "host",
  };
  const own = Object.entries(inputs).filter(([name, value]) => !equalValues(value, given[name]));
  return Object.fromEntries(own);
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
