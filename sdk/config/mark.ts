// What the command `dockwright config` knows settings by, also those of another copy of the package. It is
// apart from them, so that the command need not load what they need.
import type { Fields } from "./fields.ts";
import type { Settings } from "./settings.ts";

/** The mark of settings. */
export const settingsMark: unique symbol = Symbol.for("dockwright.config.Settings");

/** Whether a value is the settings of a program. */
export function isSettings(value: unknown): value is Settings<Fields> {
  return typeof value === "object" && value !== null && settingsMark in value;
}
