// The functions of the plugin, a line each.

import { ErrorCode, SdkError } from "../../errors.ts";
import type { AnyFunction } from "../function.ts";
import { tokenOf } from "../registry.ts";
import {
  exportContainer,
  getContainer,
  getEvents,
  getLogs,
  getStats,
  getTop,
  inspectContainer,
} from "./container.ts";
import { getImage, getImageHistory, getNetwork, getVolume, saveImage } from "./objects.ts";

export const functions: readonly AnyFunction[] = [
  exportContainer,
  getContainer,
  getEvents,
  getImage,
  getImageHistory,
  getLogs,
  getNetwork,
  getStats,
  getTop,
  getVolume,
  inspectContainer,
  saveImage,
];

/** The function of a token. */
export function findFunction(token: string): AnyFunction {
  const found = functions.find(({ name }) => tokenOf(name) === token);
  if (found) return found;
  const known = functions.map(({ name }) => tokenOf(name)).join(", ");
  throw new SdkError(ErrorCode.BadInput, `${token} is not a function of dockwright`, {
    fix: `use one of ${known}, or update the plugin: npx dockwright setup`,
  });
}
