// A provider of a host that is lost: it contacts nothing. What is recorded stays as it is, what goes is
// forgotten, and what would have to be made or asked there is refused.

import { ErrorCode, SdkError } from "../errors.ts";
import type { AnyRecorded, AnyResource, ResourceLog } from "./resource.ts";
import type { ValueMap } from "./values.ts";

export function isLost(config: ValueMap): boolean {
  return config["lost"] === true;
}

/** The error of what cannot be done there. */
export function lostError(what: string): SdkError {
  return new SdkError(ErrorCode.Unreachable, `${what}: its host is marked as lost`, {
    fix: "take it out of the program, or drop `lost` once the host is back",
  });
}

/** What an update says of a resource that stays in the program: only what people must know. */
export function tellLost(resource: AnyResource, log: ResourceLog, recorded: AnyRecorded): void {
  const words = resource.whenLost?.(recorded).stays;
  if (words !== undefined) log.warn(words);
}

/** What an update says of a resource that goes. */
export function tellForgotten(
  resource: AnyResource,
  log: ResourceLog,
  id: string,
  recorded: AnyRecorded,
): void {
  const words = resource.whenLost?.(recorded).goes;
  if (words !== undefined) {
    log.warn(words);
    return;
  }
  const { name } = recorded.outputs;
  const called = typeof name === "string" ? name : id;
  log.info(`forgot ${called}: its host is lost, and nothing was done there`);
}
