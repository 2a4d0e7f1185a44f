// Finding, getting and driving the Pulumi CLI.
export { type EnsureOptions, ensureEngine } from "./ensure.ts";
export {
  type BackendChoice,
  chooseBackend,
  choosePassphrase,
  type EnvironmentOptions,
  engineEnvironment,
  type PassphraseChoice,
  projectStateDirectory,
} from "./environment.ts";
export {
  type EngineEvents,
  nameOfUrn,
  type PolicyFinding,
  parseEvents,
  type ResourceStep,
  withEvents,
} from "./events.ts";
export { type Engine, type FindOptions, findEngine } from "./find.ts";
export { engineVersion, minimumEngineVersion } from "./locate.mjs";
export { type ProjectManifest, readManifest } from "./manifest.ts";
export {
  type ExportedResource,
  Project,
  type ProjectOptions,
  type ProjectRunOptions,
  type StackExport,
  type UpdateRecord,
  type UpOptions,
} from "./project.ts";
export {
  type Finding,
  lockedBy,
  type RecoverOptions,
  type RecoverReport,
  recover,
} from "./recover.ts";
export { type PulumiResult, type RunOptions, runPulumi } from "./run.ts";
