// Finds the engine, or gets it: by the Automation API's installer where Pulumi's downloads answer,
// else from its Go module. Each step says what it does and why, before it does it.
import { ErrorCode, SdkError } from "../errors.ts";
import { type Engine, findEngine, placeLanguageHost } from "./find.ts";
import { buildEngine, buildReason, canBuildEngine, withLock } from "./gobuild.mjs";
import { installEngine } from "./installer.ts";
import { downloadsReachable, engineDirectory, engineVersion, listEngines } from "./locate.mjs";

export interface EnsureOptions {
  /** @defaultValue the environment of this process */
  readonly env?: NodeJS.ProcessEnv;
  /** Gets a line for each thing that is done, and for each bit of progress. */
  readonly log?: (line: string) => void;
  readonly signal?: AbortSignal;
}

async function noEngine(env: NodeJS.ProcessEnv, cause: unknown): Promise<SdkError> {
  const [old] = await listEngines(env);
  const seen =
    old === undefined
      ? "no pulumi is installed"
      : `${old.cli} is version ${old.version ?? "unknown"}, which is too old`;
  return new SdkError(
    ErrorCode.Missing,
    `${seen}, its downloads do not answer, and there is no Go that can build it`,
    {
      fix: "install the Pulumi CLI, or Go (`apt-get install golang`, 1.25 or later, or 1.21 with GOTOOLCHAIN=auto), and run this again",
      cause,
    },
  );
}

async function install(env: NodeJS.ProcessEnv, options: EnsureOptions): Promise<void> {
  const log = options.log ?? (() => {});
  log(`installing the Pulumi CLI v${engineVersion}: there is none that will do`);
  const onWait = () => log("another process gets the engine, waiting");
  await withLock(`${engineDirectory(env)}.lock`, { signal: options.signal, onWait }, async () => {
    if ((await findEngine({ env })) === undefined) await installEngine(env, options.signal);
  });
}

/** Installs or builds; returns the reason when neither was possible. */
async function get(env: NodeJS.ProcessEnv, options: EnsureOptions): Promise<unknown> {
  let reason: unknown;
  if (await downloadsReachable()) {
    try {
      await install(env, options);
      return undefined;
    } catch (error) {
      options.signal?.throwIfAborted();
      reason = error;
      options.log?.(`the installer failed: ${error instanceof Error ? error.message : "unknown"}`);
    }
  }
  if (!(await canBuildEngine(env))) throw await noEngine(env, reason);
  options.log?.(buildReason);
  await buildEngine({
    env,
    ...(options.log ? { onProgress: options.log } : {}),
    signal: options.signal,
  });
  return reason;
}

/** A Pulumi CLI that will do, with its language host in place; gets it where there is none. */
export async function ensureEngine(options: EnsureOptions = {}): Promise<Engine> {
  const env = options.env ?? process.env;
  const found = await findEngine({ env });
  if (found !== undefined) {
    await placeLanguageHost(found);
    return found;
  }
  const reason = await get(env, options);
  const made = await findEngine({ env });
  if (made === undefined) throw await noEngine(env, reason);
  await placeLanguageHost(made);
  return made;
}
