/**
 * What `import ... from "dockwright/config"` gives: configuration and links between stacks by schemas.
 *
 * @module dockwright/config
 */

export { z } from "zod";
export {
  type CheckedConfig,
  type ConfigEntries,
  type ConfigEntry,
  ConfigFault,
  type ConfigProblem,
} from "./check.ts";
export {
  type Field,
  type Fields,
  type SchemaOf,
  type SecretField,
  type SecretValue,
  secret,
} from "./fields.ts";
export { type StackLink, type StackName, stackLink } from "./link.ts";
export {
  defineOutputs,
  type OutputArg,
  type OutputArgs,
  type OutputsSchema,
  type OutputValues,
} from "./outputs.ts";
export {
  ConfigError,
  type ConfigOptions,
  type ConfigValues,
  defineConfig,
  type KeySchemas,
  type Settings,
} from "./settings.ts";
