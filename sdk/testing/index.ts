/**
 * What `import ... from "dockwright/testing"` gives: the means to test a program without a cloud.
 *
 * @module dockwright/testing
 */

export { Project, type StackExport } from "../engine/project.ts";
export type { PulumiResult } from "../engine/run.ts";
export type {
  EchoCall,
  EchoFailure,
  EchoOperation,
  EchoPlan,
  EchoResource,
} from "./echo/plan.ts";
export { type Echo, type EchoOptions, makeEcho } from "./echo.ts";
export {
  isolatedEnvironment,
  type TemporaryProject,
  type TemporaryProjectOptions,
  temporaryProject,
} from "./project.ts";
export { named, ofType, type Registered, register } from "./recorder.ts";
