// Which command line and environment run a Node program under Pulumi: pure, from plain values.
// The flags come before the entry, because the run script stops reading flags at the first word
// that is none. `--require=FILE` is one word on purpose: the run script looks for the separate word
// `--require` to decide that the user brought a loader, and then gives up its own ESM mode.
import { parseArgsStringToArgv } from "string-argv";

/** Options under `runtime.options` in Pulumi.yaml that this host knows. */
export interface RuntimeOptions {
  readonly typescript: boolean;
  readonly nodeargs: readonly string[];
  readonly tsconfig: string | undefined;
}

/** What the engine asks to run. */
export interface ProgramRun {
  readonly monitor: string;
  readonly engine: string;
  readonly organization: string;
  readonly project: string;
  readonly stack: string;
  readonly rootDirectory: string;
  readonly programDirectory: string;
  readonly entryPoint: string;
  readonly args: readonly string[];
  readonly dryRun: boolean;
  readonly parallel: number;
  readonly config: Readonly<Record<string, string>>;
  readonly secretKeys: readonly string[];
}

/** Reads `runtime.options`; what is missing or of another type gets Pulumi's own default. */
export function runtimeOptions(options: Readonly<Record<string, unknown>>): RuntimeOptions {
  const { typescript, nodeargs, tsconfig } = options;
  return {
    typescript: typescript !== false && typescript !== "false",
    nodeargs: typeof nodeargs === "string" ? parseArgsStringToArgv(nodeargs) : [],
    tsconfig: typeof tsconfig === "string" && tsconfig !== "" ? tsconfig : undefined,
  };
}

/**
 * What a program of Pulumi's makes lives until its end, and a young generation of the usual 16 MiB
 * only copies it about. At 2 MiB a program is some 50 MB smaller; at 1 MiB, or with
 * `--optimize-for-size`, collections cost half a second of CPU more. The project's own `nodeargs`
 * come after this.
 */
const smallHeap = ["--max-semi-space-size=2"];

/** The arguments of `node` that run the program. */
export function programArguments(
  run: ProgramRun,
  options: RuntimeOptions,
  files: { readonly runScript: string; readonly preload: string },
): readonly string[] {
  const flags: readonly (readonly [string, string])[] = [
    ["--monitor", run.monitor],
    ["--engine", run.engine],
    ["--organization", run.organization],
    ["--project", run.project],
    ["--root-directory", run.rootDirectory],
    ["--stack", run.stack],
    ["--pwd", run.programDirectory],
    ["--parallel", run.parallel > 0 ? `${run.parallel}` : ""],
  ];
  return [
    `--require=${files.preload}`,
    ...smallHeap,
    ...options.nodeargs,
    files.runScript,
    ...flags.filter(([, value]) => value !== "").flat(),
    ...(run.dryRun ? ["--dry-run"] : []),
    run.entryPoint === "" ? "." : run.entryPoint,
    ...run.args,
  ];
}

/** The environment of the program: the host's own, with configuration and loader switches. */
export function programEnvironment(
  run: ProgramRun,
  options: RuntimeOptions,
  inherited: NodeJS.ProcessEnv,
): NodeJS.ProcessEnv {
  return {
    ...inherited,
    PULUMI_CONFIG: JSON.stringify(run.config),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(run.secretKeys),
    ...(options.typescript ? { PULUMI_NODEJS_TYPESCRIPT: "true" } : {}),
    ...(options.tsconfig === undefined ? {} : { PULUMI_NODEJS_TSCONFIG_PATH: options.tsconfig }),
  };
}
